"""Entities in tagged sentences: every scheme says the same, and odd sequences are read as seqeval reads them."""

import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from seqeval.metrics.sequence_labeling import get_entities

from harness.texts.entities import Entity, entities, mark_entities, no_entity

PREFIXED = [f"{role}-{kind}" for role in "BIES" for kind in ("PER", "LOC", "a-b")]
SEQUENCES = st.lists(st.sampled_from(["O", "B", "I", "E", "S", "O-PER", "B-", "I--", *PREFIXED]), max_size=12)


@pytest.mark.parametrize(
    "tags",
    [
        "O B-PER I-PER I-PER O S-LOC",
        "O B-PER I-PER E-PER O S-LOC",
        "O B-PER M-PER E-PER O S-LOC",
        "O B-PER I-PER L-PER O U-LOC",
        "O I-PER I-PER I-PER O I-LOC",
        "O I-PER I-PER E-PER O E-LOC",
        "O PER PER PER O LOC",
    ],
    ids=["IOB2", "IOBES", "BMES", "BILOU", "IOB1", "IOE", "types"],
)
def test_every_scheme_says_the_same(tags):
    assert entities(tags.split()) == (Entity(1, 4, "PER"), Entity(5, 6, "LOC"))


def test_entities_that_touch_are_told_apart_where_the_tags_do():
    assert entities(["B-PER", "B-PER", "I-LOC"]) == (Entity(0, 1, "PER"), Entity(1, 2, "PER"), Entity(2, 3, "LOC"))
    assert entities(["S", "S", "B", "E"]) == (Entity(0, 1, "_"), Entity(1, 2, "_"), Entity(2, 4, "_"))
    assert entities([]) == ()


@settings(deadline=None, max_examples=300)
@given(tags=SEQUENCES)
def test_what_seqeval_knows_is_read_as_seqeval_reads_it(tags):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that B- is not a tag, say
        expected = [(start, end + 1, kind) for kind, start, end in get_entities([tags])]
    assert list(entities(tags)) == expected


def test_parts_of_speech_mark_no_entities():
    assert mark_entities(("O", "PER"))
    assert mark_entities(("B", "M", "E", "S"))
    assert not mark_entities(("NN", "VB", "IN", "Ob", "SYM"))


def test_without_an_entity_there_is_nothing_to_score():
    labels = ("O", "B-PER", "I-PER")
    assert no_entity([], labels) == "the evaluated split has no rows"
    assert no_entity([["O", "O"], []], labels) == "no row of the evaluated split has an entity"
    assert no_entity([["O"], ["I-PER"]], labels) is None
    assert no_entity([["NN"]], ("NN", "VB")).startswith("the tags of the card mark no entities")
