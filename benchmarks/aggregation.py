"""What aggregating a million votes costs, and how much faster that is than Dawid-Skene as a textbook writes it.

Run as `python -m benchmarks.aggregation [--items N]` from the root of the repository. Each of N items has 5 votes of
500 annotators for 5 labels; accuracies are drawn from Beta(6, 2), wrong votes fall on all labels alike. Prints the
median of 3 of each aggregate (mean and median take the labels for numbers), its ratio to plain Python, and how often
it is right. Plain Python runs on 1/100 of the items, until answers change as little as ours do at the end, and its
time is multiplied by 100: it is linear in votes, but may take fewer or more rounds on all of them. The last line
compares the two on those items, where nothing is scaled.
"""

import argparse
import math
import os
import time
from collections.abc import Callable

import numpy as np

from registry.annotation.learning import ROUNDS, STILL
from registry.annotation.votes import IntArray, Votes
from registry.kinds import AGGREGATES

VOTES, ANNOTATORS, LABELS, SMALLER = 5, 500, ("a", "b", "c", "d", "e"), 100
Answers = list[list[tuple[int, int]]]


def crowd(items: int) -> tuple[IntArray, Votes]:
    """The true labels, and votes about them."""
    generator = np.random.default_rng(19790115)
    truth = generator.integers(len(LABELS), size=items)
    accuracy = generator.beta(6, 2, size=ANNOTATORS)
    # Steps of less than a fifth of all: nobody votes twice on an item.
    who = generator.integers(1, ANNOTATORS // VOTES, size=(items, VOTES)).cumsum(axis=1)
    who = (who + generator.integers(ANNOTATORS, size=(items, 1))) % ANNOTATORS
    right = generator.random((items, VOTES)) < accuracy[who]
    given = np.where(right, truth[:, None], generator.integers(len(LABELS), size=(items, VOTES)))
    names = tuple(f"annotator {number}" for number in range(ANNOTATORS))
    offsets = np.arange(0, given.size + 1, VOTES)
    return truth, Votes(given.ravel().astype(np.float64), offsets, who.ravel(), names, LABELS)


def textbook(votes: Votes) -> list[int]:
    """Dawid and Skene 1979 with loops: rates from answers, answers from rates; one answer per item."""
    assert votes.annotators is not None
    flat = list(zip(votes.annotators.tolist(), votes.values.astype(int).tolist(), strict=True))
    items = [flat[start : start + VOTES] for start in range(0, len(flat), VOTES)]
    labels = range(len(LABELS))
    shares = [[sum(given == label for _, given in item) / VOTES for label in labels] for item in items]
    for _ in range(ROUNDS):
        seen = [[[0.01] * len(LABELS) for _ in labels] for _ in range(ANNOTATORS)]
        for item, row in zip(items, shares, strict=True):
            for who, given in item:
                for label in labels:
                    seen[who][label][given] += row[label]
        rates = [[[one / sum(row) for one in row] for row in matrix] for matrix in seen]
        priors = [sum(row[label] for row in shares) / len(items) for label in labels]
        before, shares = shares, []
        for item in items:
            row = [priors[label] * math.prod(rates[who][label][given] for who, given in item) for label in labels]
            shares.append([one / sum(row) for one in row])
        if (
            max(abs(a - b) for old, new in zip(before, shares, strict=True) for a, b in zip(old, new, strict=True))
            <= STILL
        ):
            break
    return [max(labels, key=row.__getitem__) for row in shares]


def median_seconds(work: Callable[[], object], repeats: int = 3) -> float:
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return float(np.median(seconds))


def main() -> None:
    parser = argparse.ArgumentParser(description="Aggregates of a million votes.")
    parser.add_argument("--items", type=int, default=200_000)
    items = parser.parse_args().items
    truth, votes = crowd(items)
    few = votes.of_items(np.arange(items) < items // SMALLER)
    start = time.perf_counter()
    answers = textbook(few)
    plain = time.perf_counter() - start
    cores = len(os.sched_getaffinity(0))
    print(f"{len(votes.values):,} votes, {ANNOTATORS} annotators, {len(LABELS)} labels, {cores} cores, median of 3")
    right = np.mean(np.array(answers) == truth[: len(answers)])
    print(f"{'plain Python, scaled':20} {plain * SMALLER:9.2f} s {1:9.4f}  right {right:.4f}")
    for name in AGGREGATES.names():
        aggregate = AGGREGATES.get(name)()
        scale = "scale" in aggregate.forms
        given = votes._replace(answers=()) if scale else votes
        found = aggregate.combine(given, "first")
        seconds = median_seconds(lambda: aggregate.combine(given, "first"))  # noqa: B023 - called at once
        said = "" if scale else f"  right {np.mean(found.values == truth):.4f}"
        print(f"{name:20} {seconds:9.2f} s {seconds / (plain * SMALLER):9.4f}{said}", flush=True)
    ours = median_seconds(lambda: AGGREGATES.get("dawid-skene")().combine(few, "first"))
    print(f"{len(few.values):,} votes: dawid-skene {ours:.3f} s, plain Python {plain:.2f} s, {plain / ours:.0f} times")


if __name__ == "__main__":
    main()
