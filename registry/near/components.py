"""Clusters of things that pairs join, in numpy: no recursion and no Python loop over things."""

import numpy as np


class Forest:
    """Which of `count` things are joined, directly or through others. A cluster is named by its smallest member."""

    def __init__(self, count: int) -> None:
        # A parent is never larger than its child, so following parents ends at the smallest of a cluster.
        self._parents = np.arange(count)

    def roots(self, things: np.ndarray) -> np.ndarray:
        """The smallest member of each thing's cluster."""
        found: np.ndarray = self._parents[things]
        while True:
            above = self._parents[found]
            # Written each time, so that a long chain halves in every round.
            self._parents[things] = above
            if np.array_equal(above, found):
                return found
            found = above

    def join(self, left: np.ndarray, right: np.ndarray) -> None:
        """Put the clusters of each thing of `left` and of the thing in its place in `right` together."""
        while len(left):
            left, right = self.roots(left), self.roots(right)
            apart = left != right
            left, right = left[apart], right[apart]
            # Of several parents offered to one root the smallest is taken; the others are joined in the next round.
            np.minimum.at(self._parents, np.maximum(left, right), np.minimum(left, right))


def components(count: int, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """For each of `count` things the smallest that it is joined with, itself where it is alone."""
    forest = Forest(count)
    forest.join(left, right)
    return forest.roots(np.arange(count))
