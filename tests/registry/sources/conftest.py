"""A project with a store, and a package index to fetch from."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from registry.progress import Silent
from registry.source import FetchContext
from tests.servers.package_index import PackageIndex


@pytest.fixture
def context(tmp_path: Path) -> FetchContext:
    project = tmp_path / "project"
    project.mkdir()
    return FetchContext(project, project / ".bench", offline=False, progress=Silent())


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch) -> Iterator[PackageIndex]:
    """A running index that the environment names; retries do not wait."""
    monkeypatch.setattr("registry.remote.download.PAUSES", (0.0, 0.0))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    with PackageIndex() as running:
        monkeypatch.setenv("PIP_INDEX_URL", running.url)
        yield running
