"""The area under the ROC curve: how often a row of a label gets a greater probability of it than a row without.

Looks at the order of probabilities alone, at no threshold; equal probabilities count one half. Where a class has no
gold row the metric is absent with that reason.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from harness.metric import FloatArray, IntArray, Reads
from harness.statistics.confusion import mean_of_defined, missing_class, no_rows, ratio
from harness.statistics.distributions import check_probabilities
from harness.statistics.ranks import average_ranks


class Auroc:
    """Of two labels the area of the second; of more the mean over labels, each against all others.

    As scikit-learn's `roc_auc_score` (`multi_class="ovr"`, macro). An area is a mean over pairs of rows, not a sum
    over rows: a resample moves the share of other rows that each row beats on the whole split, which is exact on the
    split itself, and elsewhere the linear part of the change, whose variance is that of DeLong et al. 1988. Sums, for
    each label: the shares of the rows with it and of those without it, each with the number of these rows; then the
    area of the whole split, once a row.
    """

    version: ClassVar[int] = 1
    reads: ClassVar[Reads] = "probabilities"
    lowest: ClassVar[float] = 0.0
    highest: ClassVar[float] = 1.0
    higher_is_better: ClassVar[bool] = True
    is_proportion: ClassVar[bool] = False
    examples: ClassVar[tuple[dict[str, Any], ...]] = (
        # of the four pairs three are in order
        {"gold": [0, 0, 1, 1], "predicted": [[0.9, 0.1], [0.6, 0.4], [0.65, 0.35], [0.2, 0.8]], "classes": 2,
         "value": 3 / 4},
        {"gold": [0, 1, 1], "predicted": [[0.5, 0.5], [0.5, 0.5], [0.25, 0.75]], "classes": 2, "value": 3 / 4},
        # the first label is told from the others, the second always confused, the third half known
        {"gold": [0, 1, 2], "predicted": [[1, 0, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]], "classes": 3,
         "value": (1 + 1 / 4 + 3 / 4) / 3},
    )  # fmt: skip

    def obstacle(self, gold: IntArray, labels: Sequence[str]) -> str | None:
        """A class without a gold row, or a single class, which there is nothing to tell from."""
        if len(labels) == 1:
            return no_rows(gold) or f'every row of the evaluated split has the label "{labels[0]}"'
        return missing_class(gold, labels)

    def contributions(self, gold: IntArray, predicted: FloatArray, classes: int) -> FloatArray:
        """(n, 5 * scored labels); see the class."""
        check_probabilities(gold, predicted, classes)
        scored = range(1, 2) if classes == 2 else range(classes)
        return np.hstack([_of_label(gold == label, predicted[:, label]) for label in scored])

    def value(self, totals: FloatArray) -> FloatArray:
        """(..., 5 * scored labels) -> (...); a label of which a resample has no row, or nothing else, is left out."""
        sums = totals.reshape(*totals.shape[:-1], -1, 5)
        beats, positives, beaten, negatives, area = np.moveaxis(sums, -1, 0)
        areas = ratio(beats, positives) + ratio(beaten, negatives) - ratio(area, positives + negatives)
        return mean_of_defined(np.clip(areas, 0, 1))


def _of_label(positive: Any, scores: FloatArray) -> FloatArray:
    """(n, 5) of one label: its share of beaten rows where positive, of rows that beat it where not, and the area."""
    others = np.where(positive, (~positive).sum(), positive.sum())
    own = np.zeros(len(scores))
    for side in (positive, ~positive):
        own[side] = average_ranks(scores[side])
    above = ratio(average_ranks(scores) - own, others)  # the share of the other side that lies below
    share = np.where(positive, above, 1 - above)
    area = share[positive].mean()
    return np.column_stack([share * positive, positive, share * ~positive, ~positive, np.full(len(scores), area)])
