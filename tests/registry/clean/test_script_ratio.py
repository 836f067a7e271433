"""The share of letters in a script."""

from typing import get_args

import pytest
from pydantic import ValidationError

from registry.clean.script_ratio import Script, ScriptRatio
from tests.registry.clean.rows import fates, rows

LETTERS = {
    "arabic": "ب", "armenian": "բ", "bengali": "ক", "cyrillic": "ж", "devanagari": "क", "ethiopic": "ሀ",
    "georgian": "ბ", "greek": "β", "gujarati": "ક", "gurmukhi": "ਕ", "han": "好", "hangul": "한", "hebrew": "ב",
    "hiragana": "ひ", "kannada": "ಕ", "katakana": "カ", "khmer": "ក", "lao": "ກ", "latin": "é", "malayalam": "ക",
    "mongolian": "ᠠ", "myanmar": "က", "sinhala": "ක", "tamil": "க", "telugu": "క", "thai": "ก", "tibetan": "ཀ",
}  # fmt: skip


@pytest.mark.parametrize("script", get_args(Script))
def test_every_script_finds_its_own_letters_and_no_others(script):
    others = "".join(letter for name, letter in LETTERS.items() if name != script)
    op = ScriptRatio(script=script, at_least=1)
    assert fates(op, LETTERS[script] * 3 + " 123 !?", others) == [None, f"under 1 of letters {script}"]


def test_the_share_is_that_of_letters_alone():
    op = ScriptRatio(script="latin", at_least=0.5, at_most=0.75)
    assert fates(op, "ab 很好 123456", "abc 好 !!!", "abcd 好", "a 很好吃", "123") == [
        None,
        None,
        "over 0.75 of letters latin",
        "under 0.5 of letters latin",
        "under 0.5 of letters latin",
    ]


def test_marks_are_no_letters():
    assert fates(ScriptRatio(script="devanagari", at_most=0.5), "कि ab") == [None]


def test_of_pairs_both_must_fit():
    frame = rows("很好", "很好", pairs=["不错", "fine"])
    reasons = ScriptRatio(script="han", at_least=0.5).apply(frame)["_reason"].to_list()
    assert reasons == [None, "under 0.5 of letters han"]


@pytest.mark.parametrize(
    "parameters",
    [{"script": "han"}, {"script": "han", "at_least": 0.6, "at_most": 0.5}, {"script": [], "at_least": 0.5}],
)
def test_what_judges_nothing_is_refused(parameters):
    with pytest.raises(ValidationError):
        ScriptRatio(**parameters)
