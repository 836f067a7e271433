"""The overall table: the mean of the headline metric, over the datasets that have one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from harness.report.board import Cell, Ranked
from harness.spec import Suite

Headline = Mapping[tuple[str, str], Cell]


def overall(suite: Suite, cells: Sequence[Cell]) -> tuple[Ranked, ...]:
    """Ranked models first, best first; then those that lack a score on a dataset that others have."""
    headline = {(cell.dataset, cell.model): cell for cell in cells if cell.headline}
    compared = [name for name in suite.datasets if any(headline[name, m].value is not None for m in suite.models)]
    complete = [m for m in suite.models if all(headline[name, m].value is not None for name in compared)]
    lines = [_line(model, compared, headline, complete if model in complete else []) for model in suite.models]
    means = [line.mean for line in lines if line.mean is not None]
    placed = [replace(line, rank=_place(line.mean, means)) for line in lines]
    return tuple(sorted(placed, key=lambda line: (line.rank is None, line.rank)))


def _line(model: str, datasets: Sequence[str], headline: Headline, rivals: Sequence[str]) -> Ranked:
    """`rivals` are the models with a score everywhere, this one among them; empty where it is not."""
    own = [headline[name, model] for name in datasets]
    values = [cell.value for cell in own if cell.value is not None]
    ranks = [_rank(headline[name, model], [headline[name, other] for other in rivals]) for name in datasets]
    ranked = bool(rivals) and bool(values)
    return Ranked(
        rank=None,
        model=model,
        mean=float(np.mean(values)) if ranked else None,
        mean_rank=float(np.mean(ranks)) if ranked else None,
        datasets=len(values),
        missing=tuple(cell.dataset for cell in own if cell.value is None),
        seconds=sum(cell.seconds or 0.0 for cell in own),
        trainable_parameters=max((cell.trainable_parameters or 0 for cell in own), default=None),
    )


def _rank(cell: Cell, rivals: Sequence[Cell]) -> int:
    """The place among the rivals on one dataset."""
    return _place(cell.value, [rival.value for rival in rivals if rival.value is not None]) or 0


def _place(value: float | None, values: Sequence[float]) -> int | None:
    """1 for the highest; equal values share a place; None for no value."""
    return None if value is None else 1 + sum(other > value for other in values)
