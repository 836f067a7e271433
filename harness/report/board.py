"""What a report shows, as plain frozen values: cells, the datasets behind them, the models in them.

Owns the shape of `bench report --format json`. Everything here is already computed; renderers only lay it out.
"""

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from harness.drift import Difference
from registry.audits.asked import Result
from registry.quality.measure import Scorecard


@dataclass(frozen=True)
class Anchor:
    """A published value, and whether this cell agrees with it within the tolerance that the card gives."""

    value: float
    tolerance: float
    source: str
    reproduced: bool


@dataclass(frozen=True)
class Cell:
    """One metric of one model on one dataset; where there is no number, `value` is None and `reason` says why."""

    board: str
    dataset: str
    version: str
    train: str
    """What the model was trained on: `card@digest`, with `:n` or `:n/class` where rows were limited; "" for none."""
    split: str
    """`test`, or `cross-validation`."""
    folds: int | None
    repeats: int | None
    """Both None for a held-out split. Each repeat predicts every row once, whatever its fold."""
    kind: Literal["general", "vertical", "task"]
    model: str
    metric: str
    higher_is_better: bool
    value: float | None
    low: float | None
    high: float | None
    n: int | None
    """Evaluated examples."""
    seeds: int
    seconds: float | None
    """Fit and predict together, of all folds; mean over seeds and repeats."""
    trainable_parameters: int | None
    status: Literal["ok", "failed", "missing", "not_applicable"]
    reason: str
    run_ids: tuple[str, ...]
    anchor: Anchor | None
    headline: bool = False
    """Whether this is the first metric of its card."""
    best_or_tied: bool | None = None
    """Whether the paired interval of the difference to the best model of this dataset and metric includes zero."""
    clean_value: float | None = None
    """The metric on the test rows that no audit found in or near the training data."""
    clean_n: int | None = None
    clean_reason: str = ""
    """Why there is a value and no clean one."""
    role: Literal["model", "human", "bound"] = "model"
    """`human`: one annotator held against the others. `bound`: what sees the right answers. Both are there to compare
    with: never ranked, never tied."""


class ClassScores(NamedTuple):
    """The F1 of one model on each label, in the order of the dataset's labels."""

    model: str
    scores: tuple[float | None, ...]


@dataclass(frozen=True)
class DatasetSection:
    """What a reader needs to trust a dataset: its card, its counts, its agreement, what left and why, the audit."""

    name: str
    title: str
    kind: str
    domain: str
    languages: tuple[str, ...]
    license: str
    citation: str
    version: str
    labels: tuple[str, ...]
    label_counts: dict[str, dict[str, int]]
    """split -> label -> rows."""
    rows_read: int | None
    rows_kept: int | None
    """None, like the rows read, until the dataset is built."""
    ledger: tuple[tuple[str, str, int], ...]
    """(op, reason, rows)."""
    agreement: dict[str, Any] | None
    """{measure, level, value, low, high, at_least, passed, unmet, items, votes, on_failure}."""
    audit: dict[str, Any]
    """check -> count of violations found in the published files."""
    card_text: str
    """The card as it was written."""
    notices: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()
    """Of each split from all rows; empty for a version of before they were measured."""
    power: str = ""
    """The smallest difference between two models that the evaluated rows can tell."""
    asked: tuple[Result, ...] = ()
    """What the audits found that the card asks for."""
    quality: Scorecard | None = None
    """None until the dataset is built."""
    human: str = ""
    """How the human row was found; empty where there is none."""
    by_class: tuple[ClassScores, ...] = ()
    """Empty for tasks whose rows have no one label."""
    annotation: dict[str, Any] | None = None
    """What was asked and how it was decided, and what the manifest knows of it; None where nobody was asked."""


@dataclass(frozen=True)
class ModelSection:
    name: str
    title: str
    family: str
    recipe: dict[str, Any]
    card_text: str


@dataclass(frozen=True)
class Ranked:
    """One line of the overall table: the mean of the headline metric over the datasets that every ranked model has.

    A cost that is not known for each of these datasets is None: a sum of fewer would pass for a cheaper model.
    """

    rank: int | None
    """1 for the best; equal means share a rank; None for a model that lacks a score, or where means say nothing."""
    model: str
    mean: float | None
    mean_rank: float | None
    datasets: int
    missing: tuple[str, ...]
    seconds: float | None
    trainable_parameters: int | None


@dataclass(frozen=True)
class Board:
    """One leaderboard. `cells` are in order of dataset, metric, model as the suite names them, people last."""

    name: str
    title: str
    cells: tuple[Cell, ...]
    datasets: tuple[DatasetSection, ...]
    models: tuple[ModelSection, ...]
    overall: tuple[Ranked, ...]
    ranking_rule: str
    machine: str
