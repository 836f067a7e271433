"""What every cleaning op in `registry/clean` must do, found by file name: a new op is tested at once."""

from importlib import metadata

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.kinds import OPS
from registry.op import RowOp, TableOp, staying
from registry.split import SPLITS
from tests.strategies import texts

EXAMPLES = [(name, number) for name in OPS.names() for number in range(len(OPS.get(name).examples))]
USED = sorted({name for name, _ in EXAMPLES})
ROW_OPS = [name for name in USED if hasattr(OPS.get(name), "apply")]
TABLE_OPS = [name for name in USED if hasattr(OPS.get(name), "settle")]
EARLIER = "earlier"

some = st.lists(st.one_of(st.none(), texts), max_size=8)


def table(found, reasons=None):
    """Rows as a build hands them to a row op, with what ops must leave alone."""
    columns = {
        "id": [f"{number:03}" for number in range(len(found))],
        "text": found,
        "text_pair": list(reversed(found)),
        "_key": found,
        "_reason": reasons or [None] * len(found),
    }
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))


def narrow(rows):
    """Rows as a build hands them to a table op: without texts, in order of id."""
    number = pl.col("id").str.to_integer()
    empty = pl.lit(None, dtype=pl.String)
    labelled = rows.drop("text", "text_pair", "_key").with_columns(
        label=pl.when(number % 2 == 0).then(pl.lit("good")).otherwise(pl.lit("bad")),
        _split=(number % 3).replace_strict(dict(enumerate(SPLITS)), return_dtype=pl.String),
        _op=pl.when(staying()).then(empty).otherwise(pl.lit(EARLIER)),
        _duplicate_of=empty,
        _cluster=empty,
        _similarity=pl.lit(None, dtype=pl.Float64),
    )
    return labelled.sort("id")


def settled(op, rows):
    """What becomes of all rows, in order of id."""
    rows = rows.sort("id")
    return op.settle(narrow(rows), op.links(op.keys(rows)))


def op_of(name, data):
    """The op with the parameters of one of its examples."""
    return OPS.get(name)(**data.draw(st.sampled_from(OPS.get(name).examples))[0])


def with_reasons(found, data):
    return table(found, [data.draw(st.sampled_from([None, None, EARLIER])) for _ in found])


@pytest.mark.parametrize(("name", "number"), EXAMPLES)
def test_the_worked_examples_hold(name, number):
    parameters, text, expected = OPS.get(name).examples[number]
    op, rows = OPS.get(name)(**parameters), table([text])
    row = settled(op, rows).hstack(rows.select("text")) if isinstance(op, TableOp) else op.apply(rows)
    assert (row["text"] if row["_reason"].item() is None else pl.Series([None])).item() == expected


@pytest.mark.parametrize("name", OPS.names())
def test_the_declaration_is_complete(name):
    op = OPS.get(name)
    kinds = {isinstance(op(**parameters), kind) for parameters, _, _ in op.examples for kind in (RowOp, TableOp)}
    assert kinds == {True, False} or hasattr(op, "reference"), "only what needs another card has no examples"
    assert op.version >= 1
    assert all(metadata.version(library) for library in op.libraries)
    assert OPS.module_doc(name).strip()


ONE_LAYER = "unescape_html"
"""What it spells may be a reference again, which it leaves: `&amp;lt;` was written to show `&lt;`."""


@pytest.mark.parametrize("name", [name for name in ROW_OPS if name != ONE_LAYER])
@settings(max_examples=40)
@given(found=some, data=st.data())
def test_applied_twice_is_applied_once(name, found, data):
    op = op_of(name, data)
    once = op.apply(table(found))
    assert op.apply(once).equals(once)


@pytest.mark.parametrize("name", ROW_OPS)
@settings(max_examples=30)
@given(found=some, data=st.data())
def test_each_row_is_looked_at_for_itself(name, found, data):
    op, rows = op_of(name, data), with_reasons(found, data)
    cut = data.draw(st.integers(0, len(found)))
    whole = op.apply(rows)
    assert pl.concat([op.apply(rows[:cut]), op.apply(rows[cut:])]).equals(whole)
    assert op.apply(rows.reverse()).reverse().equals(whole)


@pytest.mark.parametrize("name", ROW_OPS)
@settings(max_examples=20)
@given(found=some, data=st.data())
def test_both_texts_of_a_pair_are_cleaned_alike(name, found, data):
    op = op_of(name, data)
    after = op.apply(table(found))
    assert after["text_pair"].reverse().equals(after["text"], check_names=False)


@pytest.mark.parametrize("name", ROW_OPS)
@settings(max_examples=20)
@given(found=some, data=st.data())
def test_a_row_op_deletes_moves_and_excuses_no_row(name, found, data):
    before = with_reasons(found, data)
    after = op_of(name, data).apply(before)
    assert after.schema == before.schema
    assert after.select("id", "_key").equals(before.select("id", "_key"))
    left = before["_reason"].is_not_null()
    assert after["_reason"].filter(left).equals(before["_reason"].filter(left))


@pytest.mark.parametrize("name", TABLE_OPS)
@settings(max_examples=20)
@given(found=some, data=st.data())
def test_the_order_and_the_parts_of_rows_do_not_matter(name, found, data):
    op, rows = op_of(name, data), with_reasons(found, data)
    cut = data.draw(st.integers(0, len(found)))
    assert pl.concat([op.keys(rows[:cut]), op.keys(rows[cut:])]).equals(op.keys(rows))
    shuffled = rows[data.draw(st.permutations(range(len(found))))]
    assert settled(op, shuffled).equals(settled(op, rows))


@pytest.mark.parametrize("name", TABLE_OPS)
@settings(max_examples=20)
@given(found=some, data=st.data())
def test_a_table_op_deletes_moves_and_excuses_no_row(name, found, data):
    rows = with_reasons(found, data)
    before, after = narrow(rows), settled(op_of(name, data), rows)
    assert after.columns == before.columns
    assert after.select("id", "_split").equals(before.select("id", "_split"))
    left = before["_reason"].is_not_null()
    assert after["_reason"].filter(left).equals(before["_reason"].filter(left))


@pytest.mark.parametrize("name", TABLE_OPS)
@settings(max_examples=20)
@given(found=some, data=st.data())
def test_the_row_in_whose_favour_a_row_leaves_stays(name, found, data):
    after = settled(op_of(name, data), with_reasons(found, data))
    assert set(after["_duplicate_of"].drop_nulls()) <= set(after.filter(staying())["id"])


@pytest.mark.parametrize("name", USED)
def test_no_rows_are_no_problem(name):
    for parameters, _, _ in OPS.get(name).examples:
        op, rows = OPS.get(name)(**parameters), table([])
        assert (settled(op, rows) if isinstance(op, TableOp) else op.apply(rows)).height == 0
