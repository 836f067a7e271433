"""Keys of the annotator: what a terminal sends, in whatever pieces."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from harness.annotate import keys
from harness.annotate.keys import decoded, typed

KEYS = st.sampled_from(
    ["a", "1", "很", "?", keys.ENTER, keys.BACKSPACE, keys.UP, keys.LEFT, keys.PAGE_DOWN, keys.DELETE, "\x1b[200~q\nq"]
)


def sent(key: str) -> str:
    return key + keys.PASTE_END if key.startswith(keys.PASTE) else key


@given(st.lists(KEYS), st.lists(st.integers(0, 60)))
def test_the_pieces_in_which_keys_come_do_not_matter(pressed: list[str], cuts: list[int]) -> None:
    stream = "".join(map(sent, pressed))
    places = [0, *sorted(cut for cut in cuts if cut < len(stream)), len(stream)]
    found, begun = [], ""
    for start, end in pairwise(places):
        more, begun = decoded(begun + stream[start:end], idle=False)
        found += more
    assert (found, begun) == (pressed, "")


@given(st.text())
def test_anything_may_be_sent(text: str) -> None:
    found, begun = decoded(text, idle=False)
    assert sum(map(len, found)) <= len(text)
    assert begun == "" or begun.startswith(keys.ESCAPE)


def test_a_lone_escape_is_one_when_nothing_follows() -> None:
    assert decoded("\x1b", idle=False) == ([], "\x1b")
    assert decoded("\x1b", idle=True) == ([keys.ESCAPE], "")
    assert decoded("\x1bu", idle=False) == ([keys.ESCAPE, "u"], "")


def test_other_spellings_are_the_same_key() -> None:
    assert decoded("\x1bOA\x1b[1~\n\x08", idle=False) == ([keys.UP, keys.HOME, keys.ENTER, keys.BACKSPACE], "")


def test_a_paste_is_one_key_of_one_line() -> None:
    (key,), begun = decoded("\x1b[200~q\ns\r\nu\x1b[201~", idle=False)
    assert (typed(key), begun) == ("q s u", "")
    assert decoded("\x1b[200~half", idle=True) == ([], "\x1b[200~half")


def test_controls_are_never_part_of_a_text() -> None:
    assert [typed(key) for key in ("a", "很", "\u200d", keys.UP, "\x01", keys.PASTE + "a\x1b[31m")] == [
        "a",
        "很",
        "\u200d",
        "",
        "",
        "a [31m",
    ]
