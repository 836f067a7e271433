"""Train on what was, test on what came later."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from registry.errors import UserError
from registry.splits.temporal import Temporal
from tests.worlds import table

HEADER = "text,label,day"
days = st.lists(st.integers(0, 40), min_size=3, max_size=30)
cuts = st.tuples(st.integers(5, 20), st.integers(21, 35))


def day(number):
    return (date(2020, 1, 1) + timedelta(days=number)).isoformat()


def rows(found, units=None):
    count = len(found)
    columns = {"_by_day": [day(number) for number in found], "_unit": units or list(range(count))}
    return pl.DataFrame(columns, schema={"_by_day": pl.String, "_unit": pl.UInt32})


def numbered(count, labels=("bad", "good")):
    return [(f"text {n}", labels[n % 2], day(n)) for n in range(count)]


def in_plain_python(number, cuts, gap):
    validation, test = cuts
    if any(cut - gap <= number < cut for cut in cuts):
        return None
    return "test" if number >= test else "validation" if number >= validation else "train"


@settings(max_examples=25)
@given(found=days, cuts=cuts, gap=st.integers(0, 5))
def test_cut_dates_place_each_row_by_its_own_time(found, cuts, gap):
    method = Temporal(column="day", validation=day(cuts[0]), test=day(cuts[1]), gap=f"{gap}d")
    assert method.assign(rows(found)).to_list() == [in_plain_python(number, cuts, gap) for number in found]
    assert method.outside == f"within {gap}d before a cut"


@given(found=days, shares=st.sampled_from([(0.6, 0.2, 0.2), (0.5, 0, 0.5), (0.8, 0.1, 0.1)]))
def test_ratios_cut_between_times_and_never_within_one(found, shares):
    method = Temporal(column="day", ratios=dict(zip(("train", "validation", "test"), shares, strict=True)))
    if len(set(found)) < len(method.promised):
        with pytest.raises(UserError, match="which cannot fill"):
            method.assign(rows(found))
        return
    split = method.assign(rows(found)).to_list()
    spans = [[n for n, name in zip(found, split, strict=True) if name == part] for part in method.promised]
    assert all(spans), "no promised split is empty"
    assert all(max(earlier) < min(later) for earlier, later in pairwise(spans))


def test_ratios_are_met_as_nearly_as_equal_times_let_them():
    split = Temporal(column="day", ratios={}).assign(rows(range(100)))
    assert dict(split.value_counts().rows()) == {"train": 80, "validation": 10, "test": 10}
    busy = Temporal(column="day", ratios={}).assign(rows([*range(40), *[50] * 50, *range(60, 70)]))
    assert dict(busy.value_counts().rows()) == {"train": 90, "validation": 1, "test": 9}


def test_of_rows_on_both_sides_of_a_cut_those_in_the_later_split_stay():
    split = Temporal(column="day", ratios={"train": 0.6, "validation": 0.2, "test": 0.2})
    assert split.assign(rows(range(10), [0, 1, 2, 3, 4, 5, 6, 0, 8, 9])).to_list() == [
        None, *["train"] * 5, *["validation"] * 2, *["test"] * 2,
    ]  # fmt: skip
    assert split.outside == "belongs to rows after a cut"


def test_a_build_tells_what_left_for_the_gap_and_proves_the_order(world):
    more = f"split: {{method: temporal, column: day, validation: {day(30)}, test: {day(40)}, gap: 5d}}\n"
    built = world.card(table(*numbered(60), header=HEADER), more).build().published
    assert built.manifest["ledger"] == [["split", "within 5d before a cut", 10]]
    assert [built.manifest["splits"][name]["rows"] for name in ("train", "validation", "test")] == [25, 5, 20]
    assert built.manifest["audit"]["violations"]["splits out of time order"] == 0
    assert "time" in built.read("train").columns


def test_new_rows_move_no_other_where_dates_are_written(world):
    more = f"split: {{method: temporal, column: day, test: {day(40)}}}\n"
    before = world.card(table(*numbered(60), header=HEADER), more).build().published.read("test")
    world.write({"data/mine.csv": table(*numbered(90), header=HEADER)})
    (world.root / "cards.lock").unlink()
    assert set(before["text"]) <= set(world.build().published.read("test")["text"])


def test_rows_without_a_time_are_refused_or_leave(world):
    lines = [*numbered(60), ("timeless", "good", "")]
    more = f"split: {{method: temporal, column: day, test: {day(40)}}}\n"
    with pytest.raises(UserError, match='the column "day" has no time in 1 row'):
        world.card(table(*lines, header=HEADER), more).build()
    world.card(table(*lines, header=HEADER), more.replace("}\n", ", missing: drop}\n"))
    assert world.build().published.manifest["ledger"] == [["split", "no time", 1]]


@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        ({}, "needs a cut date"),
        ({"validation": "2020-01-01"}, "needs a cut date"),
        ({"test": "2020-01-01", "ratios": {}}, "exclude each other"),
        ({"test": "2020-01-01", "validation": "2020-02-01"}, "must lie before"),
        ({"test": "01.02.2020"}, "must be a date such as"),
        ({"test": "2020-01-01", "gap": "7 days"}, "should match pattern"),
    ],
)
def test_what_makes_no_sense_together_is_refused(parameters, told):
    with pytest.raises(ValidationError, match=told):
        Temporal(column="day", **parameters)


def test_times_of_different_offsets_are_in_order_as_they_happened(world):
    """As texts the second would come before the first."""
    lines = [("one", "good", "2020-01-02T00:30:00+02:00"), ("two", "bad", "2020-01-01T23:30:00-05:00")]
    more = "split: {method: temporal, column: day, test: 2020-01-02T00:00:00Z}\n"
    built = world.card(table(*lines, header=HEADER), more).build().published
    assert built.read("train")["time"].to_list() == [datetime(2020, 1, 1, 22, 30)]
    assert built.read("test")["text"].to_list() == ["two"]
