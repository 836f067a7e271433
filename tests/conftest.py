"""What all tests share: Hypothesis profiles, and a world to build in."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.worlds import World

QUIET = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
settings.register_profile("dev", deadline=None, max_examples=50, suppress_health_check=QUIET)
settings.register_profile("ci", settings.get_profile("dev"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """An empty project with its store inside it."""
    root = tmp_path / "project"
    (root / "cards" / "datasets" / "task").mkdir(parents=True)
    monkeypatch.setenv("BENCH_HOME", str(root / "home"))
    return World(root)


@pytest.fixture
def fresh_world(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Callable[[], World]:
    """New worlds on demand: for Hypothesis, whose examples share one fixture."""

    def make() -> World:
        root = tmp_path_factory.mktemp("world")
        (root / "cards").mkdir()
        monkeypatch.setenv("BENCH_HOME", str(root / "home"))
        return World(root)

    return make


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="Rewrite tests/bad_cards/*/expected.txt.")
