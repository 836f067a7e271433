"""Which word is a translation of which, learnt from pairs of sentences: IBM model 1 (Brown et al. 1993).

Owns the estimation by expectation and maximisation, on numbers of words; knows nothing of texts. The order of words
counts for nothing in this model, and every word is translated by itself.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from harness.metric import FloatArray, IntArray


class Table(NamedTuple):
    """Pairs of words that stand in one pair of sentences, sorted by source; source 0 is the empty word."""

    sources: IntArray
    targets: IntArray
    probabilities: FloatArray
    """(pairs,) of the target word, given the source word."""


class _Links(NamedTuple):
    """Every word of a target sentence with every word of its source."""

    pairs: NDArray[np.intp]
    """(links,) the pair of words that each is, in the table."""
    places: IntArray
    """(links,) the word of the target side, counted through all sentences."""


def model_1(sources: Sequence[IntArray], targets: Sequence[IntArray], rounds: int) -> Table:
    """Both sides sentence by sentence as numbers of words, those of sources from 1; at least one link must be there."""
    from_, to, places = _spread(sources, targets)
    width = int(to.max()) + 1
    keys, pairs = np.unique(from_ * width + to, return_inverse=True)
    links = _Links(pairs, places)
    table = Table(keys // width, keys % width, np.ones(len(keys)))
    for _ in range(rounds):
        table = _better(table, links)
    return table


def _spread(sources: Sequence[IntArray], targets: Sequence[IntArray]) -> tuple[IntArray, IntArray, IntArray]:
    """The source word, the target word and the place of the target word of every link."""
    from_, to, places, seen = list[IntArray](), list[IntArray](), list[IntArray](), 0
    for source, target in zip(sources, targets, strict=True):
        given = np.concatenate([[0], source])
        from_.append(np.repeat(given, len(target)))
        to.append(np.tile(target, len(given)))
        places.append(np.tile(np.arange(seen, seen + len(target)), len(given)))
        seen += len(target)
    return np.concatenate(from_), np.concatenate(to), np.concatenate(places)


def _better(table: Table, links: _Links) -> Table:
    """One round: how much each link explains its target word, summed by pair, and made shares of each source word."""
    likely = table.probabilities[links.pairs]
    likely /= np.bincount(links.places, likely)[links.places]
    counts = np.bincount(links.pairs, likely, minlength=len(table.probabilities))
    return table._replace(probabilities=counts / np.bincount(table.sources, counts)[table.sources])
