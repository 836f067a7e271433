"""The byte model: a distribution, whatever it was shown."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.methods.kneser_ney import BASE, BEGIN, END, SYMBOLS, encoded, learnt, nats, probabilities

TEXTS = st.lists(st.text(alphabet="ab ü中", max_size=12), min_size=1, max_size=6)


def after(context, levels, order):
    """The probabilities of all symbols after a context of `order` - 1 symbols."""
    begin = sum(symbol * BASE ** (order - 1 - place) for place, symbol in enumerate(context))
    return probabilities(begin + np.arange(SYMBOLS), levels)


@settings(deadline=None, max_examples=40)
@given(texts=TEXTS, order=st.integers(1, 7), data=st.data())
def test_what_can_come_next_sums_to_one_after_anything(texts, order, data):
    levels = learnt(texts, order)
    context = data.draw(st.lists(st.sampled_from([BEGIN, 97, 98, 32, 0, 255]), min_size=order - 1, max_size=order - 1))
    next_one = after(context, levels, order)
    assert next_one.sum() == pytest.approx(1, abs=1e-9)
    assert (next_one > 0).all()


def test_a_text_is_as_probable_as_its_bytes_and_its_end_one_after_the_other():
    order, levels = 3, learnt(["abab", "ba"], 3)
    steps = [after([BEGIN, BEGIN], levels, 3)[97], after([BEGIN, 97], levels, 3)[98], after([97, 98], levels, 3)[END]]
    assert nats(["ab"], levels, order)[0] == pytest.approx(-np.log(steps).sum())
    assert nats(["", "ab", ""], levels, order)[1] == nats(["ab"], levels, order)[0]
    assert nats([], levels, order).shape == (0,)


def test_all_strings_together_have_no_more_than_one():
    """Every string of up to two bytes, and all that begin with two bytes and go on."""
    levels, order = learnt(["ab", "b", "bb"], 3), 3
    first = after([BEGIN, BEGIN], levels, order)
    ended, going_on = first[END], 0.0
    for one in range(256):
        second = after([BEGIN, one], levels, order) * first[one]
        ended += second[END]
        going_on += second[:256].sum()
    assert ended + going_on == pytest.approx(1, abs=1e-9)
    assert nats(["", "b"], levels, order)[1] == pytest.approx(-np.log(after([BEGIN, 98], levels, 3)[END] * first[98]))


def test_what_was_seen_is_likelier_than_what_was_not():
    levels = learnt(["the cat sat on the mat"] * 3, 5)
    seen, turned, strange = nats(["the cat", "tac eht", "中文"], levels, 5)
    assert seen < turned < strange


def test_without_texts_every_byte_is_as_probable_as_any_other():
    assert nats(["ab"], learnt([], 4), 4)[0] == pytest.approx(3 * np.log(SYMBOLS))
    assert len(encoded([""], 4)) == 1


def test_a_text_does_not_depend_on_those_beside_it():
    levels = learnt(["one", "two"], 4)
    together = nats(["one", "two", "three"], levels, 4)
    assert together.tolist() == [nats([text], levels, 4)[0] for text in ("one", "two", "three")]
