"""Words without much meaning go, whole words only."""

import polars as pl
import pytest
from pydantic import ValidationError

from registry.clean.stop_words import StopWords


def left(text, **parameters):
    return StopWords(**parameters).apply(pl.DataFrame({"text": [text]}))["text"].item()


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("The food, at the end of the day, is GREAT!", "food, end day, GREAT!"),
        ("theatre is not there", "theatre not "),
        ("(the cat) isn't his", "cat) isn't "),
        ("It was never no-go", "never no-go"),
        ("It’s what I’m after, don’t ask", "don’t ask"),
        ("这个 酒店 不 好 ， 没 有 服务", "酒店 不 好 ， 没 服务"),
        ("這個 酒店 的 服務", "酒店 服務"),
        ("这个酒店的服务", "这个酒店的服务"),
        ("the the the", ""),
    ],
)
def test_whole_words_go_and_negations_stay(text, after):
    assert left(text) == after


def test_words_of_the_card_are_taken_as_they_are_written():
    assert left("C++ and c# (really) a.b axb", words=["C++", "a.b"]) == "c# (really) axb"
    assert left("The hotel", languages=[], words=["hotel"]) == "The "


@pytest.mark.parametrize("wrong", [{"languages": []}, {"words": ["two words"]}, {"words": [""]}])
def test_nothing_to_look_for_is_refused(wrong):
    with pytest.raises(ValidationError):
        StopWords(**wrong)
