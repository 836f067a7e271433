"""Answers that came back from an annotation tool become one immutable layer of the card.

All problems are told at once, with file, line and item, and then nothing is imported. What is no answer (cancelled,
ignored, not annotated, a draft, a prediction) or answers another question is counted and left out.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from registry.annotation import layers
from registry.annotation.instructions import instructions
from registry.annotation.items import items
from registry.annotation.layers import Entry
from registry.annotation.matching import Desk, Item, Skipped, Terms, instant, marks_of
from registry.annotation.persons import accounts, doubled
from registry.annotation.problems import Wrong, refused, wrong
from registry.annotation.tool import QUESTION, Tool, joined, labels_of
from registry.catalog import Catalog
from registry.errors import UserError, clipped
from registry.kinds import READERS, TOOLS
from registry.pipeline.labelling import gives
from registry.reading.answers import Answer, entries
from registry.reading.answers import Entry as Exported
from registry.text import inputs

EARLIEST = datetime.min.replace(tzinfo=UTC)


class Imported(NamedTuple):
    """What came in."""

    entries: tuple[Entry, ...]
    """Every answer of the files, in order of time."""
    new: int
    """Of these, those that no layer had."""
    skipped: Mapping[str, int]
    """By reason, work that is no answer."""
    layer: Path | None
    """None where nothing was new."""
    unproven: int
    """Spans behind characters that some tools count as two, of a tool that records no text to hold them against."""
    question: str
    """The name of the question that was taken for the card's."""
    doubts: tuple[str, ...]
    """Why the names of annotators may not be those of people."""
    builds: bool
    """Whether a build can make labels of such answers."""

    def as_json(self, root: Path) -> dict[str, object]:
        """For programs; the layer is relative to `root`."""
        return {
            "answers": len(self.entries),
            "new": self.new,
            "votes": sum(entry.role == "vote" for entry in self.entries),
            "items": len({entry.item for entry in self.entries}),
            "annotators": sorted({str(entry.annotator) for entry in self.entries}),
            "skipped": dict(self.skipped),
            "layer": self.layer.relative_to(root).as_posix() if self.layer else None,
            "unproven": self.unproven,
            "question": self.question,
            "doubts": list(self.doubts),
        }


class _Piece(NamedTuple):
    """One annotator's work on one task, and where it stands."""

    work: list[Answer]
    task: Exported
    file: Path


class _Read(NamedTuple):
    """What the files hold."""

    pieces: list[_Piece]
    problems: list[Wrong]


def imported(name: str, files: Sequence[Path], catalog: Catalog, terms: Terms) -> Imported:
    """Append what the files answer to the card's layers. UserError with every problem; then nothing is appended."""
    told = terms.tool or _tool_of(files)
    tool: Tool = TOOLS.get(told)()
    desk = _desk(name, catalog, terms)
    read = _Read([], [])
    for file in files:
        _read(file, tool, desk, read)
    question = _question([row for piece in read.pieces for row in piece.work]) if tool.named else None
    found, skipped = _taken(read, tool, told, desk, question)
    if read.problems:
        raise refused(read.problems)
    # Of several answers that one person gave to one item, the last one in a layer counts.
    found.sort(key=lambda entry: instant(entry.time) if entry.time else EARLIEST)
    layer = _added(name, told, found, catalog.project.root)
    new = layers.read(layer).entries if layer else ()
    return Imported(
        entries=tuple(found),
        new=len(new),
        skipped=skipped,
        layer=layer,
        unproven=_unproven(found, tool, desk),
        question=question or QUESTION,
        doubts=_doubts(new, layer, desk) if layer else (),
        builds=desk.asked is None or gives(desk.asked, catalog.dataset(name)),
    )


def _desk(name: str, catalog: Catalog, terms: Terms) -> Desk:
    known = items(name, catalog)
    rows, asked = known.rows, known.card.annotation
    texts = zip(*(rows[column].fill_null("").to_list() for column in inputs(rows)), strict=True)
    found = [Item(*item) for item in zip(rows["id"].to_list(), rows["shown"].to_list(), texts, strict=True)]
    by_text: dict[str, list[Item]] = {}
    for item in found:
        for text in dict.fromkeys((item.texts[0], joined(item.texts))):
            by_text.setdefault(text, []).append(item)
    return Desk(
        card=name,
        asked=asked,
        labels=labels_of(known.card, rows),
        guidelines=instructions(known.card, catalog.project).digest,
        by_id={item.id: item for item in found},
        by_text=by_text,
        terms=terms,
    )


def _read(file: Path, tool: Tool, desk: Desk, read: _Read) -> None:
    """What stands in one file, added to what was read."""
    reader = READERS.get(tool.reader)()
    try:
        for task in entries(file, "utf-8"):
            try:
                works = list(reader.works(task))
            except UserError as error:
                read.problems.append(wrong(error, task.where, _item(task, tool, desk)))
                continue
            read.pieces.extend(_Piece(work, task, file) for work in works)
    except UserError as error:  # what follows in a file that is no JSON cannot be read
        read.problems.append(wrong(error, str(file)))


def _taken(
    read: _Read, tool: Tool, name: str, desk: Desk, question: str | None
) -> tuple[list[Entry], Mapping[str, int]]:
    """The answers, and by reason how much is none; what is wrong is added to the problems."""
    found: list[Entry] = []
    skipped: Counter[str] = Counter()
    for piece in read.pieces:
        work, others = _about(piece.work, question)
        skipped.update(others)
        if not work:
            continue
        try:
            one = desk.take(work, tool, name, piece.file)
        except (ValueError, UserError) as error:
            who = desk.called(work[0], piece.file)
            read.problems.append(wrong(error, piece.task.where, _item(piece.task, tool, desk), who))
            continue
        if isinstance(one, Skipped):
            skipped[one.reason] += 1
        else:
            found.append(one)
    return found, dict(skipped)


def _item(task: Exported, tool: Tool, desk: Desk) -> str:
    """The id of the row that a task is about, as far as it tells; else empty."""
    data = task.value.get("data")
    data = data if isinstance(data, dict) else task.value
    carried: dict[str, Any] = tool.metadata(data)
    if "item" in carried:
        return str(carried["item"])
    text = data.get("text")
    alike = desk.by_text.get(text, ()) if isinstance(text, str) else ()
    return alike[0].id if len(alike) == 1 else ""


def _question(rows: Sequence[Answer]) -> str:
    """The name under which the card's question was answered: ours, else the only one. UserError where that is open."""
    names = Counter(row.question for row in rows if row.question is not None)
    if QUESTION in names or not names:
        return QUESTION
    if len(names) == 1:
        return next(iter(names))
    shown = clipped(", ".join(f"{name}: {count:,}" for name, count in names.most_common()), 200)
    do = f'Call the one that is the card\'s "{QUESTION}" in the tool, and export again.'
    raise UserError(f'the answers are to several questions ({shown}), and none is called "{QUESTION}"', do=do)


def _about(work: Sequence[Answer], question: str | None) -> tuple[Sequence[Answer], list[str]]:
    """The rows that answer the question, none where all answer others; and why the others are left out.

    Rows without the name of a question belong to the work as a whole.
    """
    names = [row.question for row in work if row.question not in (None, question)]
    if question is None or not names:
        return work, []
    mine = [row for row in work if row.question in (None, question)]
    others = [f'to "{clipped(str(name), 60)}", which is not the question "{clipped(question, 60)}"' for name in names]
    return mine if any(row.question == question for row in mine) else (), others


def _added(card: str, tool: str, found: Sequence[Entry], root: Path) -> Path | None:
    """The new layer. UserError where it cannot be written: layers stand in the project, wherever the store is."""
    try:
        return layers.add(root, card, tool, found)
    except OSError as error:
        where = error.filename or layers.folder(root, card)
        do = "Layers stand in the project, beside its cards: mend that there, then run the same command again."
        what = f"writing the layer failed: {error.strerror or error}. Nothing was imported."
        raise UserError(what, where=str(where), do=do) from error


def _doubts(new: Sequence[Entry], layer: Path, desk: Desk) -> tuple[str, ...]:
    """Why the names in a new layer may not be those of people."""
    earlier = [path for path in layers.files(layer.parent) if path != layer]
    known = [entry for path in earlier for entry in layers.read(path).entries]
    listed = desk.asked is not None and desk.asked.annotators
    given = set(desk.terms.renamed.values())
    return (*(() if listed else accounts(new, given)), *doubled(new, known))


def _tool_of(files: Sequence[Path]) -> str:
    """The one tool that can have written the first object of each file. UserError where that is not sure."""
    told = set()
    for file in files:
        first = next(iter(entries(file, "utf-8")), None)
        able = [name for name in TOOLS.names() if first and TOOLS.get(name)().wrote(first.value)]
        if len(able) != 1:
            do = f"Say it with `--tool`: {', '.join(TOOLS.names())}."
            raise UserError("does not show which tool it was exported from", where=str(file), do=do)
        told.update(able)
    if len(told) > 1:
        raise UserError(f"the files are of several tools: {', '.join(sorted(told))}", do="Import them one by one.")
    return told.pop()


def _unproven(found: Sequence[Entry], tool: Tool, desk: Desk) -> int:
    """Spans that only their tool can vouch for."""
    if tool.proven:
        return 0
    marks = [
        (desk.by_id[entry.item].texts[0], end) for entry in found for _, end, _ in marks_of(entry.answer, desk.form)
    ]
    return sum(any(char > "\uffff" for char in text[:end]) for text, end in marks)
