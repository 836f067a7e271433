"""What the answers of an aggregate say of those who voted: how often each is right, and what each takes for what.

Counted against the one answer of each item, so that anybody can count again from published rows; a vote is among
those that made its own answer.
"""

import numpy as np
from pydantic import JsonValue

from registry.annotation.aggregation import Aggregated
from registry.annotation.tally import ratio
from registry.annotation.votes import ANONYMOUS, FloatArray, IntArray, Votes

MOST_RATERS, MOST_LABELS = 200, 20
"""What a manifest holds: so many annotators, the worst of them; the confusion of no more labels than this."""


def skill(votes: Votes, values: FloatArray) -> FloatArray:
    """(annotators,): the share of each one's votes that equal the answers `values` (items,); nan without any.

    Votes on items without an answer do not count.
    """
    who, answers, given = _counted(votes, values)
    return ratio(np.bincount(who, given == answers, len(votes.names)), np.bincount(who, minlength=len(votes.names)))


def confusion(votes: Votes, values: FloatArray, annotators: IntArray) -> FloatArray:
    """(n, labels, labels): of the votes of each of n annotators on items with the row's answer, the share for each.

    Rows of answers that an annotator never had before them are nan.
    """
    who, answers, given = _counted(votes, values)
    place, labels = np.full(len(votes.names), -1), len(votes.answers)
    place[annotators] = np.arange(len(annotators))
    cells = ((place[who] * labels + answers) * labels + given)[place[who] >= 0]
    counts = np.bincount(cells, minlength=len(annotators) * labels**2).reshape(-1, labels, labels)
    return ratio(counts, counts.sum(axis=2, keepdims=True))


def raters(votes: Votes, found: Aggregated) -> dict[str, JsonValue] | None:
    """The annotators as plain JSON for manifests and reports, the worst first; None where nobody is named.

    At most MOST_RATERS of them, and `left_out` counts the others. Their `confusion` is there for up to MOST_LABELS
    labels: a row for each answer, null for one that was never that of an item they voted on.
    """
    if votes.annotators is None:
        return None
    named = votes.annotators[votes.annotators != ANONYMOUS]
    counts, right = np.bincount(named, minlength=len(votes.names)), skill(votes, found.values)
    # Those of whom nothing can be said have nan, which comes last.
    order = np.lexsort((np.array(votes.names), -counts, right))
    order = order[counts[order] > 0]
    told = order[:MOST_RATERS]
    annotators: list[dict[str, JsonValue]] = [
        {"name": votes.names[place], "votes": int(counts[place]), "skill": _plain(right[place])}
        for place in told.tolist()
    ]
    few = len(votes.answers) <= MOST_LABELS
    if few:
        for one, matrix in zip(annotators, confusion(votes, found.values, told), strict=True):
            one["confusion"] = [None if np.isnan(row).any() else [_plain(share) for share in row] for row in matrix]
    return {
        "annotators": [*annotators],
        "left_out": len(order) - len(told),
        "anonymous_votes": len(votes.values) - len(named),
        **({"labels": list(votes.answers)} if few else {}),
    }


def _counted(votes: Votes, values: FloatArray) -> tuple[IntArray, IntArray, IntArray]:
    """Who gave each vote that can be judged, the answer of its item, and the vote."""
    who, answers = np.asarray(votes.annotators), values[votes.items]
    counted = (who != ANONYMOUS) & ~np.isnan(answers)
    return who[counted], answers[counted].astype(np.int64), votes.values[counted].astype(np.int64)


def _plain(share: float) -> float | None:
    return None if np.isnan(share) else round(float(share), 6)
