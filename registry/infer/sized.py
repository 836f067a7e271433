"""The end of a drafted card: its labels, a split that leaves none empty, and what its test split can tell.

Runs the registry's own steps over the selected rows, so that the sizes it tells are those of a build.
"""

import math
from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from registry import power
from registry.card import DatasetCard
from registry.errors import UserError, clipped, plural
from registry.infer.draft import Draft, checked
from registry.infer.profile import MISSING, by_value
from registry.infer.shapes import LABELLED
from registry.kinds import TARGETS, TASKS
from registry.op import staying
from registry.pipeline.fates import of_frame
from registry.pipeline.labelling import SCARCE
from registry.progress import Silent
from registry.split import SPLITS
from registry.target import Target

RULES = "Add votes on other texts, or write a card by hand with other bounds between the labels: docs/annotation.md."
CONFLICT = (
    "Equal texts bear different labels: mend them in the data. Where rows are answers of several people, select one "
    "row for each text and name their table in `annotation: {votes: {source: ..., item: ..., value: ...}}`: "
    "docs/annotation.md."
)
WIDEST_MARGIN = 0.25
"""A test split that tells only larger differences gets no margin: it claims nothing worth saying."""


MOST_TAGS = 100
"""A card names no more tags than this."""

OTHER_SEED = 14
"""For rows that the usual seed, 13, once put into one split: under it they would all fall there again."""


def sized(draft: Draft, made: pl.DataFrame, share: float) -> Draft:
    """The draft with labels, a split that leaves none empty, and the margin that its test split allows."""
    card = checked(draft)
    rows, why = _fates(made, card), draft.notes.get("split", ())
    if draft.split["method"] == "hash" and not _fills(card, rows):
        draft, why = _otherwise(draft, made, rows)
        rows = _fates(made, checked(draft))
    kept = rows.filter(staying())
    target = TARGETS.get(TASKS.get(draft.task).answer)()
    labels, told = _labels(rows, target) if target.closed else ((), ())
    told = (*draft.notes.get("labels", ()), *told)
    if share < 1 and target.closed:
        told += ("labels: the rows that were not looked at may bear others; add them where `bench build` names any",)
    sizes = {name: kept.filter(pl.col("_split") == name).height for name in SPLITS}
    shown = ", ".join(f"{name} {size:,}" for name, size in sizes.items() if size)
    tested = round(sizes["test"] / share)
    margin, claim = _margin(tested, exact=share >= 1) if draft.task in LABELLED else (None, ())
    split = (*why, f"split: of the rows looked at, {shown}", *(() if margin else claim))
    notes = {**draft.notes, "labels": told, "split": split, "margin": claim}
    return replace(draft, labels=draft.labels or labels, margin=margin, notes=notes)


def _fills(card: DatasetCard, rows: pl.DataFrame) -> bool:
    """Whether no split that the card promises comes out empty."""
    return set(card.split.split.promised) <= set(rows.filter(staying())["_split"].unique())


def _otherwise(draft: Draft, made: pl.DataFrame, rows: pl.DataFrame) -> tuple[Draft, tuple[str, ...]]:
    """Another seed where the rows are one split of another card, cut with the usual seed; else all rows to test."""
    kept = rows.filter(staying())
    entry = next(iter(draft.sources.values()))
    part = entry["version"].get("split") if isinstance(entry.get("version"), Mapping) else None
    reseeded = replace(draft, split={**draft.split, "seed": OTHER_SEED})
    if part and kept["_split"].unique().to_list() == [part]:
        card = checked(reseeded)
        if _fills(card, _fates(made, card)):
            why = f"split: the usual seed puts all of these rows into {part} again, as in the card that they come from"
            return reseeded, (f"{why}; another seed parts them",)
    why = f"split: {plural(kept.height, 'row')} are too few for three splits, so all are test rows"
    return replace(draft, split={**draft.split, "method": "all-test"}), (why,)


def _fates(made: pl.DataFrame, card: DatasetCard) -> pl.DataFrame:
    """What a build would make of every row: whether it stays, its split and its label."""
    with Silent().step("") as step:
        return of_frame(made, card, "data", step)


def _labels(rows: pl.DataFrame, target: Target) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The labels of the rows that stay, numbers by value, and how many rows bear each."""
    borne = target.labels(rows.filter(staying())["label"]).explode().drop_nulls()
    counts = dict(borne.value_counts().rows())
    if len(counts) < 2:
        raise _too_few_labels(rows, list(counts))
    names = tuple(sorted(counts, key=by_value))
    shown = ", ".join(f"{clipped(name, 40)} {counts[name]:,}" for name in names[:20])
    told = [f"labels: rows that stay after cleaning: {shown}{', ...' if len(names) > 20 else ''}"]
    scarce = [clipped(name, 40) for name in names if counts[name] < SCARCE]
    if scarce:
        told.append(f"labels: fewer than {SCARCE} rows: {', '.join(scarce[:20])}")
    blank = [f'"{clipped(name, 40)}" ({plural(counts[name], "row")})' for name in names if name.lower() in MISSING]
    if blank and "decided_by" not in rows.columns and not target.beside:
        told.append(f"labels: {', '.join(blank)} may stand for a missing label; if so, make it NULL in `select:`")
    if target.beside and len(names) > MOST_TAGS:
        names = ()  # the card's label set is then what the rows have
    return names, tuple(told)


def _too_few_labels(rows: pl.DataFrame, labels: list[str]) -> UserError:
    """Says by which steps rows leave, since the column itself may have labels enough."""
    there = f'only "{clipped(labels[0], 60)}"' if labels else "none"
    left = rows.filter(~staying()).group_by("_op", "_reason").len().sort("len", "_op", "_reason", descending=True)
    shown = ", ".join(f"{count:,} by {op} ({reason})" for op, reason, count in left.rows())
    what = f"at least two labels are needed; the rows that stay have {there}"
    do = "Add rows of other labels, or take another label column."
    if "decided_by" in rows.columns:
        do = RULES
    elif "label conflict" in left["_reason"]:
        do = CONFLICT
    gone = plural(rows.height - rows.filter(staying()).height, "row")
    return UserError(f"{what}. Of {rows.height:,}, {gone} leave: {shown}" if shown else what, do=do)


def _margin(test: int, *, exact: bool) -> tuple[float | None, tuple[str, ...]]:
    """The smallest difference that the test split can tell, rounded up so that it holds, and a comment on it."""
    smallest = power.smallest_difference(test) or 1.0
    rows = f"margin: {'' if exact else 'about '}{plural(test, 'test row')}"
    if smallest > WIDEST_MARGIN:
        needed = power.rows_needed(0.05)
        why = f"{rows} tell only models apart that differ by more than {WIDEST_MARGIN:g}; {needed:,} tell 0.05"
        return None, (why,)
    why = f"{rows} tell two models apart that differ by this much in accuracy ({power.ASSUMED})"
    # What was only looked at in part may come out a little smaller.
    return math.ceil(smallest * 1000 * (1 if exact else 1.1)) / 1000, (why,)
