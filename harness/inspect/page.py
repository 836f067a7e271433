"""A dataset card as a page for the terminal: what it says, what its version holds, five rows of it.

Refuses markup: every string becomes a rich Text with control characters made visible.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from harness.drift import differences, power
from harness.folds import folds_of
from harness.inspect import quality
from harness.inspect.show import Shown, shown
from registry import gate
from registry.annotation.agreement import CONFIDENCE
from registry.audits.asked import results
from registry.errors import plural, printable
from registry.store import SHORT, filled

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table
    from rich.text import Text

    from registry.catalog import Catalog

USES = {"research": "research only", "non-commercial": "no commercial use"}
MOST_LABELS = 30
"""Labels that are listed; the JSON has all."""

LABEL = 20
"""Columns of the terminal that a label beside its text may take."""

MOST_CHARACTERS = 2_000
"""Of a text in the page: a cell shows one line of it."""


def page(catalog: "Catalog", name: str) -> "list[RenderableType]":
    """What `bench card show` prints of a dataset card, from top to bottom."""
    found = shown(catalog, name)
    parts: list[RenderableType] = [_text(found.card.title, "bold"), _text(_line(found))]
    parts += [_text(notice, "yellow") for notice in _notices(found)]
    parts += [_text(""), _facts(found)]
    if found.manifest:
        parts += [_text(""), _labels(found.manifest)]
    if found.examples is not None:
        parts += [_text(""), _examples(found)]
    return parts


def _text(text: str, style: str = "", *, one_line: bool = False) -> "Text":
    from rich.text import Text

    overflow: Any = "ellipsis" if one_line else "fold"
    return Text(printable(text), style=style, no_wrap=one_line, overflow=overflow)


def _line(found: Shown) -> str:
    card = found.card
    return "  ".join(part for part in (card.name, card.kind, card.domain, card.task, " ".join(card.languages)) if part)


def _notices(found: Shown) -> Iterator[str]:
    card = found.card
    if card.deprecated:
        yield f"deprecated: {card.deprecated}"
    if card.superseded_by:
        yield f"superseded by {card.superseded_by}"
    if card.license.use in USES:
        yield f"{USES[card.license.use]}: {card.license.note or card.license.spdx}"
    if found.trouble:
        yield from found.trouble.split("\n")
    if found.shadows:
        yield "takes the place of the shipped card of this name"
    verdict = found.agreement
    if verdict and not verdict["passed"]:
        yield "the votes are worth less than the card asks for"
        yield from verdict["unmet"]


def _facts(found: Shown) -> "Table":
    """Keys and values, those that the card has."""
    from rich.table import Table

    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for key, value in _pairs(found):
        if value:
            table.add_row(_text(key, "dim"), _text(value))
    return table


def _pairs(found: Shown) -> Iterator[tuple[str, str]]:
    card = found.card
    yield "file", found.file
    yield "description", card.description
    yield "licence", ", ".join(part for part in (card.license.spdx, USES.get(card.license.use, "")) if part)
    yield "licence note", card.license.note
    yield "creators", ", ".join(card.creators)
    yield "published", card.published or ""
    yield "citation", card.citation
    yield "page", card.url or ""
    for source in found.sources:
        yield f"source {source.name}", f"{source.told} ({', '.join(source.state)})"
    if card.annotation:
        yield "question", card.annotation.question
        yield "guidelines", card.annotation.guidelines or ""
        yield "agreement", _agreement(found)
    yield "cleaning", "; ".join(found.cleaning)
    yield "split", found.split
    yield "metrics", ", ".join(card.metrics)
    yield "margin", _margin(found)
    yield "drift", _drift(found)
    for one in results(card.audit, found.manifest) if found.manifest else ():
        yield f"audit {one.audit}", str(one)
    yield "version", _version(found)
    if found.quality:
        yield from quality.pairs(found.quality)


def _agreement(found: Shown) -> str:
    """The measured value with its interval, beside what the card asks for."""
    if found.card.annotation is None:
        return ""
    wanted, verdict = gate.demands(found.card.annotation.agreement), found.agreement
    asked = f"{wanted} asked for" if wanted else "nothing is asked for"
    if verdict is None:
        return f"{asked}; measured when it is built"
    if verdict["value"] is None:
        return f"{gate.named(verdict)} cannot be computed: {verdict['reason']}; {asked}"
    interval = "" if verdict["low"] is None else f", {CONFIDENCE:.0%} [{verdict['low']:.3f}, {verdict['high']:.3f}]"
    items = plural(verdict["items"], "item")
    return f"{gate.named(verdict)} {verdict['value']:.3f}{interval} over {items}; {asked}"


def _margin(found: Shown) -> str:
    """What the card claims to tell apart, and what its evaluated rows can."""
    if found.manifest:
        return power(found.manifest, found.card.margin)
    return "" if found.card.margin is None else f"{found.card.margin:g}"


def _drift(found: Shown) -> str:
    """How far each split is from all rows; a mark where chance does not explain it."""
    measured = (one for one in differences(found.manifest or {}) if one.p is not None)
    return "; ".join(f"{one}{' !' if one.notable else ''}" for one in measured)


def _version(found: Shown) -> str:
    if not found.manifest:
        return f"not built as it stands; `bench build {found.card.name}` makes it"
    manifest, folds = found.manifest, folds_of(found.manifest)
    kept = f"{manifest['rows_kept']:,} of {plural(manifest['rows_read'], 'row')}"
    return f"{manifest['content_digest'][:SHORT]}: {kept}{f', for {folds}' if folds else ''}"


def _labels(manifest: Mapping[str, Any]) -> "Table":
    """Rows of each label in each split, and of all."""
    splits = filled(manifest)
    table = _table(["label", *splits], numbers=len(splits))
    names = manifest["labels"]
    for label in names[:MOST_LABELS]:
        counts = [f"{manifest['splits'][name]['labels'].get(label, 0):,}" for name in splits]
        table.add_row(*_cells([label, *counts]))
    if len(names) > MOST_LABELS:
        table.add_row(_text(f"and {plural(len(names) - MOST_LABELS, 'more label')}", "dim"))
    totals = [f"{manifest['splits'][name]['rows']:,}" for name in splits]
    table.add_row(*_cells(["all", *totals]), style="bold")
    return table


def _examples(found: Shown) -> "Table":
    """Rows as they are in the data, each on one line."""
    frame = found.examples
    assert frame is not None  # noqa: S101 - asked before
    texts = [name for name in frame.columns if name != "label"]
    table = _table(["label", *texts])
    table.columns[0].max_width = LABEL
    for column in table.columns[1:]:
        column.no_wrap = False  # it gives way; its cells have one line all the same
    for row in frame.iter_rows(named=True):
        texts_shown = [" ".join(str(row[name] or "").split())[:MOST_CHARACTERS] for name in texts]
        table.add_row(*_cells([str(row["label"] or ""), *texts_shown]))
    return table


def _table(columns: Iterable[str], numbers: int = 0) -> "Table":
    """A table whose last `numbers` columns hold numbers."""
    from rich import box
    from rich.table import Table

    table, names = Table(box=box.SIMPLE_HEAD, pad_edge=False), list(columns)
    for place, name in enumerate(names):
        right = place >= len(names) - numbers and numbers
        table.add_column(_text(name), justify="right" if right else "left", no_wrap=True, overflow="ellipsis")
    return table


def _cells(values: Iterable[str]) -> "list[Text]":
    return [_text(value, one_line=True) for value in values]
