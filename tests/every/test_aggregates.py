"""What every aggregate in `registry/annotation/aggregates` must do, found by file name: a new one is tested at once."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.annotation.aggregation import Aggregate
from registry.annotation.spec import FORMS
from registry.annotation.votes import ANONYMOUS, Votes
from registry.errors import UserError
from registry.kinds import AGGREGATES

SETS = ("[]", '["a"]', '["a","b"]', '["b"]')
SPANS = ("[]", '[[0,1,"a"]]', '[[0,1,"a"],[2,4,"b"]]', '[[2,4,"b"]]')
ANSWERS = {"single": ("x", "y", "z"), "preference": ("first", "second"), "multi": SETS, "spans": SPANS}
ANSWERS = {**ANSWERS, "relations": ("[]", '[[[0,1,"a"],[2,4,"b"],"r"]]'), "scale": ()}
LEARNERS = ("dawid-skene", "mace", "one-coin", "weighted-majority")
"""Those that have to know who voted."""
CASES = [(name, form) for name in AGGREGATES.names() for form in AGGREGATES.get(name).forms]
every_case = pytest.mark.parametrize(("name", "form"), CASES)


@st.composite
def crowds(draw, form):
    """Items with up to five votes of up to four annotators, some anonymous; at least one vote is named."""
    value = st.integers(0, len(ANSWERS[form]) - 1) if ANSWERS[form] else st.sampled_from([-1, 0, 0.1, 0.2, 0.7, 3])
    votes = st.lists(st.tuples(value, st.integers(ANONYMOUS, 3)), max_size=5)
    items = draw(st.lists(votes, max_size=10))
    return [*items, [(draw(value), 0)]]


def as_votes(items, form):
    flat = [vote for item in items for vote in item]
    return Votes(
        np.array([value for value, _ in flat], dtype=float),
        np.cumsum([0, *map(len, items)]),
        np.array([who for _, who in flat], dtype=np.int64),
        ("ann", "bob", "cid", "dan"),
        ANSWERS[form],
        form,
    )


@pytest.mark.parametrize("name", AGGREGATES.names())
def test_the_declaration_is_complete(name):
    aggregate = AGGREGATES.get(name)
    assert isinstance(aggregate(), Aggregate)
    assert set(aggregate.forms) <= set(FORMS)
    assert aggregate.version >= 1
    assert aggregate.__doc__
    assert aggregate.source or name not in LEARNERS


@every_case
@settings(deadline=None, max_examples=20)
@given(data=st.data())
def test_answers_are_what_the_contract_says(name, form, data):
    items = data.draw(crowds(form))
    votes, ties = as_votes(items, form), data.draw(st.sampled_from(["drop", "first", "adjudicate"]))
    found = AGGREGATES.get(name)().combine(votes, ties)
    voted = votes.counts > 0
    assert np.isnan(found.values[~voted]).all()
    if form == "scale":
        assert not np.isnan(found.values[voted]).any()
        return
    assert found.answers[: len(votes.answers)] == votes.answers
    np.testing.assert_array_equal(np.isnan(found.values), ~voted | (found.tied & (ties != "first")))
    np.testing.assert_array_equal(np.isnan(found.certainty), np.isnan(found.values))
    known = ~np.isnan(found.values)
    assert ((found.certainty[known] >= 0) & (found.certainty[known] <= 1)).all()
    assert ((found.values[known] >= 0) & (found.values[known] < len(found.answers))).all()


@every_case
@settings(deadline=None, max_examples=20)
@given(data=st.data())
def test_no_order_changes_a_bit(name, form, data):
    items = data.draw(crowds(form))
    order = data.draw(st.permutations(range(len(items))))
    renamed = [*data.draw(st.permutations(range(4))), ANONYMOUS]
    shuffled = [[(value, renamed[who]) for value, who in data.draw(st.permutations(items[place]))] for place in order]
    aggregate = AGGREGATES.get(name)()
    one, other = aggregate.combine(as_votes(items, form), "first"), aggregate.combine(as_votes(shuffled, form), "first")
    np.testing.assert_array_equal(one.values[order], other.values)
    assert one.answers == other.answers
    if form != "scale":
        np.testing.assert_array_equal(one.tied[order], other.tied)
        np.testing.assert_array_equal(one.certainty[order], other.certainty)


@every_case
@settings(deadline=None, max_examples=20)
@given(data=st.data())
def test_unanimous_votes_are_kept(name, form, data):
    items = data.draw(crowds(form))
    votes = as_votes(items, form)
    found = AGGREGATES.get(name)().combine(votes, "drop")
    for place, item in enumerate(items):
        if len({value for value, _ in item}) == 1:
            assert found.values[place] == pytest.approx(item[0][0], rel=1e-15)
            assert found.tied is None or not found.tied[place]


@every_case
@pytest.mark.parametrize("items", [0, 3])
def test_without_votes_there_are_no_answers(name, form, items):
    empty = Votes(np.zeros(0), np.zeros(items + 1, dtype=np.int64), answers=ANSWERS[form], form=form)
    found = AGGREGATES.get(name)().combine(empty, "first")
    assert np.isnan(found.values).all()
    assert len(found.values) == items


@every_case
def test_votes_that_nobody_signed_are_enough_or_refused(name, form):
    votes = as_votes([[(0, ANONYMOUS), (1, ANONYMOUS), (1, ANONYMOUS)]], form)
    for given_votes in (votes, votes._replace(annotators=None, names=())):
        if name in LEARNERS:
            with pytest.raises(UserError, match=f'"{name}" learns'):
                AGGREGATES.get(name)().combine(given_votes, "drop")
        else:
            assert not np.isnan(AGGREGATES.get(name)().combine(given_votes, "drop").values).any()
