"""The share of what is relevant that is among the first ten of a ranking.

Relevant in any grade counts. Where more than ten documents are, not even the best ranking reaches 1.
"""

from typing import Any, ClassVar

from harness.statistics.rankings import RankingMetric


class RecallAt10(RankingMetric):
    """The mean over queries of relevant documents among the first ten / relevant documents, as trec_eval has it."""

    version: ClassVar[int] = 1
    measure: ClassVar[str] = "R@10"
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        {"gold": [{"a": 2, "b": 1}, {"c": 1}], "predicted": [["x", "b"], ["c"]], "value": (1 / 2 + 1) / 2},
        # the eleventh place is too late, and nothing was ranked
        {"gold": [{"k": 1, "a": 1}, {"a": 1}], "predicted": [list("abcdefghijk"), []], "value": (1 / 2 + 0) / 2},
    )
