"""A project with a store, and programs that stand in for package managers where these fail."""

from collections.abc import Callable
from pathlib import Path

import pytest

from registry.errors import UserError
from registry.progress import Silent
from registry.source import FetchContext
from registry.sources.package import Package
from tests.origins import files


@pytest.fixture
def context(tmp_path: Path) -> FetchContext:
    return FetchContext(tmp_path, tmp_path / ".bench", offline=False, progress=Silent())


@pytest.fixture
def refused(context: FetchContext) -> Callable[..., str]:
    """Fetches a package in vain and gives what the user is told. Nothing of it is kept."""

    def told(package: Package, sha256: str | None = None) -> str:
        with pytest.raises(UserError) as caught:
            files(package, context, sha256)
        assert not [path for path in context.store.glob("*") if path.is_file()]
        assert not list((context.home / "staging").glob("*"))
        return str(caught.value)

    return told


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Puts a shell script in the place of a program; others are not there."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))

    def put(name: str, script: str) -> None:
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)

    return put
