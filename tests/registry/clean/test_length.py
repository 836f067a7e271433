"""Length, in characters and in words."""

import pytest
from pydantic import ValidationError

from registry.clean.length import Length
from tests.registry.clean.rows import fates, rows


def test_each_rule_has_its_reason():
    op = Length(min_chars=3, max_chars=12, min_words=2, max_words=3)
    found = fates(op, "ok", "much too long a text", "one", "a b c d", "one two", "很好吃")
    assert found == [
        "under 3 characters",
        "over 12 characters",
        "under 2 words",
        "over 3 words",
        None,
        None,
    ]


def test_of_pairs_both_must_fit():
    frame = rows("one two", "one two", pairs=["one two", "one"])
    assert Length(min_words=2).apply(frame)["_reason"].to_list() == [None, "under 2 words"]


@pytest.mark.parametrize("unit", ["chars", "words"])
def test_a_range_without_numbers_in_it_is_refused(unit):
    with pytest.raises(ValidationError, match=f"max_{unit} must not be below min_{unit}"):
        Length(**{f"min_{unit}": 3, f"max_{unit}": 2})
