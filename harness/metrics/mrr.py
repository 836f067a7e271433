"""How far down the first relevant document stands: one divided by its place, and 0 where none is ranked.

At most 1,000 documents of a ranking are kept and looked at. What is relevant in any grade counts.
"""

from typing import Any, ClassVar

from harness.statistics.rankings import RankingMetric


class Mrr(RankingMetric):
    """The mean over queries of 1 / place of the first relevant document (the mean reciprocal rank).

    Source: Kantor and Voorhees 2000, "The TREC-5 confusion track".
    """

    version: ClassVar[int] = 1
    measure: ClassVar[str] = "RR"
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        {"gold": [{"a": 1}, {"b": 1}], "predicted": [["a", "b"], ["a", "b"]], "value": (1 + 1 / 2) / 2},
        # the first of two counts, whatever its grade
        {"gold": [{"a": 3, "b": 1}], "predicted": [["x", "y", "b", "a"]], "value": 1 / 3},
        {"gold": [{"a": 1}, {"b": 1}], "predicted": [[], ["a"]], "value": 0.0},
    )
