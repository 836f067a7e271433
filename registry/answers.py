"""What published rows say must be predicted, as text whatever the task: for what compares and shows rows of any."""

import polars as pl

from registry.kinds import AUDITS, TARGETS, TASKS

NEED_LABELS = ("leaks", "noise")
NEED_TEXTS = ("near", "ngrams", "order")


def with_label(rows: pl.DataFrame, task: str) -> pl.DataFrame:
    """The rows of a published split with what must be predicted as a text in `label`, in place of its own column.

    Null where the task has no such column.
    """
    target = TASKS.get(task).target
    return rows.drop(target or []).with_columns(label=spelled(rows, task))


def spelled(rows: pl.DataFrame, task: str) -> pl.Series:
    """What must be predicted of published rows, as text; null where the task has no such column."""
    asked = TASKS.get(task)
    if not asked.target:
        return pl.Series([None] * rows.height, dtype=pl.String)
    texts: pl.Series = TARGETS.get(asked.answer)().spelled(rows[asked.target])
    return texts


def audits_of(task: str) -> tuple[str, ...]:
    """The audits that make sense of rows of a task: some hold labels of a closed set against texts, most read texts."""
    asked = TASKS.get(task)
    if "text" not in asked.inputs:
        return tuple(name for name in AUDITS.names() if name not in (*NEED_LABELS, *NEED_TEXTS))
    target = TARGETS.get(asked.answer)
    without: tuple[str, ...] = () if target.closed else NEED_LABELS
    if target.beside:  # the tags of a sentence, taken together, are no label that a word could tell
        without = ("leaks",)
    return tuple(name for name in AUDITS.names() if name not in without)
