"""A session as the lines of a screen, whatever its size. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.text import Text

from harness.annotate.drawing import KEY, QUIET, beside, filled, first, flowed, one, plain, rule
from harness.annotate.inputs import input_of, marked
from harness.annotate.pages import page
from harness.annotate.replies import Parts
from harness.annotate.session import Item, Session, Window
from harness.annotate.wrapping import wrapped

SMALLEST = (24, 12)
"""Columns and rows below which nothing useful fits."""
ROOMY = 18
"""Rows above which an empty one helps the eye."""
TITLES = ("First text", "Second text")


class Drawn(NamedTuple):
    lines: tuple[Text, ...]
    """As many as the screen has rows, none wider than it."""
    window: Window
    cursor: tuple[int, int] | None = None
    """Row and column, from 0, where letters would appear; None where none are typed."""


def drawn(session: Session, columns: int, rows: int) -> Drawn:
    """What to show now, and how much of the text or page that is."""
    if columns < SMALLEST[0] or rows < SMALLEST[1]:
        return Drawn(filled(plain("The window is too small.", columns), columns, rows), session.window)
    if session.page is not None:
        return _page(session, columns, rows)
    question = first(plain(session.question.text, columns, "bold"), rows // 4, "?")
    head = [*_header(session, columns), *question, *([Text()] if rows > ROOMY else [])]
    typed = input_of(session.reply, columns)
    answer = first(typed.lines, max(1, (rows - len(head) - 3) // 2), "e")
    body = _body(session, columns)
    room = rows - len(head) - len(answer) - 3
    top = _top(session, body, columns, room)
    below = [*answer, Text(one(session.notice), "yellow"), _footer(session, columns)]
    lines = [*head, *_part(body, top, room), rule(columns, top, len(body[top : top + room]), len(body)), *below]
    cursor = None
    if typed.cursor is not None:
        line, column = typed.cursor
        cursor = (rows - len(below) + min(line, len(answer) - 1), min(column, columns - 1))
    return Drawn(filled(lines, columns, rows), Window(columns, room, top), cursor)


def _page(session: Session, columns: int, rows: int) -> Drawn:
    title, entries = page(session)
    body = [line for margin, text in entries for line in beside(margin, text, columns)]
    room = rows - 3
    top = min(session.window.top, max(0, len(body) - room))
    below = [
        rule(columns, top, len(body[top : top + room]), len(body)),
        Text("Space: on   b: back   others: close", QUIET),
    ]
    lines = [Text(one(title), "bold"), *_part(body, top, room), *below]
    return Drawn(filled(lines, columns, rows), Window(columns, room, top))


def _part(body: Sequence[Text], top: int, room: int) -> list[Text]:
    return [*body[top : top + room], *[Text()] * (room - len(body))]


def _header(session: Session, columns: int) -> list[Text]:
    """Where one is in the round, as words and as a bar."""
    total = len(session.items)
    right = f" {min(session.place + 1, total)} of {total}"
    left = Text(one(f"{session.question.card} · {session.question.annotator}"), QUIET)
    left.truncate(max(0, columns - len(right)), overflow="ellipsis", pad=True)
    done = columns * session.place // max(1, total)
    return [
        Text.assemble(left, (right, "bold")),
        Text.assemble(("━" * done, "green"), ("─" * (columns - done), QUIET)),
    ]


def _body(session: Session, columns: int) -> list[Text]:
    """The texts of the item, and the votes where they are shown."""
    item = session.item
    if item is None:
        skipped = len(session.items) - len(session.answers)
        passed = f" {skipped} passed over; they come again in the next round." if skipped else ""
        return plain(f"The round is at its end: {len(session.answers)} answered.{passed}", columns)
    if isinstance(session.reply, Parts):
        lines = [marked(line, session.reply) for line in wrapped(item.texts[0], columns)]
    else:
        lines = plain(item.texts[0], columns)
    if len(item.texts) > 1:
        second = plain(item.texts[1], columns)
        lines = [Text(TITLES[0], QUIET), *lines, Text(), Text(TITLES[1], QUIET), *second]
    return [*lines, *_votes(item, columns)]


def _votes(item: Item, columns: int) -> list[Text]:
    """The votes, beside each other where they are short."""
    votes = [(f"{_letters(number)}: ", vote) for number, vote in enumerate(item.votes)]
    if all(cell_len(letter + vote) <= columns // 3 for letter, vote in votes):
        lines = flowed([Text.assemble((letter, KEY), one(vote)) for letter, vote in votes], columns)
    else:
        lines = [line for letter, vote in votes for line in beside(letter, vote, columns)]
    return [Text(), Text("Votes", QUIET), *lines] if votes else []


def _top(session: Session, body: Sequence[Text], columns: int, room: int) -> int:
    """The first line of the body to show: the one scrolled to, or such that the cursor is seen."""
    top = session.window.top
    if isinstance(session.reply, Parts) and session.item is not None:
        lines = wrapped(session.reply.text, columns)
        at = next((place for place, line in enumerate(lines) if line and line[-1].end > session.reply.cursor), 0)
        at += len(session.item.texts) > 1
        top = max(at - room + 1, min(top, at))
    return max(0, min(top, len(body) - room))


def _footer(session: Session, columns: int) -> Text:
    """Commands, as many as fit; `?` shows all."""
    question = session.question
    entries = [("?", "help"), ("s", "skip"), ("u", "back"), ("q", "save and quit")]
    entries += [("g", "guidelines")] if question.guide else []
    entries += [("e", "examples")] if question.examples else []
    entries += [("p", "present label")] if question.reviews else []
    before = "Esc, then  " if session.takes_letters else ""
    found = flowed([Text.assemble((key, KEY), (f" {what}", QUIET)) for key, what in entries], columns - len(before))
    return Text.assemble((before, QUIET), found[0])


def _letters(number: int) -> str:
    """A to Z, then AA, AB and so on."""
    return (_letters(number // 26 - 1) if number >= 26 else "") + chr(ord("A") + number % 26)
