"""A project with a store, and a package index to fetch from."""

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from registry.progress import Silent
from registry.source import FetchContext


def _servers() -> ModuleType:
    """By path, because tests are no package and must run from any folder."""
    path = Path(__file__).parents[2] / "servers" / "package_index.py"
    spec = importlib.util.spec_from_file_location("package_index", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules.setdefault(spec.name, module)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def context(tmp_path: Path) -> FetchContext:
    project = tmp_path / "project"
    project.mkdir()
    return FetchContext(project, project / ".bench", offline=False, progress=Silent())


@pytest.fixture
def servers() -> ModuleType:
    return _servers()


@pytest.fixture
def index(servers: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A running index that the environment names; retries do not wait."""
    monkeypatch.setattr("registry.download.PAUSES", (0.0, 0.0))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    with servers.PackageIndex() as running:
        monkeypatch.setenv("PIP_INDEX_URL", running.url)
        yield running
