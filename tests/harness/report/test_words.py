"""How numbers and identifiers are written."""

import pytest

from harness.report import words
from tests.harness.report.boards import ESCAPES, VERSION


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.8765, "0.876"),
        (1.0, "1.000"),
        (0.0, "0.000"),
        (-0.25, "-0.250"),
        (12.345, "12.35"),
        (1234.56, "1,234.6"),
        (0.0001, "1.0e-04"),
        (None, "–"),
        (float("nan"), "–"),
        (float("inf"), "–"),
    ],
)
def test_number(value: float | None, text: str) -> None:
    assert words.number(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (0, "0"),
        (999, "999"),
        (50_000, "50.0k"),
        (999_999, "1.0M"),
        (22_713_216, "22.7M"),
        (7 * 10**9, "7.0B"),
    ],
)
def test_parameters(value: int | None, text: str) -> None:
    assert words.parameters(value) == text


def test_an_interval_with_one_end_is_no_interval() -> None:
    assert words.interval(0.1, 0.2) == "[0.100, 0.200]"
    assert words.interval(0.1, None) == "–"


def test_only_long_hex_is_shortened() -> None:
    assert words.short(VERSION) == "0123456789ab"
    assert words.short(f"tweets@{VERSION}:2000") == "tweets@0123456789ab:2000"
    assert words.short("decade-facade") == "decade-facade"


def test_control_and_direction_characters_become_visible() -> None:
    assert words.plain(ESCAPES + "\n好") == "\\x1b[2J\\u202egnp.exe\\x07 好"
