"""How early everything relevant stands in a ranking: the precision at each relevant document, over all of them.

At most 1,000 documents of a ranking are kept and looked at. What is relevant in any grade counts the same.
"""

from typing import Any, ClassVar

from harness.statistics.rankings import RankingMetric


class MeanAveragePrecision(RankingMetric):
    """The mean over queries of the sum of the precision at each relevant document that is ranked / relevant documents.

    Source: Harman 1992, "Evaluation issues in information retrieval".
    """

    version: ClassVar[int] = 1
    measure: ClassVar[str] = "AP"
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        # places 1 and 3: precision 1 and 2/3
        {"gold": [{"a": 1, "b": 2}], "predicted": [["a", "x", "b"]], "value": (1 + 2 / 3) / 2},
        # one of two is not ranked, and nothing was
        {"gold": [{"a": 1, "b": 1}, {"c": 1}], "predicted": [["x", "a"], []], "value": (1 / 2 / 2 + 0) / 2},
    )
