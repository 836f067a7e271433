"""The words that an answer shares with the right one, as the mean of an F1 of each question.

Of several right answers the nearest counts. Words are those of `harness.texts.answer_words`, in Chinese characters;
their order does not matter. (CMRC 2018's own script counts the longest run of words in common, which is never more.)
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from harness.metric import FloatArray, Reads
from harness.statistics.confusion import no_rows, ratio
from harness.texts.answer_words import Words, right_answers, words


class AnswerF1:
    """Sum of F1 / questions. Two sums: F1, questions. Where either side has no words, it is 1 if both have none.

    Source: Rajpurkar et al. 2016, "SQuAD", section 6.1; Rajpurkar et al. 2018 for questions without an answer.
    """

    version: ClassVar[int] = 1
    reads: ClassVar[Reads] = "answers"
    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = 1.0
    higher_is_better: ClassVar[bool] = True
    is_proportion: ClassVar[bool] = False
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        # "1889" shares one word of two: 2*1/(2+1); the second answer is right
        {"gold": [["1889"], ["Lyon", "Paris"]], "predicted": ["in 1889", "Paris"], "value": (2 / 3 + 1) / 2},
        # two of three characters, of two predicted: 2*2/(2+3)
        {"gold": [["曹雪芹"]], "predicted": ["雪芹"], "value": 4 / 5},
        # no answer, found and missed
        {"gold": [[], []], "predicted": ["", "Paris"], "value": 1 / 2},
    )

    def obstacle(self, gold: Sequence[Sequence[str]], labels: Sequence[str]) -> str | None:  # noqa: ARG002
        """Only an empty split."""
        return no_rows(np.zeros(len(gold)))

    def contributions(self, gold: Sequence[Sequence[str]], predicted: Sequence[str], classes: int) -> FloatArray:  # noqa: ARG002
        """(n, 2): the F1 with the nearest right answer, and 1 for being there."""
        best = [
            max(_f1(right, words(said)) for right in right_answers(texts))
            for texts, said in zip(gold, predicted, strict=True)
        ]
        return np.column_stack([best, np.ones(len(best))]).astype(np.float64)

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 2) -> (...); nan where there is no question."""
        return ratio(totals[..., 0], totals[..., 1])


def _f1(right: Words, said: Words) -> float:
    if not right or not said:
        return float(right == said)
    return 2 * (Counter(right) & Counter(said)).total() / (len(right) + len(said))
