"""An annotator's round: a queue of items, the answers to them, and what every key does.

Pure: keys in, state out. Knows no terminal, no clock and no file.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

from pydantic import JsonValue

from harness.annotate import keys
from harness.annotate.replies import Number, OneLabel, Parts, Reply, SomeLabels, Words
from registry.annotation.spec import Form

Page = Literal["guidelines", "examples", "help"]


class Guide(NamedTuple):
    """The instructions of the annotators."""

    title: str
    text: str
    digest: str
    """The first 12 digits of the sha256 of the file."""


class Question(NamedTuple):
    """What is asked of every item."""

    card: str
    annotator: str
    text: str
    form: Form
    labels: tuple[str, ...] = ()
    scale: tuple[float, float] | None = None
    examples: Mapping[str, tuple[str, ...]] = {}
    guide: Guide | None = None
    reviews: bool = False
    """Whether a label that the item has already is shown when asked for."""


class Item(NamedTuple):
    """What is asked about."""

    id: str
    texts: tuple[str, ...]
    shown: str
    """The digest of the texts."""
    votes: tuple[str, ...] = ()
    """What others answered, for people to read; of items that are adjudicated alone."""
    present: str | None = None
    """The label it has already."""


class Window(NamedTuple):
    """What the screen showed last."""

    columns: int = 80
    rows: int = 20
    """Lines that there was room for."""
    top: int = 0
    """The first line that was shown."""


UNSEEN = Window()


@dataclass(frozen=True)
class Session:
    """`place` is that of the item on the screen; all items are behind it at the end."""

    question: Question
    items: tuple[Item, ...]
    answers: Mapping[str, JsonValue]
    place: int = 0
    reply: Reply | None = None
    """None at the end."""
    page: Page | None = None
    """What is shown in place of the item."""
    window: Window = UNSEEN
    commanding: bool = False
    """Whether the next letter is a command although the answer takes letters."""
    notice: str = ""
    ended: bool = False

    @property
    def item(self) -> Item | None:
        return self.items[self.place] if self.place < len(self.items) else None

    @property
    def takes_letters(self) -> bool:
        return self.reply is not None and self.reply.takes_letters and not self.commanding


class Change(NamedTuple):
    """An answer that was given, or taken back where it is None."""

    item: Item
    answer: JsonValue


class Step(NamedTuple):
    session: Session
    change: Change | None = None


def begun(question: Question, items: tuple[Item, ...], answers: Mapping[str, JsonValue]) -> Session:
    """A round in which the first items have their answers already."""
    known = {item.id: answers[item.id] for item in items if item.id in answers}
    return _at(Session(question, items, known), len(known))


def press(session: Session, key: str) -> Step:
    """What a key does. No key is refused: one that means nothing says so."""
    session = replace(session, notice="")
    if session.page is not None:
        return Step(_turned(session, key))
    if session.takes_letters and key == keys.ESCAPE:
        return Step(replace(session, commanding=True))
    if not session.takes_letters and key in COMMANDS:
        return COMMANDS[key](replace(session, commanding=False))
    session = replace(session, commanding=False)
    return _replied(session, key) or Step(_scrolled(session, key))


def _replied(session: Session, key: str) -> Step | None:
    """What a key does to the answer; None where it means nothing to that."""
    if session.item is None or session.reply is None:
        return None
    pressed = session.reply.press(key, session.window.columns)
    if pressed is None:
        return None
    if pressed.answer is None:
        return Step(replace(session, reply=pressed.reply, notice=pressed.notice))
    answers = {**session.answers, session.item.id: pressed.answer}
    return Step(_at(replace(session, answers=answers), session.place + 1), Change(session.item, pressed.answer))


def _at(session: Session, place: int, before: JsonValue = None) -> Session:
    """At another item, with the answer that it had before."""
    moved = replace(session, place=place, window=session.window._replace(top=0))
    return replace(moved, reply=None if moved.item is None else _reply(session.question, moved.item, before))


def _reply(question: Question, item: Item, before: Any) -> Reply:
    match question.form:
        case "multi":
            return SomeLabels(question.labels, frozenset(before or ()) & frozenset(question.labels))
        case "scale" if question.scale:
            return Number(*question.scale, typed="" if before is None else str(before))
        case "spans":
            spans = tuple((start, end, label) for start, end, label in before or ())
            return Parts(item.texts[0], question.labels, spans)
        case "text":
            return Words(before or "", len(before or ""))
    return OneLabel(question.labels, before if before in question.labels else "")


def _scrolled(session: Session, key: str) -> Session:
    page = max(1, session.window.rows - 1)
    lines = {keys.UP: -1, keys.DOWN: 1, keys.PAGE_UP: -page, keys.PAGE_DOWN: page}.get(key)
    if lines is None:
        return replace(session, notice="That key means nothing here; ? shows those that do.")
    return replace(session, window=session.window._replace(top=max(0, session.window.top + lines)))


def _turned(session: Session, key: str) -> Session:
    """On a page, one more screen forwards or back; any key that does not turn it closes it."""
    turns = {" ": keys.PAGE_DOWN, keys.ENTER: keys.PAGE_DOWN, "b": keys.PAGE_UP}
    key = turns.get(key, key)
    if key in (keys.UP, keys.DOWN, keys.PAGE_UP, keys.PAGE_DOWN):
        return _scrolled(session, key)
    return _opened(session, None)


def _opened(session: Session, page: Page | None) -> Session:
    return replace(session, page=page, window=session.window._replace(top=0))


def _help(session: Session) -> Step:
    return Step(_opened(session, "help"))


def _guidelines(session: Session) -> Step:
    if session.question.guide is None:
        return Step(replace(session, notice="The card names no guidelines."))
    return Step(_opened(session, "guidelines"))


def _examples(session: Session) -> Step:
    if not session.question.labels:
        return Step(replace(session, notice="The question has no labels."))
    return Step(_opened(session, "examples"))


def _present(session: Session) -> Step:
    if session.item is None or not session.question.reviews:
        return Step(replace(session, notice="Nothing is shown that could sway the answer."))
    label = session.item.present
    return Step(replace(session, notice="It has no label." if label is None else f"Its present label: {label}"))


def _skip(session: Session) -> Step:
    return Step(session if session.item is None else _at(session, session.place + 1))


def _undo(session: Session) -> Step:
    """Back to the item before, whose answer no longer counts until it is given again."""
    if not session.place:
        return Step(replace(session, notice="This is the first item."))
    item = session.items[session.place - 1]
    before = session.answers.get(item.id)
    answers = {key: answer for key, answer in session.answers.items() if key != item.id}
    back = _at(replace(session, answers=answers), session.place - 1, before)
    return Step(back, None if before is None else Change(item, None))


def _quit(session: Session) -> Step:
    return Step(replace(session, ended=True))


COMMANDS: Mapping[str, Callable[[Session], Step]] = {
    "g": _guidelines,
    "e": _examples,
    "p": _present,
    "s": _skip,
    "u": _undo,
    "q": _quit,
    "?": _help,
}
