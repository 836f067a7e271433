"""From votes to the one answer of each item: the answer with the highest score, or the parts that most votes hold.

An answer that nobody gave to an item has no score, so unanimous votes are always kept.
"""

import numpy as np

from registry.annotation.aggregation import Aggregated
from registry.annotation.parts import coded, parts
from registry.annotation.spec import Ties
from registry.annotation.tally import Tally, tally
from registry.annotation.votes import FloatArray, Votes


def decided(votes: Votes, given: Tally, scores: FloatArray, ties: Ties) -> Aggregated:
    """The answer of each item with the highest of `scores` (cells,), which are also the certainties."""
    items = len(votes.counts)
    values, certainty, tied = np.full(items, np.nan), np.full(items, np.nan), np.zeros(items, dtype=np.bool_)
    lead = given.lead(scores)
    first = np.flatnonzero(lead)
    # Cells stand in order of the answers, so the first of those ahead is the one that `first` means.
    first = first[np.flatnonzero(np.diff(given.items[first], prepend=-1))]
    tied[given.items[first]] = lead[first] < 1
    kept = first if ties == "first" else first[lead[first] == 1]
    values[given.items[kept]], certainty[given.items[kept]] = given.answers[kept], scores[kept]
    return Aggregated(values, votes.answers, tied, certainty)


def decided_by_part(votes: Votes, ties: Ties) -> Aggregated:
    """Of each item the parts that more than half of its votes hold, as one answer; tied where half of them do."""
    found, counts, items = parts(votes), votes.counts, votes.items
    places, sizes = found.of(votes.values.astype(np.int64))
    held = tally(np.repeat(items, sizes), places, len(counts))
    cast, voted = counts[held.items], counts > 0
    kept, half = 2 * held.counts > cast, 2 * held.counts == cast
    texts = found.spelled(held.items[kept], held.answers[kept], len(counts)).filter(voted)
    values, tied, certainty = np.full(len(counts), np.nan), held.per_item(half) > 0, np.where(voted, 1.0, np.nan)
    values[voted], answers = coded(texts, votes.answers)
    np.minimum.at(certainty, held.items, np.maximum(held.counts, cast - held.counts) / cast)
    if ties == "first":
        # Votes that are right about all that is not tied.
        owners, right = np.repeat(np.arange(len(items)), sizes), held.per_item(kept)[items]
        fits = np.bincount(owners, kept[held.of_votes], len(items)) == right
        fits &= np.bincount(owners, ~(kept | half)[held.of_votes], len(items)) == 0
        first = np.full(len(counts), np.inf)
        np.minimum.at(first, items[fits], votes.values[fits])
        values = np.where(tied & np.isfinite(first), first, values)
    else:
        values[tied] = certainty[tied] = np.nan
    return Aggregated(values, answers, tied, certainty)
