"""The F1 of entities that are exactly right: tokens and type.

Precision and recall are over all entities of all sentences (micro), as seqeval and conlleval report them. How tags
become entities is told by `harness.texts.entities`.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from harness.metric import FloatArray, Reads
from harness.statistics.confusion import ratio
from harness.texts.entities import Entity, Tagged, counts, no_entity


class EntityF1:
    """2 right / (gold + predicted) entities. Three sums: right, gold, predicted.

    Source: Tjong Kim Sang & De Meulder 2003, "Introduction to the CoNLL-2003 shared task", section 2.4.
    """

    version: ClassVar[int] = 1
    reads: ClassVar[Reads] = "tags"
    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = 1.0
    higher_is_better: ClassVar[bool] = True
    is_proportion: ClassVar[bool] = False
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        # one of two found, and one predicted that is a token too long: 2*1/(2+2)
        {
            "gold": [["B-PER", "I-PER", "O", "B-LOC", "O"]],
            "predicted": [["B-PER", "I-PER", "O", "B-LOC", "I-LOC"]],
            "value": 1 / 2,
        },
        # an I after O begins an entity; the words of a segmented text are its entities: 2*3/(3+4)
        {
            "gold": [["O", "I-ORG"], ["B", "M", "E", "S"]],
            "predicted": [["O", "B-ORG"], ["B", "E", "S", "S"]],
            "value": 2 * 2 / (3 + 4),
        },
        {"gold": [["B-PER", "O"], ["O"]], "predicted": [["O", "O"], ["O"]], "value": 0.0},
    )

    def obstacle(self, gold: Tagged, labels: Sequence[str]) -> str | None:
        """Nothing to find: seqeval's 0 for that would say that it was missed."""
        return no_entity(gold, labels)

    def contributions(self, gold: Tagged, predicted: Tagged, classes: int) -> FloatArray:  # noqa: ARG002
        """(n, 3): right, gold and predicted entities of each sentence."""
        return counts(gold, predicted, _right)

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 3) -> (...); nan where there is no entity on either side."""
        return ratio(2 * totals[..., 0], totals[..., 1] + totals[..., 2])


def _right(there: tuple[Entity, ...], given: tuple[Entity, ...]) -> float:
    return len(set(there) & set(given))
