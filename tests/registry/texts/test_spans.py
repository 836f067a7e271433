"""Spans follow their characters through an op, or their row leaves; they never end up on other ones."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.kinds import OPS
from registry.op import RowOp
from registry.texts.spans import SPAN, misplaced, realigned
from tests.strategies import texts

ROW_OPS = [name for name in OPS.names() if isinstance(OPS.get(name), RowOp)]


def rows(*annotated, reason=None):
    """Rows of a text and its spans, each a start and an end."""
    found = [None if spans is None else [(*span, "X") for span in spans] for _, spans in annotated]
    return pl.DataFrame(
        {
            "id": [str(number) for number in range(len(annotated))],
            "text": [text for text, _ in annotated],
            "spans": [
                spans and [dict(zip(("start", "end", "label"), one, strict=True)) for one in spans] for spans in found
            ],
            "_reason": reason,
        },
        schema={"id": pl.String, "text": pl.String, "spans": pl.List(SPAN), "_reason": pl.String},
    )


def after(name, frame, **parameters):
    op = OPS.get(name)(**parameters)
    return realigned(op, name, frame, op.apply(frame))


def marked(frame):
    """The text under each span, or the reason why the row left."""
    return [
        row["_reason"] or [row["text"][span["start"] : span["end"]] for span in row["spans"] or ()]
        for row in frame.iter_rows(named=True)
    ]


def test_spans_move_with_what_is_taken_out_before_them():
    frame = rows(("  Anna   met  Bob ", [(2, 6), (14, 17)]), ("nothing to do", [(0, 7)]))
    moved = after("whitespace", frame)
    assert marked(moved) == [["Anna", "Bob"], ["nothing"]]
    assert moved["spans"][0].struct.field("start").to_list() == [0, 9]


def test_the_second_of_two_equal_words_stays_the_second():
    frame = rows(("a@b.org Anna and Anna", [(17, 21)]))
    assert after("pii", frame)["spans"][0].struct.field("start").to_list() == [17]


def test_a_span_is_what_the_op_makes_of_it():
    assert marked(after("normalize", rows(("ＡＢ ｃ", [(0, 2)])), form="NFKC")) == [["AB"]]
    assert marked(after("pii", rows(("mail a@b.org now", [(5, 12), (13, 16)])))) == [["<EMAIL>", "now"]]


def test_nested_and_touching_spans_survive_together():
    frame = rows((" New York  City", [(1, 9), (1, 15), (9, 15), (5, 9)]))
    assert marked(after("whitespace", frame)) == [["New York", "New York City", "City", "York"]]


@pytest.mark.parametrize(
    ("text", "span"),
    [("mail a@b.org", (5, 9)), ("mail a@b.org", (7, 12))],
)
def test_a_row_leaves_where_an_edit_cuts_through_a_span(text, span):
    assert marked(after("pii", rows((text, [span])))) == ["a span did not survive pii"]


def test_a_span_of_which_nothing_is_left_does_not_survive():
    assert marked(after("whitespace", rows(("a   b", [(1, 3)])))) == ["a span did not survive whitespace"]


def test_a_letter_that_joins_its_accent_refuses_a_span_between_them():
    assert marked(after("normalize", rows(("cafe\u0301", [(0, 4)]), ("cafe\u0301", [(0, 5)])))) == [
        "a span did not survive normalize",
        ["café"],
    ]


def test_rows_without_spans_and_rows_that_left_are_not_asked():
    frame = rows(("  a ", None), ("  a ", []), reason=[None, None])
    assert marked(after("whitespace", frame)) == [[], []]
    gone = rows(("  a ", [(0, 1)]), reason=["earlier"])
    assert marked(after("whitespace", gone)) == ["earlier"]
    assert after("whitespace", frame.drop("spans")).columns == ["id", "text", "_reason"]


def test_spans_outside_their_text_are_told():
    frame = rows(("abc", [(0, 3)]), ("abc", [(1, 1)]), ("abc", [(0, 4)]), ("abc", [(-1, 2)]), ("abc", None), ("", []))
    assert frame.select(misplaced()).to_series().to_list() == [False, True, True, True, False, False]


def test_a_span_outside_its_text_does_not_survive_a_change():
    frame = rows((" ab", [(1, 9)]), (" ab", [(-1, 2)]), (" ab", [(None, 2)]), (" ab", [(1, 3)]))
    lost = "a span did not survive whitespace"
    assert marked(after("whitespace", frame)) == [lost, lost, lost, ["ab"]]


@st.composite
def annotated(draw):
    text = draw(texts.filter(bool))
    edges = st.integers(0, len(text))
    pairs = draw(st.lists(st.tuples(edges, edges).filter(lambda pair: pair[0] != pair[1]), min_size=1, max_size=3))
    return text, [tuple(sorted(pair)) for pair in pairs]


@pytest.mark.parametrize("name", ROW_OPS)
@settings(max_examples=25)
@given(found=st.lists(annotated(), min_size=1, max_size=4), data=st.data())
def test_what_survives_is_the_same_characters_or_what_the_op_makes_of_them(name, found, data):
    op = OPS.get(name)(**data.draw(st.sampled_from([example[0] for example in OPS.get(name).examples])))
    before = rows(*found)
    plain = op.apply(before)
    moved = realigned(op, name, before, plain)
    assert moved.drop("spans", "_reason").equals(plain.drop("spans", "_reason"))
    for (text, spans), row in zip(found, moved.iter_rows(named=True), strict=True):
        for (start, end), now in zip(spans, row["spans"], strict=True):
            if row["_reason"] is None:
                under = row["text"][now["start"] : now["end"]]
                alone = op.apply(rows((text[start:end], [])))["text"][0]
                assert under == text[start:end] or unspaced(under) == unspaced(alone)


def unspaced(text):
    """Where words begin depends on what stands around them."""
    return "".join(text.split())
