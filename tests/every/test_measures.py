"""What every measure in `registry/annotation/measures` must do, found by file name: a new measure is tested at once."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.annotation.measure import Measure
from registry.annotation.measuring import LEVELS, levels_of
from registry.annotation.spec import FORMS
from registry.kinds import MEASURES
from tests.registry.annotation.voting import labels, lists, numbers

SPANS = [[0, 2, "A"], [3, 5, "A"], [3, 5, "B"]]
ANSWERS = {
    "single": ["a", "b", "c"],
    "preference": ["first", "second"],
    "scale": [0, 1, 2, 4],
    "multi": [[], ["a"], ["a", "b"], ["b", "c"]],
    "spans": [[], SPANS[:1], SPANS[:2], SPANS[1:]],
    "relations": [[], [[SPANS[0], SPANS[1], "likes"]], [[SPANS[0], SPANS[1], "hates"]]],
    "text": ["yes", "no", "so so"],
}
CASES = [
    (name, form, level)
    for name in MEASURES.names()
    for form in MEASURES.get(name).forms
    for level in levels_of(form, name) or (None,)
]


def made(name, level):
    return MEASURES.get(name)() if level is None else MEASURES.get(name)(level=level)


def votes(form, items):
    if form == "scale":
        return numbers(items)
    return lists(form, items) if isinstance(ANSWERS[form][0], list) else labels(items, ANSWERS[form])


def drawn(form, data, raters=2):
    vote = st.sampled_from(ANSWERS[form])
    return data.draw(st.lists(st.lists(vote, min_size=raters, max_size=raters), min_size=2, max_size=9))


def value(measure, found):
    return float(measure.value(measure.terms(found).sum(axis=0)))


@pytest.mark.parametrize("name", MEASURES.names())
def test_the_declaration_is_complete(name):
    kind = MEASURES.get(name)
    assert isinstance(kind(), Measure)
    assert kind.source
    assert kind.__doc__
    assert set(kind.forms) <= set(FORMS)
    assert set(kind.levels) <= {level for levels in LEVELS.values() for level in levels}


def test_every_form_can_be_measured():
    assert {form for _, form, _ in CASES} == set(FORMS)


@pytest.mark.parametrize(("name", "form", "level"), CASES)
@settings(deadline=None, max_examples=15)
@given(data=st.data())
def test_full_agreement_is_1_or_cannot_be_told_from_chance(name, form, level, data):
    given_twice = [[item[0]] * 2 for item in drawn(form, data)]
    found = value(made(name, level), votes(form, given_twice))
    several = len({str(item) for item in given_twice}) > 1
    assert found == pytest.approx(1, abs=1e-9) or (np.isnan(found) and not several)


@pytest.mark.parametrize(("name", "form", "level"), CASES)
@settings(deadline=None, max_examples=15)
@given(data=st.data())
def test_the_order_of_items_does_not_matter(name, form, level, data):
    items = drawn(form, data)
    other = data.draw(st.permutations(items))
    first, second = (value(made(name, level), votes(form, one)) for one in (items, other))
    assert first == pytest.approx(second, abs=1e-9, nan_ok=True)
    assert np.isnan(first) or first <= 1 + 1e-9


@pytest.mark.parametrize(("name", "form", "level"), CASES)
@settings(deadline=None, max_examples=15)
@given(data=st.data())
def test_items_with_less_than_two_votes_add_nothing(name, form, level, data):
    items = drawn(form, data)
    measure, one = made(name, level), [ANSWERS[form][0], None]
    found = measure.terms(votes(form, [*items, one, [None, None]]))
    assert found.shape[0] == len(items) + 2
    assert value(measure, votes(form, [*items, one])) == pytest.approx(
        value(measure, votes(form, items)), abs=1e-9, nan_ok=True
    )


@pytest.mark.parametrize(("name", "form", "level"), CASES)
def test_many_totals_at_once_are_each_as_one_alone(name, form, level):
    chance = np.random.default_rng(1)
    items = [[ANSWERS[form][place] for place in chance.integers(len(ANSWERS[form]), size=2)] for _ in range(20)]
    measure = made(name, level)
    totals = chance.multinomial(20, np.full(20, 1 / 20), 6) @ measure.terms(votes(form, items))
    np.testing.assert_allclose(measure.value(totals), [measure.value(row) for row in totals])
    assert measure.terms(votes(form, items)).dtype == np.float64


@pytest.mark.parametrize(("name", "form", "level"), CASES)
def test_without_votes_there_is_no_value(name, form, level):
    measure = made(name, level)
    assert np.isnan(value(measure, votes(form, [[ANSWERS[form][0], None]])))
