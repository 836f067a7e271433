"""The F1 of entities where a part that overlaps counts half.

An entity is right, worth 1, where tokens and type agree; partial, worth 1/2, where the type agrees and at least one
token is shared. Each counts once: no entity is matched with two.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from harness.metric import FloatArray, Reads
from harness.statistics.confusion import ratio
from harness.texts.entities import Entity, Tagged, counts, no_entity


class EntityF1Partial:
    """2 (right + partial / 2) / (gold + predicted) entities. Three sums: right + partial / 2, gold, predicted.

    Source: Chinchor & Sundheim 1993, "MUC-5 evaluation metrics", whose half for a partial match SemEval-2013 task 9
    (Segura-Bedmar et al.) took over for borders. There the type need not agree; here it must.
    """

    version: ClassVar[int] = 1
    reads: ClassVar[Reads] = "tags"
    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = 1.0
    higher_is_better: ClassVar[bool] = True
    is_proportion: ClassVar[bool] = False
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        # one right, one a token too long: 2*(1 + 1/2)/(2+2)
        {
            "gold": [["B-PER", "I-PER", "O", "B-LOC", "O"]],
            "predicted": [["B-PER", "I-PER", "O", "B-LOC", "I-LOC"]],
            "value": 3 / 4,
        },
        # one entity predicted as two: only one of them counts, and half: 2*(1/2)/(1+2)
        {"gold": [["B-ORG", "I-ORG"]], "predicted": [["B-ORG", "B-ORG"]], "value": 1 / 3},
        # the right tokens with another type
        {"gold": [["B-PER"]], "predicted": [["B-LOC"]], "value": 0.0},
    )

    def obstacle(self, gold: Tagged, labels: Sequence[str]) -> str | None:
        """Nothing to find."""
        return no_entity(gold, labels)

    def contributions(self, gold: Tagged, predicted: Tagged, classes: int) -> FloatArray:  # noqa: ARG002
        """(n, 3): right + partial / 2, gold and predicted entities of each sentence."""
        return counts(gold, predicted, _credit)

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 3) -> (...); nan where there is no entity on either side."""
        return ratio(2 * totals[..., 0], totals[..., 1] + totals[..., 2])


def _credit(there: tuple[Entity, ...], given: tuple[Entity, ...]) -> float:
    right = set(there) & set(given)
    pairs = _partial([one for one in there if one not in right], [one for one in given if one not in right])
    return len(right) + pairs / 2


def _partial(there: list[Entity], given: list[Entity]) -> int:
    """How many overlap, each with another one of its type.

    Entities of one side never overlap and come in order, so taking the leftmost match from the left matches as many
    as can be.
    """
    matched, past = set[int](), 0
    for one in there:
        while past < len(given) and given[past].end <= one.start:
            past += 1
        for place in range(past, len(given)):
            if given[place].start >= one.end:
                break
            if given[place].type == one.type and place not in matched:
                matched.add(place)
                break
    return len(matched)
