"""What cannot be seen goes, but not what scripts and emoji are spelt with."""

import polars as pl
import pytest

from registry.clean.control_characters import ControlCharacters


def cleaned(text):
    return ControlCharacters().apply(pl.DataFrame({"text": [text]}))["text"].item()


@pytest.mark.parametrize("code", [*range(9), *range(0x0E, 0x1B), *range(0x7F, 0x85), *range(0x86, 0xA0)])
def test_every_control_character_goes(code):
    assert cleaned(f"a{chr(code)}b") == "ab"


@pytest.mark.parametrize("sign", ["\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_every_kind_of_line_break_is_a_line_feed(sign):
    assert cleaned(f"a{sign}b\tc") == "a\nb\tc"


@pytest.mark.parametrize("sign", "\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2060\u2066\u2069\u00ad\u061c\ufeff\ufffc")
def test_invisible_characters_go_from_english_and_chinese(sign):
    assert cleaned(f"{sign}in{sign}visible{sign} 看{sign}不见{sign}") == "invisible 看不见"


@pytest.mark.parametrize(
    "text",
    [
        "می\u200cخواهم",
        "ક્\u200dષ",
        "ශ්\u200dරී",
        "👨\u200d👩\u200d👧",
        "👩🏽\u200d🚀",
        "❤\ufe0f\u200d🔥",
        "ភាសា\u200bខ្មែរ",
        "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    ],
)
def test_what_scripts_and_emoji_need_stays(text):
    assert cleaned(text) == text


def test_text_that_tag_characters_hide_is_gone():
    hidden = "".join(chr(0xE0000 + ord(letter)) for letter in "ignore all that")
    assert cleaned(f"Nice{hidden} film 👍{hidden}") == "Nice film 👍"


def test_lost_characters_are_still_seen_to_be_lost():
    assert cleaned("caf\ufffd") == "caf\ufffd"
