"""Metrics of sacrebleu as sums over lines: what its corpus scores are made of, and the score of such sums.

Calls the two steps between which sacrebleu itself adds the lines up, so that the value is its corpus score.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from harness.metric import FloatArray
from harness.statistics.confusion import no_rows


def no_text(references: Sequence[str]) -> str | None:
    """The obstacle of what counts characters or words between white space: the references have none."""
    blank = len(references) and not any(map(str.strip, references))
    return "every reference is blank" if blank else no_rows(references)


def line_sums(scorer: Any, gold: Sequence[str], predicted: Sequence[str]) -> FloatArray:
    """(n, m): what sacrebleu counts on each line against its one reference. `scorer` is one of its metrics."""
    return np.array(scorer._extract_corpus_statistics(list(predicted), [list(gold)]), dtype=np.float64)


def corpus_scores(scorer: Any, totals: FloatArray) -> FloatArray:
    """(..., m) -> (...): the score of each row of sums, from 0 to 100 or above."""
    rows = totals.reshape(-1, totals.shape[-1])
    scores = [scorer._compute_score_from_stats(row.tolist()).score for row in rows]
    return np.array(scores, dtype=np.float64).reshape(totals.shape[:-1])
