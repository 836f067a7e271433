"""How many different words all predictions have together: a model that always says the same has few.

Li et al. 2016, "A diversity-promoting objective function for neural conversation models". Longer texts repeat more, so
compare models whose answers are about as long.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from harness.metric import Reads
from harness.statistics.confusion import no_rows
from harness.texts.words import distinct


class Distinct1:
    """Different words / all words of the predictions; each Han or Kana character is a word."""

    version: ClassVar[int] = 1
    reads: ClassVar[Reads] = "texts"
    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = 1.0
    higher_is_better: ClassVar[bool] = True
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        {"gold": ["", ""], "predicted": ["I do not know", "I do"], "value": 4 / 6},
        {"gold": [""], "predicted": ["好好好"], "value": 1 / 3},
    )

    def obstacle(self, gold: Sequence[str], labels: Sequence[str]) -> str | None:  # noqa: ARG002 - the contract's signature
        """Only that there are no rows."""
        return no_rows(gold)

    def of_all(self, gold: Sequence[str], predicted: Sequence[str], classes: int) -> float:  # noqa: ARG002
        """nan where there is nothing to count."""
        return distinct(predicted, 1)
