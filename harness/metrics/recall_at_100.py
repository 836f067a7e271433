"""The share of what is relevant that is among the first hundred of a ranking.

Relevant in any grade counts. Where more than a hundred documents are, not even the best ranking reaches 1.
"""

from typing import Any, ClassVar

from harness.statistics.rankings import RankingMetric


class RecallAt100(RankingMetric):
    """The mean over queries of relevant documents among the first hundred / relevant documents, as trec_eval has it."""

    version: ClassVar[int] = 1
    measure: ClassVar[str] = "R@100"
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        {"gold": [{"a": 2, "b": 1}, {"c": 1}], "predicted": [["x", "b"], ["c"]], "value": (1 / 2 + 1) / 2},
        # places 100 and 101
        {"gold": [{"99": 1, "100": 1}], "predicted": [[str(place) for place in range(200)]], "value": 1 / 2},
    )
