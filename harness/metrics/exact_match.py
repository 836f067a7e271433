"""The share of questions whose answer is, word for word, one of the right ones.

What is no difference (case, punctuation, articles) is told by `harness.texts.answer_words`. Where there is no answer,
only an empty one is right.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from harness.metric import FloatArray, Reads
from harness.statistics.confusion import no_rows, ratio
from harness.texts.answer_words import right_answers, words


class ExactMatch:
    """Right answers / questions. Two sums: right answers, questions.

    Source: Rajpurkar et al. 2016, "SQuAD", section 6.1; Rajpurkar et al. 2018 for questions without an answer.
    """

    version: ClassVar[int] = 1
    reads: ClassVar[Reads] = "answers"
    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = 1.0
    higher_is_better: ClassVar[bool] = True
    is_proportion: ClassVar[bool] = True
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        {"gold": [["The Eiffel Tower", "Paris"], ["1889"]], "predicted": ["eiffel tower.", "in 1889"], "value": 1 / 2},
        # no answer, found and missed
        {"gold": [[], []], "predicted": ["", "Paris"], "value": 1 / 2},
        {"gold": [["《红楼梦》"]], "predicted": ["红楼梦。"], "value": 1.0},
    )

    def obstacle(self, gold: Sequence[Sequence[str]], labels: Sequence[str]) -> str | None:  # noqa: ARG002
        """Only an empty split."""
        return no_rows(np.zeros(len(gold)))

    def contributions(self, gold: Sequence[Sequence[str]], predicted: Sequence[str], classes: int) -> FloatArray:  # noqa: ARG002
        """(n, 2): 1 for a right answer, and 1 for being there."""
        right = [words(said) in right_answers(texts) for texts, said in zip(gold, predicted, strict=True)]
        return np.column_stack([right, np.ones(len(right))]).astype(np.float64)

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 2) -> (...); nan where there is no question."""
        return ratio(totals[..., 0], totals[..., 1])
