"""How a score grows with the training rows: an inverse power law through measured points. numpy only.

`score = limit - drop * rows ** -rate`, by least squares. Source: Cortes et al. 1994, "Learning curves: asymptotic
values and rate of convergence"; for how well it predicts, Viering and Loog 2021, "The shape of learning curves".
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from harness.metric import FloatArray

FEWEST = 3
"""Sizes that the three numbers of the law need at least."""

RATES = np.geomspace(0.05, 3, 120)
"""The rates that are tried: slower ones have no limit in sight, faster ones are there after a few rows."""


class Law(NamedTuple):
    """`drop` is 0 where more rows did not help."""

    limit: float
    drop: float
    rate: float


def law(points: Sequence[tuple[int, float]], best: float) -> Law:
    """The law through (rows, score); `best` is the end of the metric's range that scores may reach and not pass.

    ValueError for fewer than three sizes.
    """
    rows, scores = np.array(points, dtype=np.float64).T
    if len(np.unique(rows)) < FEWEST:
        raise ValueError(f"a learning curve needs {FEWEST} sizes, not {len(np.unique(rows))}")
    # Where less is better the same law holds upside down.
    sign = 1.0 if best >= scores.max() else -1.0
    shares, signed = rows / rows.max(), sign * scores
    fits = [_at_rate(shares, signed, float(rate), sign * best) for rate in RATES]
    errors = [float(((one.limit - one.drop * shares**-one.rate - signed) ** 2).sum()) for one in fits]
    limit, drop, rate = fits[int(np.argmin(errors))]
    return Law(sign * limit, sign * drop * float(rows.max()) ** rate, rate)


def _at_rate(rows: FloatArray, scores: FloatArray, rate: float, best: float) -> Law:
    """The least squares at one rate, kept to a limit that the metric can have and to scores that do not fall."""
    missing = rows**-rate
    slope, limit = np.polyfit(missing, scores, 1)
    if slope >= 0:
        return Law(float(scores.mean()), 0.0, rate)
    if limit > best:
        return Law(best, float((best - scores) @ missing / (missing @ missing)), rate)
    return Law(float(limit), -float(slope), rate)
