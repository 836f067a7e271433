"""A board as one HTML file that opens from disk and loads nothing.

Owns what the templates are given. Refuses to trust text: Jinja escapes all of it, JSON carries no `<`.
"""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.report import annotation, clean, words
from harness.report.annotation import AnnotationView
from harness.report.board import Board, Cell, DatasetSection
from harness.report.cells import anchored, conditions, datasets, headline_cells, labels, tidy
from harness.report.chart import intervals
from harness.report.quality import QualityView, view
from harness.report.rows import embed, payload
from harness.report.soft import soft_cells
from registry.split import SPLITS

if TYPE_CHECKING:
    import jinja2

TEMPLATES = Path(__file__).with_name("templates")


@dataclass(frozen=True)
class SectionView:
    """A dataset section with what is worked out from the cells. No facts: the dataset could not be built."""

    name: str
    facts: DatasetSection | None
    metric: str
    conditions: tuple[str, ...]
    results: tuple[tuple[str, Cell], ...]
    anchored: tuple[Cell, ...]
    chart: str
    splits: tuple[str, ...]
    labels: tuple[str, ...]
    clean: str
    """What to know of the scores on the clean subset."""
    quality: QualityView | None
    annotation: AnnotationView | None


def as_html(board: Board, vega: str) -> str:
    """`vega` is the text of the chart program, see `bundle.vega`."""
    board = tidy(board)
    return (
        _templates()
        .get_template("page.html")
        .render(
            board=board,
            sections=[_section(board, name, facts) for name, facts in datasets(board).items()],
            payload=payload(board),
            choices=_choices(board),
            tally=_tally(board),
            files={
                name: (TEMPLATES / name).read_text(encoding="utf-8") for name in ("style.css", "table.js", "charts.js")
            },
            vega=vega,
        )
    )


@cache
def _templates() -> "jinja2.Environment":
    import jinja2

    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    env.filters |= {name: getattr(words, name) for name in FILTERS}
    env.filters |= {"slug": slug, "compact": _compact, "clean": clean.told}
    env.globals |= {"published": words.published, "status_words": words.STATUS_WORDS}
    return env


FILTERS = ("direction", "number", "count", "seconds", "parameters", "short", "sentence")


def slug(name: str) -> str:
    """A name as part of an id; different names stay different, and card names stay as they are."""
    return re.sub(r"[^\w.-]|_", lambda match: f"_{ord(match[0]):x}", name, flags=re.ASCII)


def _compact(value: Any) -> str:
    """A recipe value on one line."""
    import json

    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def _section(board: Board, name: str, facts: DatasetSection | None) -> SectionView:
    cells = headline_cells(board, name)
    spec = intervals(cells)
    return SectionView(
        name=name,
        facts=facts,
        metric=cells[0].metric if cells else "",
        conditions=tuple(conditions(cells)),
        results=tuple(zip(labels(cells), cells, strict=True)),
        anchored=tuple(anchored(board, name)),
        chart="" if spec is None else embed(spec),
        splits=splits(facts) if facts else (),
        labels=counted_labels(facts) if facts else (),
        clean=clean.note(cells),
        quality=view(facts),
        annotation=annotation.view(facts, soft_cells(board, name)),
    )


def splits(facts: DatasetSection) -> tuple[str, ...]:
    """train, validation, test, then any other in order of name."""
    known = [name for name in SPLITS if name in facts.label_counts]
    return (*known, *sorted(set(facts.label_counts) - set(known)))


def counted_labels(facts: DatasetSection) -> tuple[str, ...]:
    """The card's labels, then any that the rows have beside them, so that the totals add up."""
    counted = {label for counts in facts.label_counts.values() for label in counts}
    return (*facts.labels, *sorted(counted - set(facts.labels)))


def _choices(board: Board) -> dict[str, list[str]]:
    """What each filter offers."""
    fields = ("dataset", "kind", "model", "metric", "status")
    return {field: list(dict.fromkeys(getattr(cell, field) for cell in board.cells)) for field in fields}


def _tally(board: Board) -> dict[str, int]:
    """What the page says about itself at the top, holes and failed anchors included."""
    statuses = Counter(cell.status for cell in board.cells)
    anchors = [cell.anchor for cell in board.cells if cell.anchor]
    return {
        "cells": len(board.cells),
        "failed": statuses["failed"],
        "missing": statuses["missing"],
        "not_applicable": statuses["not_applicable"],
        "anchors": len(anchors),
        "reproduced": sum(anchor.reproduced for anchor in anchors),
        "gates": sum(1 for facts in board.datasets if facts.agreement and facts.agreement.get("passed") is False),
        "leaks": sum(1 for facts in board.datasets if any(facts.audit.values())),
    }
