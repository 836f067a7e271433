"""What an aggregate says of those who voted: how often each is right, and what each takes for what.

Counted against the answers that the aggregate gave, so that anybody can count again from published rows; a vote is
among those that made its own answer.
"""

import numpy as np
from pydantic import JsonValue

from registry.annotation.aggregation import Aggregated
from registry.annotation.votes import ANONYMOUS, BoolArray, FloatArray, IntArray, Votes

MOST_CELLS = 10_000_000
"""Larger confusion matrices, those of all annotators together, are not computed."""
MOST_RATERS, MOST_LABELS = 200, 20
"""What a manifest holds: so many annotators, the worst of them; the confusion of no more labels than this."""


def skill(votes: Votes, values: FloatArray) -> FloatArray | None:
    """(annotators,): the share of each one's votes that equal the answers `values` (items,); nan without any.

    None where nobody is named. Votes on items without an answer do not count.
    """
    if votes.annotators is None:
        return None
    counted, answers = _counted(votes.annotators, votes, values)
    who, right = votes.annotators[counted], votes.values[counted] == answers
    return _ratio(np.bincount(who, right, len(votes.names)), np.bincount(who, minlength=len(votes.names)))


def confusion(votes: Votes, values: FloatArray) -> FloatArray | None:
    """(annotators, labels, labels): of each one's votes on items with the row's answer, the share for each label.

    None where nobody is named, and where it would be larger than MOST_CELLS.
    """
    names, labels = len(votes.names), len(votes.answers)
    if votes.annotators is None or names * labels**2 > MOST_CELLS:
        return None
    counted, answers = _counted(votes.annotators, votes, values)
    rows = votes.annotators[counted] * labels + answers.astype(np.int64)
    cells = rows * labels + votes.values[counted].astype(np.int64)
    counts = np.bincount(cells, minlength=names * labels**2).reshape(names, labels, labels)
    return _ratio(counts, counts.sum(axis=2, keepdims=True))


def raters(votes: Votes, found: Aggregated) -> dict[str, JsonValue] | None:
    """The annotators as plain JSON for manifests and reports, the worst first; None where there is no skill to tell.

    At most MOST_RATERS of them, and `left_out` counts the others. Their `confusion` is there for up to MOST_LABELS
    labels: a row for each answer, null for one that was never that of an item they voted on.
    """
    if found.skill is None or votes.annotators is None:
        return None
    named = votes.annotators[votes.annotators != ANONYMOUS]
    counts = np.bincount(named, minlength=len(votes.names))
    # Those of whom nothing can be said have nan, which comes last.
    order = np.lexsort((np.array(votes.names), -counts, found.skill))
    order = order[counts[order] > 0]
    matrices = found.confusion if len(found.answers) <= MOST_LABELS else None
    annotators: list[JsonValue] = [
        {
            "name": votes.names[place],
            "votes": int(counts[place]),
            "skill": _plain(found.skill[place]),
            **({} if matrices is None else {"confusion": _rows(matrices[place])}),
        }
        for place in order[:MOST_RATERS].tolist()
    ]
    return {
        "annotators": annotators,
        "left_out": max(len(order) - MOST_RATERS, 0),
        "anonymous_votes": len(votes.values) - len(named),
        **({} if matrices is None else {"labels": list(found.answers)}),
    }


def _counted(annotators: IntArray, votes: Votes, values: FloatArray) -> tuple[BoolArray, FloatArray]:
    """(votes,): whether it is known whose a vote is and what answers its item; and the answers, to these votes."""
    answers = np.repeat(values, votes.counts)
    counted: BoolArray = (annotators != ANONYMOUS) & ~np.isnan(answers)
    return counted, answers[counted]


def _ratio(part: FloatArray | IntArray, whole: FloatArray | IntArray) -> FloatArray:
    """nan where the whole is 0."""
    missing = np.full(np.broadcast_shapes(part.shape, whole.shape), np.nan)
    found: FloatArray = np.divide(part, whole, out=missing, where=whole > 0)
    return found


def _rows(matrix: FloatArray) -> list[JsonValue]:
    return [None if np.isnan(row).any() else [_plain(share) for share in row] for row in matrix]


def _plain(share: float) -> float | None:
    return None if np.isnan(share) else round(float(share), 6)
