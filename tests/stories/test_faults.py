"""What can go wrong outside: each gives one clear error, and nothing is lost or half-written."""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.servers.package_index import Hosted, PackageIndex
from tests.stories.conftest import CARD, Stage, reviews

PACKAGE_CARD = """name: packed
title: Reviews in a package
kind: general
languages: [en]
license: {spdx: CC0-1.0}
task: text-classification
sources:
  reviews:
    package: {registry: pypi, name: reviewpack, version: 1.0, artifact: sdist}
    PIN
    path: "*/reviews.csv"
"""


def _archive(folder: Path) -> bytes:
    inner = folder / "pack" / "reviewpack-1.0"
    inner.mkdir(parents=True)
    (inner / "reviews.csv").write_text(reviews(200), encoding="utf-8")
    return Path(shutil.make_archive(str(folder / "reviewpack-1.0"), "gztar", folder / "pack")).read_bytes()


@pytest.fixture
def packed(stage: Stage, tmp_path: Path) -> tuple[Stage, bytes]:
    stage.write("cards/datasets/general/packed.yaml", PACKAGE_CARD.replace("    PIN\n", ""))
    return stage, _archive(tmp_path)


def _one_error(told: str, *words: str) -> None:
    assert all(word in told for word in words), told
    assert len(told.strip().splitlines()) <= 6, told


def test_an_index_that_cannot_be_reached(packed: tuple[Stage, bytes]) -> None:
    stage, _ = packed
    told = stage.bench("build", "packed", code=2, PIP_INDEX_URL="http://127.0.0.1:9/simple").stderr
    _one_error(told, "reviewpack")
    assert not list(stage.home.glob("versions/*/*"))


def test_a_wrong_sha256(packed: tuple[Stage, bytes]) -> None:
    stage, data = packed
    stage.write("cards/datasets/general/packed.yaml", PACKAGE_CARD.replace("PIN", f"sha256: {'0' * 64}"))
    with PackageIndex() as index:
        index.add("reviewpack", "reviewpack-1.0.tar.gz", Hosted(data))
        told = stage.bench("build", "packed", code=1, PIP_INDEX_URL=index.url).stderr
    _one_error(told, "sha256", "0" * 12)
    assert not list(stage.home.glob("sources/[0-9a-f]*"))


def test_a_truncated_archive(packed: tuple[Stage, bytes]) -> None:
    stage, data = packed
    with PackageIndex() as index:
        index.add("reviewpack", "reviewpack-1.0.tar.gz", Hosted(data[: len(data) // 2]))
        told = stage.bench("build", "packed", code=2, PIP_INDEX_URL=index.url).stderr
    _one_error(told, "reviewpack")
    assert not list(stage.home.glob("versions/*/*"))


def test_a_package_builds_and_then_builds_offline(packed: tuple[Stage, bytes]) -> None:
    stage, data = packed
    with PackageIndex() as index:
        index.add("reviewpack", "reviewpack-1.0.tar.gz", Hosted(data))
        first = json.loads(stage.bench("build", "packed", "--json", PIP_INDEX_URL=index.url).stdout)
    again = json.loads(stage.bench("build", "packed", "--json", "--offline", PIP_INDEX_URL=index.url).stdout)
    assert [one["content_digest"] for one in first] == [one["content_digest"] for one in again]
    assert [one["fresh"] for one in (*first, *again)] == [True, False]


def test_a_lock_from_elsewhere_that_does_not_match(stage: Stage) -> None:
    stage.bench("build", "my-reviews")
    lock = json.loads((stage.root / "cards.lock").read_text())
    lock["cards"]["my-reviews"] |= {"content_digest": "f" * 64, "libraries": {"duckdb": "0.1", "polars": "0.1"}}
    (stage.root / "cards.lock").write_text(json.dumps(lock))
    told = stage.bench("build", "my-reviews", code=1).stderr
    _one_error(told, "ffffffffffff", "duckdb 0.1 ->")


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """A small file system of its own; tests that need one are skipped where it cannot be had."""
    places: list[Path] = []

    def mount(options: str) -> Path:
        place = tmp_path / f"mount-{len(places)}"
        place.mkdir()
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", place], capture_output=True, check=False)
        if done.returncode:
            pytest.skip("no file system can be mounted here")
        places.append(place)
        return place

    yield mount
    for place in places:
        subprocess.run(["umount", "-l", place], capture_output=True, check=False)


@pytest.mark.slow
@pytest.mark.parametrize("size", ["256k", "1200k", "2m"])
def test_a_full_disk(stage: Stage, mounted: Callable[[str], Path], size: str) -> None:
    stage.write("data/reviews.csv", reviews(30_000))
    stage.write("cards/datasets/task/my-reviews.yaml", CARD + "clean: [whitespace, dedupe_near]\n")
    place = mounted(f"size={size}")
    told = stage.bench("build", "my-reviews", code=2, BENCH_HOME=str(place)).stderr
    _one_error(told, "No space left on device", "BENCH_HOME")
    assert not list(place.glob("versions/*/*"))
    assert not list(place.glob("staging/*"))
    subprocess.run(["mount", "-o", "remount,size=64m", place], check=True)
    stage.bench("build", "my-reviews", BENCH_HOME=str(place))


@pytest.mark.slow
def test_a_disk_that_is_full_when_an_audit_is_to_be_kept(stage: Stage, mounted: Callable[[str], Path]) -> None:
    place = mounted("size=8m")
    stage.bench("build", "my-reviews", BENCH_HOME=str(place))
    subprocess.run(["dd", "if=/dev/zero", f"of={place}/full", "bs=4k"], capture_output=True, check=False)
    told = stage.bench("audit", "my-reviews", code=2, BENCH_HOME=str(place)).stderr
    _one_error(told, "No space left on device", "BENCH_HOME")
    (place / "full").unlink()
    stage.bench("audit", "my-reviews", BENCH_HOME=str(place))
    stage.bench("verify", BENCH_HOME=str(place))


@pytest.mark.slow
def test_a_store_that_cannot_be_written(stage: Stage, mounted: Callable[[str], Path]) -> None:
    place = mounted("ro")
    told = stage.bench("build", "my-reviews", code=2, BENCH_HOME=str(place)).stderr
    _one_error(told, "Read-only file system", "BENCH_HOME")
