"""The share of tokens with the right tag, over all sentences."""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from harness.metric import FloatArray, Reads
from harness.statistics.confusion import no_rows, ratio

Tagged = Sequence[Sequence[str]]


class TagAccuracy:
    """Right tags / tokens. Two sums: right tags, tokens.

    No proportion of independent answers, since the tokens of a sentence are drawn together: intervals resample
    sentences.
    """

    version: ClassVar[int] = 1
    reads: ClassVar[Reads] = "tags"
    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = 1.0
    higher_is_better: ClassVar[bool] = True
    is_proportion: ClassVar[bool] = False
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        {"gold": [["DT", "NN"], ["VB"]], "predicted": [["DT", "VB"], ["VB"]], "value": 2 / 3},
        # a long sentence weighs more than a short one
        {"gold": [["O"] * 9, ["B-PER"]], "predicted": [["O"] * 9, ["O"]], "value": 9 / 10},
        {"gold": [["B-PER"]], "predicted": [["I-PER"]], "value": 0.0},
    )

    def obstacle(self, gold: Tagged, labels: Sequence[str]) -> str | None:  # noqa: ARG002 - the contract's signature
        """No row, or none with a token."""
        return no_rows(np.zeros(len(gold))) or (None if any(gold) else "no row of the evaluated split has a token")

    def contributions(self, gold: Tagged, predicted: Tagged, classes: int) -> FloatArray:  # noqa: ARG002
        """(n, 2): right tags and tokens of each sentence. ValueError where numbers of tags differ."""
        table = np.zeros((len(gold), 2))
        for row, (right, said) in enumerate(zip(gold, predicted, strict=True)):
            table[row] = sum(one == other for one, other in zip(right, said, strict=True)), len(right)
        return table

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 2) -> (...); nan where there is no token."""
        return ratio(totals[..., 0], totals[..., 1])
