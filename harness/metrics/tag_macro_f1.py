"""The mean of the F1 of every tag of the card, each tag with the same weight, counted over tokens.

As `macro_f1`, with tokens for rows: where a tag of the card is on no token of the evaluated split the metric is absent
with that reason. `O` is a tag like the others.
"""

from collections.abc import Sequence
from itertools import chain
from typing import Any, ClassVar

import numpy as np

from harness.metric import FloatArray, IntArray, Reads
from harness.statistics.confusion import class_totals, f1_by_class, mean_of_defined, missing_class, no_rows

Tagged = Sequence[Sequence[str]]


class TagMacroF1:
    """The mean of F1 scores of tags. Three sums for each: right, gold and predicted tokens.

    Source: Opitz and Burst 2019, "Macro F1 and Macro F1".
    """

    version: ClassVar[int] = 1
    reads: ClassVar[Reads] = "tags"
    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = 1.0
    higher_is_better: ClassVar[bool] = True
    is_proportion: ClassVar[bool] = False
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        # DT: 2*1/(1+1) = 1; NN: 2*1/(2+1) = 2/3; VB: 2*1/(1+2) = 2/3
        {"gold": [["DT", "NN"], ["NN", "VB"]], "predicted": [["DT", "NN"], ["VB", "VB"]], "value": 7 / 9},
        # a tag that is nowhere in gold counts 0 where it is predicted: O 1, PER 0, LOC 0
        {"gold": [["O", "PER"]], "predicted": [["O", "LOC"]], "value": 1 / 3},
    )

    def obstacle(self, gold: Tagged, labels: Sequence[str]) -> str | None:
        """No row, or a tag of the card without a token."""
        there = set(chain.from_iterable(gold))
        return no_rows(np.zeros(len(gold))) or _missing(there, labels)

    def contributions(self, gold: Tagged, predicted: Tagged, classes: int) -> FloatArray:
        """(n, 3 classes): right, gold and predicted tokens of each tag. ValueError where lengths differ.

        Tags that occur come first, by name; as many columns as the card has tags, so that models can be resampled
        together.
        """
        lengths = [len(right) for right in gold]
        if lengths != [len(said) for said in predicted]:
            raise ValueError("the numbers of gold and predicted tags differ")
        names = sorted({*chain.from_iterable(gold), *chain.from_iterable(predicted)})
        place = {name: number for number, name in enumerate(names)}
        width = max(classes, len(names))
        rows = np.repeat(np.arange(len(gold)), lengths) * width

        def counted(tags: IntArray, worth: FloatArray | None = None) -> FloatArray:
            cells = np.bincount(rows + tags, weights=worth, minlength=len(gold) * width)
            return cells.reshape(len(gold), width).astype(np.float64)

        right, said = (
            np.array([place[name] for name in chain.from_iterable(side)], dtype=np.int64) for side in (gold, predicted)
        )
        return np.hstack([counted(right, (right == said).astype(np.float64)), counted(right), counted(said)])

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 3 classes) -> (...). A tag that a resample has on neither side is left out of its mean."""
        return mean_of_defined(f1_by_class(class_totals(totals)))


def _missing(there: set[str], labels: Sequence[str]) -> str | None:
    present = np.array([number for number, label in enumerate(labels) if label in there], dtype=np.int64)
    return missing_class(present, labels) if labels else None
