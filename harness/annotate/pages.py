"""The pages that can be opened over an item: the guidelines, examples of the labels, and the keys."""

from harness.annotate.replies import codes
from harness.annotate.session import Question, Session

COMMANDS = (
    ("s", "pass over this item; it comes again in the next round"),
    ("u", "take back the last answer, or go back to what was passed over"),
    ("PgUp PgDn", "scroll a long text"),
    ("q", "save the answers as a layer of the card, and quit"),
    ("Ctrl-Z", "back to the shell; `fg` goes on"),
    ("Ctrl-C", "stop; the answers are kept, and the same command goes on"),
)


Row = tuple[str, str]
"""What stands in the margin, and the text beside it."""


def page(session: Session) -> tuple[str, list[Row]]:
    """Title and rows of the page that is open."""
    question = session.question
    if session.page == "guidelines" and question.guide is not None:
        return question.guide.title, [("", question.guide.text)]
    if session.page == "examples":
        return "Labels", _labels(question)
    return "Keys", _keys(session)


def _labels(question: Question) -> list[Row]:
    rows = []
    for code, label in zip(codes(len(question.labels)), question.labels, strict=True):
        rows += [(f"{code:<4}", label), *(("    - ", example) for example in question.examples.get(label, ()))]
    return rows


def _keys(session: Session) -> list[Row]:
    question = session.question
    entries = [*(session.reply.help if session.reply else ())]
    entries += [("g", "the guidelines")] if question.guide else []
    entries += [("e", "the labels, with examples")] if question.labels else []
    entries += [("p", "the label that the item has now")] if question.reviews else []
    return [("", question.text), ("", ""), *((f"{key:<14}", what) for key, what in (*entries, *COMMANDS))]
