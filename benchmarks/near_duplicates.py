"""How much faster `registry.near` finds near-duplicates than rensa and datasketch do, and how well each does.

Run as `python -m benchmarks.near_duplicates [--rows N]` from the root of the repository. The peers are no dependencies
of this project: `pip install rensa datasketch` where they are missing. One in 20 texts is a planted near-duplicate, a
copy with small edits whose Jaccard similarity over character 5-grams is at least 0.8. Every contender starts from the
same texts, uses the same 5-grams and all cores that it can use, and ends with pairs of rows. Ours are verified; the
peers' are candidates, which saves them work. Prints the time of each, its ratio to ours, recall (of planted pairs) and
precision (of reported pairs, counted anew from sets of strings).
"""

import argparse
import importlib.util
import multiprocessing
import os
import resource
import sys
import time
import zlib
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import polars as pl

from registry.near.find import within
from registry.near.jaccard import similarities
from registry.near.shingle import Shingle

THRESHOLD, GRAM, PERMUTATIONS, PLANTED = 0.8, 5, 128, 20
WORDS, CHUNK = 20_000, 10_000
Pairs = set[tuple[int, int]]


def main() -> None:
    parser = argparse.ArgumentParser(description="Near-duplicates: ours, rensa and datasketch.")
    parser.add_argument("--rows", type=int, default=1_000_000, help="how many texts")
    parser.add_argument("--without", nargs="*", default=[], choices=list(PEERS), help="peers to leave out")
    asked = parser.parse_args()
    peers = {name: work for name, work in PEERS.items() if name not in asked.without}
    missing = [name for name in peers if importlib.util.find_spec(name.split()[0]) is None]
    if missing:
        sys.exit(
            f"missing: {', '.join(missing)}; pip install {' '.join(sorted({name.split()[0] for name in missing}))}"
        )
    texts, planted = corpus(asked.rows)
    print(f"{len(texts):,} texts, {len(planted):,} planted near-duplicates, {len(os.sched_getaffinity(0))} cores")
    ours = _measured("registry.near", _ours, texts, planted, 0.0)
    print(f"  peak memory so far {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GiB")
    for name, work in peers.items():
        _measured(name, work, texts, planted, ours)


def corpus(rows: int) -> tuple[list[str], Pairs]:
    """Texts of 8 to 15 words, frequent words more often, in random order; and the places of planted pairs."""
    generator = np.random.default_rng(20190115)
    letters = generator.integers(97, 123, size=(WORDS, 9), dtype=np.uint8)
    words = [
        bytes(row[:length]).decode() for row, length in zip(letters, generator.integers(2, 10, WORDS), strict=True)
    ]
    weights = 1 / np.arange(3, WORDS + 3)
    lengths = generator.integers(8, 16, size=rows - rows // PLANTED)
    drawn = iter(generator.choice(WORDS, size=lengths.sum(), p=weights / weights.sum()).tolist())
    texts = [" ".join(words[next(drawn)] for _ in range(length)) for length in lengths.tolist()]
    originals = generator.choice(len(texts), size=rows // PLANTED, replace=False)
    copies = [_edited(texts[place], number) for number, place in enumerate(originals.tolist())]
    similar = similarities(pl.Series([texts[place] for place in originals]), pl.Series(copies), Shingle())
    order = generator.permutation(rows)
    places = np.argsort(order)
    pairs = zip(places[originals].tolist(), places[len(texts) :].tolist(), strict=True)
    planted = {(min(pair), max(pair)) for pair, value in zip(pairs, similar, strict=True) if value >= THRESHOLD}
    every = texts + copies
    return [every[place] for place in order], planted


def _edited(text: str, number: int) -> str:
    """A letter changed, a word put behind, or a letter dropped."""
    place = number * 7919 % len(text)
    changed = (text[:place] + "#" + text[place + 1 :], f"{text} again", text[:place] + text[place + 1 :])
    return changed[number % 3]


def _measured(name: str, work: Callable[[list[str]], Pairs], texts: list[str], planted: Pairs, ours: float) -> float:
    """Seconds that `work` took, after printing what it is worth."""
    start = time.perf_counter()
    found = work(texts)
    seconds = time.perf_counter() - start
    recall = len(found & planted) / len(planted)
    right = sum(_jaccard(texts[left], texts[right]) >= THRESHOLD for left, right in found)
    ratio = f"{seconds / (ours or seconds):8.1f}"
    print(
        f"{name:<20} {seconds:9.2f} s {ratio}  recall {recall:.4f}  precision {right / max(len(found), 1):.4f}",
        flush=True,
    )
    return seconds


def _ours(texts: list[str]) -> Pairs:
    found = within(pl.Series(texts), THRESHOLD, Shingle(spaced=GRAM))
    return set(zip(found["a"].to_list(), found["b"].to_list(), strict=True))


def _rensa(texts: list[str]) -> Pairs:
    from rensa import RMinHash, RMinHashLSH  # type: ignore[import-untyped]

    # Of the bands that 128 permutations allow those that reach the recall at the least cost: 32 of 4 take longer.
    index = RMinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS, num_bands=16)
    sketches = RMinHash.from_token_sets((_grams(text) for text in texts), PERMUTATIONS, 42)
    index.insert_many(sketches)
    return _candidates(index.query_all(sketches))


def _datasketch(texts: list[str]) -> Pairs:
    from datasketch import MinHash, MinHashLSH  # type: ignore[import-untyped]

    chunks = [texts[start : start + CHUNK] for start in range(0, len(texts), CHUNK)]
    index = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS, weights=(0.2, 0.8))
    found: Pairs = set()
    shared = MinHash(num_perm=PERMUTATIONS)
    with ProcessPoolExecutor(len(os.sched_getaffinity(0)), multiprocessing.get_context("spawn")) as pool:
        for number, values in enumerate(pool.map(_sketched, chunks)):
            for place, row in enumerate(values, number * CHUNK):
                sketch = MinHash(hashvalues=row, permutations=shared.permutations, scheme=shared.scheme)
                found.update((other, place) for other in index.query(sketch))
                index.insert(place, sketch, check_duplication=False)
    return found


def _sketched(texts: list[str]) -> np.ndarray:
    """The MinHashes of some texts, with a hash function that is faster than the default one."""
    from datasketch import MinHash

    grams = ([gram.encode() for gram in _grams(text)] for text in texts)
    return np.array([one.hashvalues for one in MinHash.bulk(grams, num_perm=PERMUTATIONS, hashfunc=zlib.crc32)])


def _candidates(queried: list[list[int]]) -> Pairs:
    return {(place, other) for place, others in enumerate(queried) for other in others if place < other}


def _grams(text: str) -> set[str]:
    return {text[place : place + GRAM] for place in range(max(len(text) - GRAM + 1, 1))}


def _jaccard(left: str, right: str) -> float:
    ones, others = _grams(left), _grams(right)
    return len(ones & others) / len(ones | others)


PEERS: dict[str, Callable[[list[str]], Pairs]] = {"rensa": _rensa, "datasketch": _datasketch}


if __name__ == "__main__":
    main()
