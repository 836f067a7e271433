"""Members of buckets to pairs, in portions, so that memory does not grow with the number of pairs."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

PORTION = 1 << 20
"""Pairs that are held at once."""


class Buckets(NamedTuple):
    """Members of buckets, bucket after bucket."""

    members: np.ndarray
    starts: np.ndarray
    """For each member, where its bucket starts."""
    ends: np.ndarray
    """For each member, where its bucket ends."""


def buckets(keys: np.ndarray, members: np.ndarray) -> Buckets:
    """The buckets with two members or more. `keys` are sorted, equal ones are one bucket."""
    same = keys[1:] == keys[:-1]
    shared = np.append(same, False) | np.append(False, same)
    keys, members = keys[shared], members[shared]
    edges = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])) if len(keys) else np.empty(0, np.int64)
    sizes = np.diff(np.append(edges, len(keys)))
    return Buckets(members, np.repeat(edges, sizes), np.repeat(edges + sizes, sizes))


def portions(lows: np.ndarray, highs: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Pairs of each place n with each place from `lows[n]` to before `highs[n]`, at most PORTION or so at a time."""
    counts = np.maximum(highs - lows, 0)
    busy = np.flatnonzero(counts)
    done = np.cumsum(counts[busy])
    start = 0
    while start < len(busy):
        before = done[start - 1] if start else 0
        end = max(start + 1, int(np.searchsorted(done, before + PORTION, side="right")))
        places = busy[start:end]
        number = counts[places]
        offsets = np.arange(number.sum()) - np.repeat(np.cumsum(number) - number, number)
        yield np.repeat(places, number), np.repeat(lows[places], number) + offsets
        start = end
