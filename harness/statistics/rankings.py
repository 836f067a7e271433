"""What rankings are worth, query by query, as trec_eval computes it; by way of ir-measures, which binds it.

Places count, ids do not: whatever an id holds, the library is given numbers, those up to the last relevant document.
What is not ranked is not found.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from harness.metric import FloatArray, Reads
from harness.statistics.confusion import no_rows, ratio

Grades = dict[str, int]


class RankingMetric:
    """The mean over queries of a measure of ir-measures. Two sums: that of each query, queries."""

    measure: ClassVar[str]
    """As ir-measures writes it."""
    reads: ClassVar[Reads] = "rankings"
    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = 1.0
    higher_is_better: ClassVar[bool] = True
    is_proportion: ClassVar[bool] = False
    examples: ClassVar[tuple[dict[str, Any], ...]]

    def obstacle(self, gold: Sequence[Grades], labels: Sequence[str]) -> str | None:  # noqa: ARG002 - the contract's signature
        """No query at all, or one to which nothing is relevant: whatever is ranked, its value would say nothing."""
        void = sum(not grades for grades in gold)
        if not void:
            return no_rows(np.asarray(gold, dtype=object))
        return f"nothing is relevant to {void:,} of {len(gold):,} queries; leave such rows out in `select:`"

    def contributions(self, gold: Sequence[Grades], predicted: Sequence[Sequence[str]], classes: int) -> FloatArray:  # noqa: ARG002
        """(n, 2): the value of each query, and 1 for being there. ValueError for a document that is ranked twice."""
        import ir_measures

        measure = ir_measures.parse_measure(self.measure)
        judged, ranked = dict[str, dict[str, int]](), dict[str, dict[str, float]]()
        for number, (grades, ranking) in enumerate(zip(gold, predicted, strict=True)):
            if len(set(ranking)) < len(ranking):
                raise ValueError("a document is ranked twice")
            first = ranking[: measure.params.get("cutoff")]
            found = {document: place for place, document in enumerate(first) if document in grades}
            last = max(found.values(), default=-1)
            places = (found.get(document, -1 - lost) for lost, document in enumerate(grades))
            judged[str(number)] = dict(zip(map(str, places), grades.values(), strict=True))
            ranked[str(number)] = {str(place): -float(place) for place in range(last + 1)}
        values = {one.query_id: one.value for one in ir_measures.pytrec_eval.iter_calc([measure], judged, ranked)}
        return np.array([[values[str(number)], 1.0] for number in range(len(gold))]).reshape(-1, 2)

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 2) -> (...); nan where there is no query."""
        return ratio(totals[..., 0], totals[..., 1])
