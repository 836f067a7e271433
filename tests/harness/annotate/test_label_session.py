"""The annotator without a terminal: keys in, answers out."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.annotate import keys
from harness.annotate.replies import LABEL_KEYS, MOST_LABELS, codes
from harness.annotate.screen import drawn
from harness.annotate.session import Change, Guide, Item, Question, Session, begun, press

LABELS = ("PER", "LOC", "\x1b[31mbad\x07")
TEXTS = ("Ada met 王小明 in Rome", "", "tab\there\n\x1b[2Jline " * 30, "👨‍👩‍👧 很好，很好。" * 20)
FORMS = ("single", "multi", "scale", "spans", "text", "preference")
QUESTION = Question(
    "mine", "ana", "Which?", "single", LABELS, (-4, 4), {"PER": ("Ada",)}, Guide("g.md", "Be kind.", "0")
)
MOVES = (keys.UP, keys.DOWN, keys.LEFT, keys.RIGHT, keys.HOME, keys.END, keys.PAGE_UP, keys.PAGE_DOWN)
OTHERS = (keys.ENTER, keys.BACKSPACE, keys.DELETE, keys.ESCAPE, keys.PASTE + "1 q\x1b", "\x01")
KEYS = st.sampled_from([*"123abgespqu? c-.0x很", *MOVES, *OTHERS])


def items(*texts: str) -> tuple[Item, ...]:
    return tuple(Item(f"row-{n}", (text,), f"{n:016}") for n, text in enumerate(texts))


def session(form: Any = "single", *texts: str, labels: tuple[str, ...] = LABELS) -> Session:
    return begun(QUESTION._replace(form=form, labels=labels), items(*(texts or TEXTS)), {})


def after(state: Session, pressed: str) -> Session:
    for key in pressed:
        state = press(state, key).session
    return state


def typed(state: Session, *pressed: str) -> Any:
    """The answer that these keys give."""
    for key in pressed:
        state, change = press(state, key)
        if change:
            return change.answer
    raise AssertionError("no answer")


def fits(form: str, answer: Any, text: str) -> bool:
    match form:
        case "single" | "preference":
            return answer in LABELS
        case "multi":
            return answer == sorted(answer) and set(answer) <= set(LABELS)
        case "scale":
            return -4 <= answer <= 4
        case "spans":
            return all(0 <= start < end <= len(text) and label in LABELS for start, end, label in answer)
    return bool(answer.strip()) and "\x1b" not in answer


@given(st.sampled_from(FORMS), st.lists(KEYS, max_size=60), st.integers(1, 90), st.integers(1, 30))
def test_whatever_is_pressed_the_screen_fits_and_the_draft_has_the_answers(
    form: Any, pressed: list[str], columns: int, rows: int
) -> None:
    state, draft = session(form), {}
    for key in pressed:
        shown = drawn(state, columns, rows)
        assert len(shown.lines) == rows
        assert all(
            line.cell_len <= columns and line.plain.isprintable() for line in shown.lines if line.plain.isascii()
        )
        assert all(line.cell_len <= columns and "\x1b" not in line.plain for line in shown.lines)
        state, change = press(state, key)
        if change:
            draft[change.item.id] = change.answer
            assert change.answer is None or fits(form, change.answer, change.item.texts[0])
    assert {item: answer for item, answer in draft.items() if answer is not None} == state.answers


@given(st.sampled_from(FORMS), st.lists(KEYS, max_size=40))
def test_going_on_later_is_as_if_one_had_stayed(form: Any, pressed: list[str]) -> None:
    state = session(form)
    for key in pressed:
        state = press(state, key).session
    known = [item for item in state.items if item.id in state.answers]
    left = [item for item in state.items if item.id not in state.answers]
    again = begun(state.question, (*known, *left), state.answers)
    assert again.answers == state.answers
    assert again.item == (left[0] if left else None)


def test_one_key_answers_and_the_next_item_comes() -> None:
    state, change = press(session(), "2")
    assert change == Change(state.items[0], "LOC")
    assert state.item == state.items[1]


def test_back_takes_the_answer_away_until_enter_gives_it_again() -> None:
    state = press(session(), "2").session
    state, change = press(state, "u")
    assert change == Change(state.items[0], None)
    assert not state.answers
    assert typed(state, keys.ENTER) == "LOC"


def test_skipped_items_are_no_answers_and_back_returns_to_them() -> None:
    state = after(session(), "s1")
    assert list(state.answers) == ["row-1"]
    state, change = press(after(state, "u"), "u")
    assert change is None
    assert state.place == 0


def test_a_set_of_labels_is_chosen_and_may_be_empty() -> None:
    assert typed(session("multi"), "2", "1", "2", "2", keys.ENTER) == ["LOC", "PER"]
    assert typed(session("multi"), keys.ENTER) == []


def test_a_number_is_on_the_scale() -> None:
    state = after(session("scale"), "7" + keys.ENTER)
    assert "from -4 to 4" in state.notice
    assert typed(state, keys.BACKSPACE, "-", "2", ".", "5", keys.ENTER) == -2.5
    assert typed(session("scale"), "3", keys.ENTER) == 3


@pytest.mark.parametrize("wrong", ["", "-", ".", "1-", "5", "--1"])
def test_what_is_no_number_is_no_answer(wrong: str) -> None:
    assert not after(session("scale"), wrong + keys.ENTER).answers


def test_parts_are_chosen_by_words_and_chinese_ones_by_characters() -> None:
    right, wide = [keys.RIGHT], [" ", keys.RIGHT, keys.RIGHT]
    assert typed(session("spans"), "1", *right, *right, *wide, "1", keys.END, "2", keys.ENTER) == [
        [0, 3, "PER"],
        [8, 11, "PER"],
        [15, 19, "LOC"],
    ]
    assert typed(session("spans"), "c", keys.RIGHT, "1", keys.ENTER) == [[1, 2, "PER"]]
    assert typed(session("spans"), "1", "1", "2", keys.BACKSPACE, keys.ENTER) == []


def test_offsets_count_code_points() -> None:
    assert typed(session("spans", "👍🏽 Rome"), keys.END, "2", keys.ENTER) == [[3, 7, "LOC"]]


def test_the_cursor_moves_by_lines_as_they_are_shown() -> None:
    state = session("spans", "one two three four")
    state = press(drawn_at(state, 40), keys.DOWN).session
    assert typed(state, "1", keys.ENTER) == [[0, 3, "PER"]]
    narrow = press(drawn_at(session("spans", "aa bb cc dd ee ff gg hh ii jj kk ll"), 24), keys.DOWN).session
    assert typed(narrow, "1", keys.ENTER) == [[24, 26, "PER"]]


def drawn_at(state: Session, columns: int) -> Session:
    return replace(state, window=drawn(state, columns, 24).window)


def test_words_of_ones_own_may_be_any_and_commands_follow_escape() -> None:
    state = after(session("text"), "squeg?")
    assert not state.ended
    assert typed(state, keys.HOME, "很", keys.ENTER) == "很squeg?"
    assert press(after(state, keys.ESCAPE), "q").session.ended
    assert typed(after(state, keys.ESCAPE), "x", keys.ENTER) == "squeg?x"


def test_a_paste_answers_nothing_but_a_question_for_words() -> None:
    paste = keys.PASTE + "1\n1"
    assert press(session(), paste).change is None
    assert typed(session("text"), paste, keys.ENTER) == "1 1"


def test_pages_open_over_the_item_and_any_other_key_closes_them() -> None:
    state = press(session(), "g").session
    assert "Be kind." in text(state)
    closed, change = press(state, "1")
    assert (closed.page, change, closed.place) == (None, None, 0)
    assert "Ada" in text(press(session(), "e").session)
    assert "Ctrl-C" in text(press(session(), "?").session)


def text(state: Session) -> str:
    return "\n".join(line.plain for line in drawn(state, 60, 20).lines)


def test_the_present_label_is_shown_to_reviewers_when_they_ask() -> None:
    item = Item("row", ("text",), "0" * 16, present="LOC")
    blind = begun(QUESTION, (item,), {})
    assert "LOC" not in press(blind, "p").session.notice
    review = begun(QUESTION._replace(labels=("a", "b"), reviews=True), (item,), {})
    assert "LOC" not in text(review)
    assert "LOC" in text(press(review, "p").session)


def test_votes_of_disputed_items_have_letters() -> None:
    item = Item("row", ("text",), "0" * 16, votes=("good", "bad", "good"))
    assert "A: good   B: bad   C: good" in text(begun(QUESTION, (item,), {}))
    item = item._replace(votes=tuple(f"vote {n}" + ", with reasons" * 9 for n in range(28)))
    state = begun(QUESTION, (item,), {})
    assert "A: vote 0" in text(state)
    for _ in range(9):
        state = press(drawn_at(state, 60), keys.PAGE_DOWN).session
    assert "AB: vote 27" in text(state)


def test_long_texts_scroll_no_further_than_their_end() -> None:
    state = session("single", "word " * 400)
    for _ in range(20):
        state = press(drawn_at(state, 60), keys.PAGE_DOWN).session
    window = drawn(state, 60, 24).window
    assert 0 < window.top < 40


def test_more_labels_than_keys_have_codes_of_two() -> None:
    labels = tuple(f"intent {n}" for n in range(77))
    state = session("single", "text", labels=labels)
    assert typed(state, *codes(77)[76]) == "intent 76"
    assert typed(state, codes(77)[3][0], keys.BACKSPACE, *codes(77)[0]) == "intent 0"
    assert len(set(codes(MOST_LABELS))) == MOST_LABELS == len(LABEL_KEYS) ** 2


def test_the_end_is_a_place_to_turn_back_from() -> None:
    state = after(session("single", "one", "two"), "1s")
    assert state.item is None
    assert "1 answered. 1 passed over" in text(state)
    assert press(state, "u").session.place == 1
    assert not press(state, "1").session.ended
    assert press(state, "q").session.ended
