"""A built dataset and a workspace around it, for tests of planning, running and reporting."""

import pytest

from harness.workspace import Workspace
from tests.worlds import World, plenty

HASH = "split: {method: hash, seed: 5}\n"


@pytest.fixture
def workspace(world: World) -> Workspace:
    """A project with a table of 80 rows, `mine`, built."""
    world.card(plenty(80), HASH)
    world.build()
    return Workspace(world.catalog, offline=True)
