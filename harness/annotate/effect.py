"""What corrected labels did to scores: models trained on an earlier and on a later version, judged by the later one.

Both are judged on the same rows of the later test split, with its labels, and learnt from none of them. Owns which rows
those are; records no run, because no version is what such a model learnt from.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import polars as pl

from harness.annotate.predictor import Predictor, predictor
from harness.kinds import METRICS, TASKS
from harness.metric import IntArray, WholeMetric
from harness.scoring import of_runs
from harness.statistics.intervals import Estimate, paired_difference
from harness.statistics.resampling import mean_over_seeds
from harness.workspace import Workspace
from registry.card import DatasetCard
from registry.errors import UserError
from registry.kinds import TASKS as REGISTRY_TASKS
from registry.split import SPLITS
from registry.store import SHORT, Published
from registry.text import example
from registry.versions import tags
from registry.versions.diff import diff
from registry.versions.tags import Reference, reference

DEFAULT = ("tfidf-logreg",)


class Change(NamedTuple):
    """One metric of one model; `difference` is after minus before. All None where there is no value, with a reason."""

    model: str
    metric: str
    before: float | None
    after: float | None
    difference: Estimate | None
    reason: str = ""


class Effect(NamedTuple):
    """How two versions differ, and what that does to models."""

    card: str
    before: str
    after: str
    """Content digests."""
    relabelled: pl.DataFrame
    """`split` (of the later version), `label_before`, `label`, `rows`: the most frequent first."""
    other: dict[str, int]
    """Rows that were added, removed, changed or moved between splits."""
    tested: int
    """Rows that both models are judged on."""
    new: int
    """Rows of the later test split that the earlier version does not have; nobody is judged on them."""
    withheld: int
    """Rows of the earlier version that nobody learns from, because they, or rows like them, are tested."""
    changes: tuple[Change, ...]


class _Sides(NamedTuple):
    """What is learnt from on either side, and what both are judged on."""

    before: tuple[pl.DataFrame, pl.DataFrame]
    after: tuple[pl.DataFrame, pl.DataFrame]
    """Train and validation rows."""
    test: pl.DataFrame


def effect(
    card: str, before: str, after: str, workspace: Workspace, models: Sequence[str] = DEFAULT, seeds: int = 1
) -> Effect:
    """What changed from one version to another. `before` and `after` are tags, digests or CARD@VERSION.

    Without `after`, the card as it stands is meant. UserError where a version is not in the store, the two ask other
    questions, or have no test row in common.
    """
    old, new = (_version(card, version, workspace) for version in (before, after))
    labels = _same_question(old, new)
    known = pl.concat([old.read(split).select("id", label_before="label") for split in SPLITS])
    test = new.read("test")
    shared = test.join(known, on="id", how="semi").sort("id")
    if not shared.height:
        what = f"no row of the test split of {card} {new.digest[:SHORT]} is in {old.digest[:SHORT]}"
        raise UserError(what, do="Compare versions that share test rows; folds have none.")
    (learnt_before, withheld), (learnt_after, _) = (_without(version, test) for version in (old, new))
    sides = _Sides(learnt_before, learnt_after, shared)
    asked = [predictor(name, workspace) for name in models]
    question = workspace.catalog.dataset(card)
    changes = tuple(change for model in asked for change in _changes(model, question, labels, sides, seeds))
    compared = diff(old, new, limit=0)
    return Effect(
        card,
        old.digest,
        new.digest,
        _relabelled(known, new),
        {kind: compared.total(kind) for kind in ("added", "removed", "changed", "moved")},
        shared.height,
        test.height - shared.height,
        withheld,
        changes,
    )


def _version(card: str, written: str, workspace: Workspace) -> Published:
    wanted = reference(written) if "@" in written else Reference(card, written)
    if wanted.card != card:
        raise UserError(
            f'"{written}" is a version of {wanted.card}, not of {card}', do="Name two versions of one card."
        )
    return tags.at_hand(workspace.catalog, wanted)


def _same_question(old: Published, new: Published) -> tuple[str, ...]:
    """The labels. UserError where the versions have others, or are of other tasks."""
    sets = [tuple(version.manifest["labels"]) for version in (old, new)]
    tasks = [version.manifest["identity"]["task"]["name"] for version in (old, new)]
    if set(sets[0]) != set(sets[1]) or tasks[0] != tasks[1]:
        sides = [f"{task}: {', '.join(labels)}" for task, labels in zip(tasks, sets, strict=True)]
        what = f"the two versions ask other questions ({sides[0]}; {sides[1]})"
        raise UserError(what, do="Compare versions with the same task and labels.")
    return sets[1]


def _without(version: Published, test: pl.DataFrame) -> tuple[tuple[pl.DataFrame, pl.DataFrame], int]:
    """Train and validation rows that no tested row is like, by id, text or group; and how many others there were."""
    known = test.with_columns(_example=example(test))
    parts, left = [], 0
    for split in ("train", "validation"):
        rows = version.read(split)
        kept = rows.with_columns(_example=example(rows))
        for key in ("id", "_example", "group"):
            if key in kept.columns and key in known.columns:
                kept = kept.join(known.select(key), on=key, how="anti", maintain_order="left")
        parts.append(kept.drop("_example"))
        left += rows.height - kept.height
    return (parts[0], parts[1]), left


def _relabelled(known: pl.DataFrame, new: Published) -> pl.DataFrame:
    """How many rows of both versions have another label now, by split."""
    now = pl.concat([new.read(split).select("id", "label", split=pl.lit(split)) for split in SPLITS])
    both = now.join(known, on="id").filter(pl.col("label") != pl.col("label_before"))
    counts = both.group_by("split", "label_before", "label").agg(rows=pl.len())
    return counts.sort("rows", "split", "label_before", "label", descending=[True, False, False, False])


def _changes(
    model: Predictor, card: DatasetCard, labels: tuple[str, ...], sides: _Sides, seeds: int
) -> Iterator[Change]:
    """Every metric of the card that reads labels."""
    task = card.task
    model.check(task, labels)
    judge, numbers = TASKS.get(task)(), range(1, (seeds if model.seeded else 1) + 1)
    with model.progress.step(f"{model.card.name}, before and after", 2 * len(numbers), "fits") as step:
        answers: list[list[pl.DataFrame]] = []
        for learnt in (sides.before, sides.after):
            found = [model.predict(task, labels, learnt, sides.test, seed) for seed in numbers]
            answers.append([judge.predictions(sides.test, one, labels) for one in found])
            step.advance(len(numbers))
    for name in [one for one in card.metrics if one in METRICS.names()] or REGISTRY_TASKS.get(task).metrics:
        metric = METRICS.get(name)()
        if metric.reads != "labels" or isinstance(metric, WholeMetric):  # which has no interval
            continue
        scores = of_runs(metric, [*answers[0], *answers[1]], labels)
        if isinstance(scores, str):
            yield Change(model.card.name, name, None, None, None, scores)
            continue
        sums = [one.contributions for one in scores]
        old, new = sums[: len(numbers)], sums[len(numbers) :]
        difference = paired_difference(new, old, metric.value, _groups(sides.test))
        was, now = (mean_over_seeds(side, metric.value) for side in (old, new))
        yield Change(model.card.name, name, was, now, difference)


def _groups(test: pl.DataFrame) -> IntArray | None:
    """Rows of a group are drawn together, or the interval would be too narrow."""
    if "group" not in test.columns:
        return None
    groups: IntArray = test["group"].rank("dense").cast(pl.Int64).to_numpy()
    return groups
