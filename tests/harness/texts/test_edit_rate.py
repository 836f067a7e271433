"""Edits and shifts, counted as sacrebleu counts them."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sacrebleu.metrics.lib_ter import translation_edit_rate

from harness.texts.edit_rate import distances, edits

SENTENCES = st.lists(st.sampled_from("abcdef"), max_size=12)


@settings(deadline=None, max_examples=150)
@given(said=SENTENCES, right=SENTENCES)
def test_short_texts_cost_what_sacrebleu_says(said, right):
    assert edits(said, right) == translation_edit_rate(said, right)[0]


@pytest.mark.parametrize(("length", "other"), [(34, 34), (24, 60), (60, 24), (1, 90), (70, 1)])
def test_long_texts_too_where_its_beam_cuts(length, other):
    draw = random.Random(length)
    right = draw.choices("abcdefghijklmnopqrstuvwxyz", k=other)
    turned = right[len(right) // 2 :] + draw.choices("abcdefgh", k=length) + right[: len(right) // 2]
    said = turned[:length]
    assert edits(said, right) == translation_edit_rate(list(said), right)[0]


def test_distances_are_measured_for_all_texts_at_once():
    assert distances([list("kitten"), list("sittin"), list("xxxxxx")], list("sitting")) == [3, 1, 7]
    assert distances([], ["a"]) == []
