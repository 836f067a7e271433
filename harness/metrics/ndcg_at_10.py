"""How good the first ten of a ranking are, in grades, later places counting less: of the best that they could be.

The gain of a document is its grade, not 2 to the power of its grade: as trec_eval and BEIR have it. Where nothing is
graded above 1, both are the same.
"""

from typing import Any, ClassVar

import numpy as np

from harness.statistics.rankings import RankingMetric


class NdcgAt10(RankingMetric):
    """The mean over queries of DCG / ideal DCG, DCG being the sum of grade / log2(place + 1) over ten places.

    Source: Järvelin and Kekäläinen 2002, "Cumulated gain-based evaluation of IR techniques", with trec_eval's discount.
    """

    version: ClassVar[int] = 1
    measure: ClassVar[str] = "nDCG@10"
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        {"gold": [{"a": 1}, {"b": 1}], "predicted": [["a", "b"], ["a", "b"]], "value": (1 + 1 / np.log2(3)) / 2},
        # grade 1 at place 1, grade 2 at place 3; the best order has 2 before 1
        {"gold": [{"a": 2, "b": 1}], "predicted": [["b", "c", "a"]], "value": (1 + 2 / 2) / (2 + 1 / np.log2(3))},
        # nothing ranked, and an eleventh place
        {"gold": [{"a": 1}, {"k": 1}], "predicted": [[], list("abcdefghijk")], "value": 0.0},
    )
