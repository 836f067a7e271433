"""The overall table: the mean of the headline metric, over the datasets that have one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np

from harness.report.board import Cell, Ranked
from harness.spec import Suite

Headline = Mapping[tuple[str, str], Cell]
Cost = TypeVar("Cost", int, float)


def overall(suite: Suite, cells: Sequence[Cell], *, one_scale: bool = True) -> tuple[Ranked, ...]:
    """Ranked models first, best first; then those that lack a score on a dataset that others have.

    Where the headline metrics of the datasets are not on one scale (0 to 1 and 0 to 100), or run in opposite
    directions, their mean says nothing: no one is ranked.
    """
    if isinstance(suite.models, dict) and len(suite.models) > 1:
        return ()  # models of different tasks have nothing to be ranked by
    bounds = {cell.model for cell in cells if cell.role == "bound"}
    models = tuple(name for name in suite.every_model if name not in bounds)
    headline = {(cell.dataset, cell.model): cell for cell in cells if cell.headline}
    compared = [name for name in suite.datasets if any(headline[name, m].value is not None for m in models)]
    complete = [m for m in models if all(headline[name, m].value is not None for name in compared)]
    lines = [_line(model, compared, headline, complete if model in complete else []) for model in models]
    directions = {cell.higher_is_better for (name, _), cell in headline.items() if name in compared}
    if len(directions) > 1 or not one_scale:
        return tuple(replace(line, mean=None) for line in lines)
    means = [line.mean for line in lines if line.mean is not None]
    placed = [replace(line, rank=_place(line.mean, means, higher_is_better=True in directions)) for line in lines]
    return tuple(sorted(placed, key=lambda line: (line.rank is None, line.rank)))


def _line(model: str, datasets: Sequence[str], headline: Headline, rivals: Sequence[str]) -> Ranked:
    """`rivals` are the models with a score everywhere, this one among them; empty where it is not."""
    own = [headline[name, model] for name in datasets]
    values = [cell.value for cell in own if cell.value is not None]
    ranks = [_rank(headline[name, model], [headline[name, other] for other in rivals]) for name in datasets]
    ranked = bool(rivals) and bool(values)
    seconds, parameters = _all([cell.seconds for cell in own]), _all([cell.trainable_parameters for cell in own])
    return Ranked(
        rank=None,
        model=model,
        mean=float(np.mean(values)) if ranked else None,
        mean_rank=float(np.mean(ranks)) if ranked else None,
        datasets=len(values),
        missing=tuple(cell.dataset for cell in own if cell.value is None),
        seconds=None if seconds is None else sum(seconds),
        trainable_parameters=None if parameters is None else max(parameters),
    )


def _all(costs: Sequence[Cost | None]) -> list[Cost] | None:
    """The costs where each is known; None where one is not, or there is none."""
    known = [cost for cost in costs if cost is not None]
    return known if known and len(known) == len(costs) else None


def _rank(cell: Cell, rivals: Sequence[Cell]) -> int:
    """The place among the rivals on one dataset."""
    values = [rival.value for rival in rivals if rival.value is not None]
    return _place(cell.value, values, higher_is_better=cell.higher_is_better) or 0


def _place(value: float | None, values: Sequence[float], *, higher_is_better: bool) -> int | None:
    """1 for the best; equal values share a place; None for no value."""
    if value is None:
        return None
    return 1 + sum(other > value if higher_is_better else other < value for other in values)
