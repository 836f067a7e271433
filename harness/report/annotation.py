"""How a dataset was annotated, on the page and in Markdown: what was asked, how it was decided, how far people agree.

Owns what `annotation.html` is given. What a manifest does not say, as one of an older version, is left out.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from harness.report.board import Cell, DatasetSection
from harness.report.words import count, interval, number, sentence, short
from registry.errors import plural

MOST_ROWS = 20
"""Of a table; those that come first are the ones to look at."""

FORMS = {
    "single": "one label",
    "multi": "a set of labels",
    "scale": "a number",
    "spans": "labelled parts of the text",
    "relations": "relations between parts of the text",
    "preference": "the better of two texts",
    "text": "words of one's own",
}

Row = tuple[str, ...]


class Table(NamedTuple):
    """Words that are not escaped yet; the first column names the line."""

    title: str
    heads: Row
    rows: tuple[Row, ...]
    note: str = ""


class AnnotationView(NamedTuple):
    """What is shown of one dataset."""

    said: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]


def view(facts: DatasetSection | None, against: Mapping[str, Sequence[Cell]]) -> AnnotationView | None:
    """None for a dataset that nobody was asked about. `against`: by metric, the cells of models against the votes."""
    if facts is None or not facts.annotation:
        return None
    asked, agreement = facts.annotation, facts.agreement or {}
    tables = (
        _labels(agreement),
        _annotators(asked.get("raters") or {}, agreement),
        _pairs(agreement),
        _models(against),
    )
    said = (*_asked(asked), *_votes(agreement, asked.get("gates", "")), *_imported(asked))
    return AnnotationView(said, tuple(table for table in tables if table.rows))


def markdown(found: AnnotationView | None, table: Callable[..., str], escape: Callable[[str], str]) -> list[str]:
    """The same as a list and tables."""
    if found is None:
        return []
    lines = "\n".join(f"- {name}: {escape(text)}" for name, text in found.said)
    parts = [lines]
    for one in found.tables:
        parts.append(f"#### {one.title}")
        parts.append(table(one.heads, "l" + "r" * (len(one.heads) - 1), [tuple(map(escape, row)) for row in one.rows]))
        parts += [escape(sentence(one.note))] if one.note else []
    return parts


def _asked(asked: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    scale, guidelines = asked.get("scale"), asked.get("guidelines")
    ends = f" from {scale['min']:g} to {scale['max']:g}" if scale else ""
    yield "Question", str(asked.get("question", ""))
    yield "Answer", FORMS.get(str(asked.get("answer")), "") + ends
    yield "Decided by", str(asked.get("aggregate", ""))
    if guidelines:
        version = f", version {guidelines['version']}" if guidelines.get("version") else ""
        yield "Guidelines", short(f"{guidelines['file']}{version}, {guidelines['sha256']}")


def _votes(agreement: Mapping[str, Any], wanted: str) -> Iterator[tuple[str, str]]:
    """Whether that is as the card asks, how many answered each item, and how often that decided nothing."""
    if wanted and agreement:
        yield "Asked of the votes", f"{wanted}: {'met' if agreement.get('passed') else 'not met'}"
    sizes = agreement.get("votes_per_item")
    if sizes:
        span = f"{sizes['min']:,} to {sizes['max']:,}, median {sizes['median']:g}"
        yield "Votes per item", span if sizes["min"] < sizes["max"] else f"{sizes['max']:,}"
    if agreement.get("ties") is not None:
        yield "Ties", f"{agreement['ties']:.1%} of the items with votes"


def _imported(asked: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Answers from outside the rows of the card, and those that do not count."""
    answers = asked.get("answers") or {}
    if asked.get("layers"):
        yield "Imported", plural(len(asked["layers"]), "file")
    if answers:
        counted = (
            f"{plural(answers.get('votes', 0), 'vote')}, {plural(answers.get('adjudications', 0), 'adjudication')}"
        )
        lost = sum(answers.get(name, 0) for name in ("changed", "missing", "unasked", "retired"))
        yield "Counted", counted + (f"; {plural(lost, 'answer')} left out" if lost else "")


def _labels(agreement: Mapping[str, Any]) -> Table:
    """Each label against all others."""
    found = agreement.get("per_label") or {}
    rows = tuple((label, number(one["value"]), interval(one["low"], one["high"])) for label, one in found.items())
    return Table("Agreement on each label", ("Label", "Against all others", "95% interval"), rows)


def _annotators(raters: Mapping[str, Any], agreement: Mapping[str, Any]) -> Table:
    """The annotators whose votes differ most from what was decided; without such figures, those with most votes."""
    others = {one["name"]: one for one in agreement.get("annotators") or ()}
    skilled = {one["name"]: one for one in raters.get("annotators") or ()}
    names = list(skilled or others)
    known = {name: {**others.get(name, {}), **skilled.get(name, {})} for name in names[:MOST_ROWS]}
    rows = tuple(
        (name, count(one["votes"]), number(one.get("value")), number(one.get("skill"))) for name, one in known.items()
    )
    more, anonymous = len(names) - len(rows) + raters.get("left_out", 0), agreement.get("anonymous", 0)
    notes = (
        f"{plural(more, 'annotator')} more" if more else "",
        f"{plural(anonymous, 'vote')} of nobody named" if anonymous else "",
    )
    heads = ("Annotator", "Votes", "Agreement with the others", "Share as decided")
    return Table("Annotators", heads, rows, "; ".join(note for note in notes if note))


def _pairs(agreement: Mapping[str, Any]) -> Table:
    """The pairs of annotators that agree least."""
    found = agreement.get("pairs") or {}
    rows = tuple(
        (
            f"{one['first']}, {one['second']}",
            count(one["items"]),
            number(one["value"]),
            interval(one["low"], one["high"]),
        )
        for one in found.get("worst") or ()
    )
    more = found.get("count", 0) - len(rows)
    heads = ("Annotators", "Items", "Agreement", "95% interval")
    return Table("Pairs that agree least", heads, rows, f"{plural(more, 'pair')} more" if more > 0 else "")


def _models(against: Mapping[str, Sequence[Cell]]) -> Table:
    rows = tuple(
        (cell.model, metric, number(cell.value), interval(cell.low, cell.high), count(cell.n))
        for metric, cells in against.items()
        for cell in cells
        if cell.value is not None
    )
    heads = ("Model", "Against the votes", "Value", "95% interval", "n")
    return Table(
        "Models against the votes", heads, rows, "lower is better; n: evaluated rows with votes" if rows else ""
    )
