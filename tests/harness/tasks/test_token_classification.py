"""Tagged sentences on the way to models and back."""

import numpy as np
import polars as pl
import pytest

from harness.examples import Tags, Tokens
from harness.tasks.token_classification import TokenClassification

LABELS = ("O", "B-PER", "I-PER")
ROWS = pl.DataFrame(
    {
        "id": ["b", "c", "a"],
        "text": ["Ann Lee", "", "so"],
        "tokens": [["Ann", "Lee"], [], ["so"]],
        "tags": [["B-PER", "I-PER"], [], ["O"]],
    },
    schema_overrides={"tokens": pl.List(pl.String), "tags": pl.List(pl.String)},
)
RIGHT = Tags((np.array([1, 2]), np.array([], dtype=np.int64), np.array([0])))


def test_a_sentence_becomes_its_tokens_with_their_tags():
    examples = TokenClassification().examples(ROWS, LABELS)
    assert examples.inputs == (Tokens(("Ann", "Lee")), Tokens(()), Tokens(("so",)))
    assert [tags.tolist() for tags in examples.told(Tags).tags] == [[1, 2], [], [0]]


def test_no_rows_are_no_examples():
    examples = TokenClassification().examples(ROWS.clear(), LABELS)
    assert (examples.inputs, examples.told(Tags).tags) == ((), ())


def test_answers_become_lines_in_order_of_id():
    found = TokenClassification().predictions(ROWS, RIGHT, LABELS)
    assert found["id"].to_list() == ["a", "b", "c"]
    assert found["predicted"].to_list() == found["gold"].to_list() == [["O"], ["B-PER", "I-PER"], []]


@pytest.mark.parametrize(
    ("tags", "told"),
    [
        ((np.array([1]), np.array([], dtype=np.int64), np.array([0])), r"1 tags to 2 tokens \(row b\)"),
        ((np.array([1, 3]), np.array([], dtype=np.int64), np.array([0])), "outside the card's set"),
        ((np.array([1, 2]),), "answered 1 of 3 rows"),
    ],
)
def test_what_does_not_fit_the_tokens_is_refused(tags, told):
    with pytest.raises(ValueError, match=told):
        TokenClassification().predictions(ROWS, Tags(tags), LABELS)
