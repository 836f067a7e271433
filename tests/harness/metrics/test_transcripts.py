"""Error rates against jiwer on transcripts of every oddity, and what counts as a word."""

import jiwer
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.metrics.cer import Cer
from harness.metrics.duration_error import DurationError
from harness.metrics.real_time_factor import RealTimeFactor
from harness.metrics.wer import Wer
from harness.texts.transcripts import spoken

texts = st.text(alphabet="ab '-.,’中文カ1 é\n", max_size=12)
pairs = st.lists(st.tuples(texts, texts), min_size=1, max_size=6)


def score(metric, gold, said):
    return float(metric.value(metric.contributions(gold, said, 0).sum(axis=0)))


@settings(deadline=None, max_examples=60)
@given(rows=pairs)
def test_equal_to_jiwer_over_all_lines_together(rows):
    gold, said = zip(*rows, strict=True)
    right, heard = spoken(gold), spoken(said)
    if not any(right.words):
        assert Wer().obstacle(gold, ()) == Cer().obstacle(gold, ()) == "no reference has a word"
        return
    assert score(Wer(), gold, said) == pytest.approx(jiwer.wer(right.words, heard.words), abs=1e-9)
    assert score(Cer(), gold, said) == pytest.approx(jiwer.cer(right.characters, heard.characters), abs=1e-9)


@pytest.mark.parametrize(
    ("text", "words", "characters"),
    [
        ("Well, I don't!", "well i don't", "well i don't"),
        ("don’t 'quote'", "don't quote", "don't quote"),
        ("ill-disposed", "ill disposed", "ill disposed"),
        ("今天，很好。", "今 天 很 好", "今天很好"),
        ("用Python写 程序", "用 python 写 程 序", "用python写程序"),
        ("ＡＢ１２", "ab12", "ab12"),
        ("— … 100%", "100", "100"),
        ("नमस्ते", "नमस्ते", "नमस्ते"),
        ("", "", ""),
    ],
)
def test_what_can_be_heard(text, words, characters):
    assert spoken([text]) == ([words], [characters])


def test_nothing_heard_and_nothing_to_hear():
    assert Wer().contributions(["a b", "", ""], ["", "c d e", ""], 0).tolist() == [[2, 2], [3, 0], [0, 0]]
    assert score(Wer(), ["a b", ""], ["", "c d e"]) == 2.5


def test_a_resample_without_any_word_is_undefined():
    assert np.isnan(Wer().value(np.zeros(2)))


def test_sound_of_no_length_leaves_speed_and_length_undefined():
    assert RealTimeFactor().obstacle(np.zeros(3), ()) == "the recordings are empty"
    assert DurationError().obstacle(np.zeros(3), ()) == "the recordings to compare with are empty"
