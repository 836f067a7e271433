"""`bench card diff` in words: what was done to the rows makes the version a major one."""

import pytest

from harness.inspect.diff import compared, lines
from harness.workspace import Workspace
from tests.worlds import World, table

ROWS = {f"r{n}": (f"remark {n}", ("bad", "good")[n % 2], "test") for n in range(8)}
GIVEN = "split: {method: given, column: part}\n"


@pytest.mark.parametrize(
    ("edits", "said"),
    [
        ({"r1": ("remark 1", "bad", "test")}, "major: rows were relabelled"),
        ({"r1": ("other words", "bad", "test")}, "major: rows were edited and relabelled"),
        (
            {"r1": None, "r2": ("remark 2", "good", "test"), "r3": ("remark 3", "good", "train")},
            "major: rows were removed, relabelled and moved between splits",
        ),
        ({"r9": ("remark 9", "bad", "test")}, "minor: all that was there is there unchanged; more was added"),
    ],
)
def test_what_was_done_to_rows_is_named(world: World, edits: dict[str, tuple[str, ...] | None], said: str) -> None:
    before, after = (
        table(*((name, *row) for name, row in rows.items() if row), header="id,text,label,part")
        for rows in (ROWS, {**ROWS, **edits})
    )
    digest = world.card(before, GIVEN).build().published.digest
    world.card(after, GIVEN)
    told = list(lines(compared(f"mine@{digest}", "", Workspace(world.catalog, offline=True), 0)))
    assert told[2] == f"  {said}"


def test_a_column_that_went_is_named(world: World) -> None:
    rows = table(*((name, *row) for name, row in ROWS.items()), header="id,text,label,part")
    more = "split: {method: all-test, group: part}\n"
    digest = world.card(rows, more).build().published.digest
    world.card(more="split: {method: all-test}\n")
    told = list(lines(compared(f"mine@{digest}", "", Workspace(world.catalog, offline=True), 0)))
    assert told[2] == "  major: columns were removed"
