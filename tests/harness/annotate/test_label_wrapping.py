"""Text in lines of cells: nothing lost, nothing wider than the window, nothing that drives the terminal."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from harness.annotate.wrapping import units, wrapped

TEXTS = st.text(
    st.one_of(st.sampled_from("ab 很好，。\t\n\r\x1b\x07\u202e\u200d👍🏽❤️é🇩"), st.characters()), max_size=60
)


def lines(text: str, columns: int) -> list[str]:
    return ["".join(glyph.shown for glyph in line) for line in wrapped(text, columns)]


@given(TEXTS, st.integers(1, 30))
def test_every_character_is_shown_once_in_order_and_none_is_a_control(text: str, columns: int) -> None:
    glyphs = [glyph for line in wrapped(text, columns) for glyph in line]
    shown = [place for glyph in glyphs for place in range(glyph.start, glyph.end)]
    assert shown == sorted(set(shown))
    assert all(char in "\r\n\v\f\x85\u2028\u2029" for place, char in enumerate(text) if place not in set(shown))
    assert not any(char in "\x1b\x07\t\n\r\u202e" for glyph in glyphs for char in glyph.shown)
    for line in wrapped(text, columns):
        width = sum(cell_len(glyph.shown) for glyph in line if glyph.shown != " ")
        assert width <= columns or len([glyph for glyph in line if glyph.shown != " "]) == 1


@given(TEXTS, st.booleans())
def test_units_are_apart_and_in_order(text: str, by_characters: bool) -> None:
    places = [place for unit in units(text, by_characters) for place in unit]
    assert places == sorted(places)
    assert all(text[start:end].strip() for start, end in units(text, by_characters))


def test_words_stay_whole_where_they_fit() -> None:
    assert lines("The quick brown fox", 10) == ["The quick ", "brown fox"]
    assert lines("abcdefghijkl", 5) == ["abcde", "fghij", "kl"]
    assert lines("one\r\n\ntwo", 9) == ["one", "", "two"]
    assert lines("", 9) == [""]


def test_chinese_breaks_anywhere_but_before_closing_signs() -> None:
    assert lines("今天天气很好，我们去", 12) == ["今天天气很", "好，我们去"]


def test_what_drives_a_terminal_is_spelled_out() -> None:
    assert lines("a\x1b[31mb\x07", 20) == ["a\\x1b[31mb\\x07"]


def test_units_are_words_or_the_characters_of_a_script_without_spaces() -> None:
    def found(text: str, by_characters: bool = False) -> list[str]:
        return [text[start:end] for start, end in units(text, by_characters)]

    assert found("Ada_1 met 王小明, 한국어!") == ["Ada_1", "met", "王", "小", "明", ",", "한국어", "!"]
    assert found("a👨‍👩‍👧 é", by_characters=True) == ["a", "👨‍👩‍👧", "é"]
