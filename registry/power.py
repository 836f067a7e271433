"""How small a difference between two models a test split can tell, and how many rows a difference needs.

Both models answer the same rows, so only the rows on which exactly one of them is right speak for either
(McNemar's test). With `d` the difference in accuracy and `p` the share of such rows,

    rows = (z_confidence * sqrt(p) + z_power * sqrt(p - d^2))^2 / d^2

Source: Connor 1987, "Sample size for testing differences in proportions for the paired-sample design", Biometrics
43, page 209.
"""

import math
from statistics import NormalDist

CONFIDENCE = 0.95
"""Of the two-sided test that says whether two models differ."""

POWER = 0.8
"""How often a difference of that size is found when it is there."""

DISCORDANT = 0.1
"""The assumed share of rows on which exactly one of two models is right.

Two models that err on every tenth row and share half of their mistakes disagree on a tenth of the rows. Weaker or
less related models disagree more often, and then more rows are needed, about in proportion.
"""

ASSUMED = f"{CONFIDENCE:.0%} confidence, {POWER:.0%} power, {DISCORDANT:.0%} of rows that one of them alone gets right"
"""The same in words, for those who are told a number that rests on it."""


def rows_needed(difference: float, discordant: float = DISCORDANT) -> int:
    """Test rows that tell a difference in accuracy apart. ValueError where it is not above 0 and at most 1."""
    if not 0 < difference <= 1:
        raise ValueError(f"a difference in accuracy lies above 0 and at most at 1, not at {difference:g}")
    # Models that differ by d are not both right on a share d of the rows at least.
    share = max(discordant, difference)
    needed = _CONFIDENCE_Z * math.sqrt(share) + _POWER_Z * math.sqrt(share - difference**2)
    # Rounding must not ask for a row more than the inverse does.
    return math.ceil((needed / difference) ** 2 - 1e-6)


def smallest_difference(rows: int, discordant: float = DISCORDANT) -> float | None:
    """The smallest difference in accuracy that `rows` test rows tell apart; None where they tell not even 0 from 1."""
    if rows < rows_needed(1.0, discordant):
        return None
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if rows_needed(middle, discordant) <= rows else (middle, high)
    return high


_CONFIDENCE_Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
_POWER_Z = NormalDist().inv_cdf(POWER)
_HALVINGS = 40
"""Halvings of [0, 1]: fine to 1e-12. Need falls as the difference grows, so that halving finds it."""
