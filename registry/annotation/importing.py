"""Answers that came back from an annotation tool become one immutable layer of the card.

All problems are told at once, with file and line, and then nothing is imported. What is no answer (cancelled, ignored,
not annotated, a draft, a prediction) is counted and left out.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from registry.annotation import layers
from registry.annotation.instructions import instructions
from registry.annotation.items import items
from registry.annotation.layers import Entry
from registry.annotation.matching import Desk, Item, Skipped, Terms, marks_of, problem
from registry.annotation.tool import Tool, joined, labels_of
from registry.catalog import Catalog
from registry.errors import UserError, plural
from registry.kinds import READERS, TOOLS
from registry.reading.answers import entries
from registry.text import inputs

MOST_TOLD = 50
"""Further problems are counted."""


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

    def as_json(self) -> dict[str, object]:
        return {
            "answers": len(self.entries),
            "new": self.new,
            "votes": sum(entry.role == "vote" for entry in self.entries),
            "items": len({entry.item for entry in self.entries}),
            "annotators": sorted({str(entry.annotator) for entry in self.entries}),
            "skipped": dict(self.skipped),
            "layer": str(self.layer) if self.layer else None,
            "unproven": self.unproven,
        }


class _Read(NamedTuple):
    """What the files hold."""

    entries: list[Entry]
    skipped: Counter[str]
    problems: list[UserError]


def imported(name: str, files: Sequence[Path], catalog: Catalog, terms: Terms) -> Imported:
    """Append what the files answer to the card's layers. UserError with every problem; then nothing is appended."""
    tool = terms.tool or _tool_of(files)
    desk = _desk(name, catalog, terms)
    read = _Read([], Counter(), [])
    for file in files:
        _read(file, tool, desk, read)
    if read.problems:
        raise _refused(read.problems)
    # Of several answers that one person gave to one item, the last one in a layer counts.
    found = sorted(read.entries, key=lambda entry: entry.time or "")
    layer = layers.add(catalog.project.root, name, tool, found)
    new = len(layers.read(layer).entries) if layer else 0
    return Imported(tuple(found), new, dict(read.skipped), layer, _unproven(found, tool, desk))


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


def _read(file: Path, name: str, desk: Desk, read: _Read) -> None:
    """What one file answers, added to what was read."""
    tool: Tool = TOOLS.get(name)()
    reader = READERS.get(tool.reader)()
    try:
        for entry in entries(file, "utf-8"):
            try:
                works = list(reader.works(entry))
            except UserError as error:
                read.problems.append(error)
                continue
            for work in works:
                try:
                    found = desk.take(work, tool, name, file)
                except (ValueError, UserError) as error:
                    read.problems.append(problem(error, entry.where))
                    continue
                if isinstance(found, Skipped):
                    read.skipped[found.reason] += 1
                else:
                    read.entries.append(found)
    except UserError as error:  # what follows in a file that is no JSON cannot be read
        read.problems.append(error)


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


def _refused(problems: Sequence[UserError]) -> UserError:
    shown = [str(found) for found in islice(problems, MOST_TOLD)]
    more = [f"... and {len(problems) - MOST_TOLD:,} more"] if len(problems) > MOST_TOLD else []
    return UserError("\n".join([*shown, *more, f"{plural(len(problems), 'problem')}. Nothing was imported."]))


def _unproven(found: Sequence[Entry], tool: str, desk: Desk) -> int:
    """Spans that only their tool can vouch for."""
    if TOOLS.get(tool).proven:
        return 0
    marks = [
        (desk.by_id[entry.item].texts[0], end) for entry in found for _, end, _ in marks_of(entry.answer, desk.form)
    ]
    return sum(any(char > "\uffff" for char in text[:end]) for text, end in marks)
