"""Which rows share a batch. Knows lengths only, no texts and no tensors.

A batch is filled up to a budget of tokens, padding included, instead of a number of rows: short rows make
wide batches, long rows narrow ones, and a step costs about the same either way.
"""

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]

WINDOW = 2_000
"""Rows that are sorted by length together. Wide enough for little padding (3% on film snippets), narrow
enough that the rows of one batch differ from epoch to epoch."""


def training_batches(lengths: IntArray, budget: int, seed: int, epoch: int, window: int = WINDOW) -> list[IntArray]:
    """The batches of one epoch in the order they are trained on: every row exactly once.

    `lengths` in tokens, `budget` in tokens with padding. The same seed and epoch give the same batches.
    """
    rng = np.random.default_rng([seed % 2**63, epoch])
    order = rng.permutation(len(lengths))
    windows = [order[start : start + window] for start in range(0, len(order), window)]
    batches = [batch for rows in windows for batch in _cut(_by_length(rows, lengths), lengths, budget)]
    return [batches[place] for place in rng.permutation(len(batches))]


def sorted_batches(lengths: IntArray, budget: int) -> list[IntArray]:
    """Batches for computing without learning: least padding, longest rows first.

    The first batch is the most demanding one, so what does not fit into memory fails at once.
    """
    rows = _by_length(np.arange(len(lengths)), lengths)
    return _cut(rows, lengths, budget)[::-1]


def padded_tokens(batches: list[IntArray], lengths: IntArray) -> int:
    """Tokens that are computed, padding included."""
    return sum(len(batch) * int(lengths[batch].max()) for batch in batches)


def _by_length(rows: IntArray, lengths: IntArray) -> IntArray:
    return rows[np.argsort(lengths[rows], kind="stable")]


def _cut(rows: IntArray, lengths: IntArray, budget: int) -> list[IntArray]:
    """Rows that ascend in length, cut so that rows times longest row stays within the budget.

    A row that exceeds the budget by itself makes a batch of one.
    """
    cuts, start = [], 0
    for end, length in enumerate(lengths[rows].tolist()):
        if end > start and (end + 1 - start) * length > budget:
            cuts.append(end)
            start = end
    return np.split(rows, cuts) if len(rows) else []
