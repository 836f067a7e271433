"""How the votes on an item become the one value that a card calls `aggregate`.

Owns the table of aggregates. An item without votes has no aggregate (nan, which becomes null), never 0.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from registry.annotation.votes import Votes


def mean(votes: Votes) -> NDArray[np.float64]:
    """(items,): the arithmetic mean of each item's votes; nan for an item without votes.

    Whole-number votes sum exactly, so that `aggregate = 0` in a label rule means what it says.
    """
    result = np.full(len(votes.counts), np.nan)
    voted = votes.counts > 0
    # Items without votes take no room, so the starts of the others bound their votes exactly.
    if voted.any():
        result[voted] = np.add.reduceat(votes.values, votes.offsets[:-1][voted]) / votes.counts[voted]
    return result


AGGREGATES: dict[str, Callable[[Votes], NDArray[np.float64]]] = {"mean": mean}
"""What a card may name under `annotation: aggregate`."""
