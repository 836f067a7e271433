"""What every cleaning op in `registry/clean` must do, found by file name: a new op is tested at once."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.kinds import OPS
from registry.op import staying
from registry.split import SPLITS
from tests.strategies import texts

EXAMPLES = [(name, number) for name in OPS.names() for number in range(len(OPS.get(name).examples))]


def table(found, reasons=None):
    """Rows as the build hands them to an op."""
    count = len(found)
    return pl.DataFrame(
        {
            "id": [f"{number:03}" for number in range(count)],
            "text": found,
            "label": [("bad", "good")[number % 2] for number in range(count)],
            "_key": found,
            "_split": [SPLITS[number % 3] for number in range(count)],
            "_reason": reasons or [None] * count,
            "_op": [None] * count,
            "_duplicate_of": [None] * count,
        },
        schema=dict.fromkeys(("id", "text", "label", "_key", "_split", "_reason", "_op", "_duplicate_of"), pl.String),
    )


def ops(name):
    """The op with the parameters of each of its examples."""
    return [OPS.get(name)(**parameters) for parameters, _, _ in OPS.get(name).examples]


@pytest.mark.parametrize(("name", "number"), EXAMPLES)
def test_the_worked_examples_hold(name, number):
    parameters, text, expected = OPS.get(name).examples[number]
    after = OPS.get(name)(**parameters).apply(table([text]))
    row = after.row(0, named=True)
    assert (row["text"] if row["_reason"] is None else None) == expected


@pytest.mark.parametrize("name", OPS.names())
def test_the_declaration_is_complete(name):
    op = OPS.get(name)
    assert op.version >= 1
    assert op.examples
    assert OPS.module_doc(name).strip()


@pytest.mark.parametrize("name", OPS.names())
@settings(max_examples=30)
@given(found=st.lists(st.one_of(st.none(), texts), max_size=8))
def test_applied_twice_is_applied_once(name, found):
    for op in ops(name):
        once = op.apply(table(found))
        assert op.apply(once).equals(once)


@pytest.mark.parametrize("name", OPS.names())
@settings(max_examples=30)
@given(found=st.lists(st.one_of(st.none(), texts), max_size=8), data=st.data())
def test_no_row_is_deleted_moved_or_given_a_second_reason(name, found, data):
    reasons = [data.draw(st.sampled_from([None, None, "earlier"])) for _ in found]
    before = table(found, reasons)
    for op in ops(name):
        after = op.apply(before)
        assert after.columns == before.columns
        assert after.select("id", "_key", "_split").equals(before.select("id", "_key", "_split"))
        assert after.filter(pl.col("_reason") == "earlier")["id"].equals(
            before.filter(pl.col("_reason") == "earlier")["id"]
        )


@pytest.mark.parametrize("name", OPS.names())
@settings(max_examples=20)
@given(found=st.lists(texts, min_size=2, max_size=8), data=st.data())
def test_the_order_of_rows_does_not_matter(name, found, data):
    frame = table(found)
    order = data.draw(st.permutations(range(len(found))))
    for op in ops(name):
        assert op.apply(frame[order]).sort("id").equals(op.apply(frame).sort("id"))


@pytest.mark.parametrize("name", OPS.names())
def test_no_rows_are_no_problem(name):
    for op in ops(name):
        assert op.apply(table([])).filter(staying()).height == 0
