"""How much faster `harness.statistics` draws paired resamples than `scipy.stats.bootstrap`.

Run as `python -m benchmarks.intervals` from the root of the repository. Prints the median of 3 for each, and the
ratio to SciPy, which compares across machines where seconds do not.
"""

import time
from collections.abc import Callable

import numpy as np
import polars as pl
import scipy.stats

from harness.metrics.accuracy import Accuracy
from harness.metrics.macro_f1 import MacroF1
from harness.report.answers import distinct
from harness.statistics.intervals import paired_difference, tied_with_best
from harness.statistics.resampling import RESAMPLES

ITEMS, CLASSES, MODELS = 10_000, 3, 50
MANY_ITEMS, MANY_CLASSES, RIGHT = 300_000, 20, (0.8, 0.75, 0.7)


def median_seconds(work: Callable[[], object], repeats: int = 3) -> float:
    """The median wall time of `repeats` runs, after one that is not counted."""
    seconds = []
    for _ in range(repeats + 1):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return float(np.median(seconds[1:]))


def large_split() -> Callable[[], object]:
    """Who is tied among three models on a large split, from their answers on, rows counted by kind."""
    generator = np.random.default_rng(1)
    gold = generator.integers(MANY_CLASSES, size=MANY_ITEMS)
    guesses = generator.integers(MANY_CLASSES, size=(len(RIGHT), MANY_ITEMS))
    answers = [
        np.where(generator.random(MANY_ITEMS) < share, gold, guess) for share, guess in zip(RIGHT, guesses, strict=True)
    ]
    frames = [pl.DataFrame({"gold": gold, "predicted": answer}) for answer in answers]

    def work() -> object:
        first, sizes = distinct(frames)
        models = [[MacroF1().contributions(gold[first], answer[first], MANY_CLASSES)] for answer in answers]
        return tied_with_best(models, MacroF1().value, sizes=sizes)

    return work


def main() -> None:
    generator = np.random.default_rng(20140601)
    gold = generator.integers(CLASSES, size=ITEMS)
    answers = [
        np.where(generator.random(ITEMS) < 0.7, gold, generator.integers(CLASSES, size=ITEMS)) for _ in range(MODELS)
    ]
    accuracy = [[Accuracy().contributions(gold, answer, CLASSES)] for answer in answers]
    macro = [[MacroF1().contributions(gold, answer, CLASSES)] for answer in answers]
    difference = accuracy[0][0][:, 0] - accuracy[1][0][:, 0]

    theirs = median_seconds(
        lambda: scipy.stats.bootstrap((difference,), np.mean, n_resamples=RESAMPLES, method="percentile", batch=100)
    )
    print(f"{ITEMS:,} items, {RESAMPLES:,} paired resamples, median of 3")
    print(f"scipy.stats.bootstrap, accuracy, 1 pair   {theirs:8.3f} s      1.0")
    for what, work in [
        ("paired_difference, accuracy, 1 pair", lambda: paired_difference(*accuracy[:2], Accuracy().value)),
        ("paired_difference, macro F1, 1 pair", lambda: paired_difference(*macro[:2], MacroF1().value)),
    ]:
        ours = median_seconds(work)
        print(f"{what:<41} {ours:8.3f} s {ours / theirs:8.2f}")
    ranked = median_seconds(lambda: tied_with_best(macro, MacroF1().value))
    print(f"tied_with_best, macro F1, {MODELS} models       {ranked:8.3f} s {ranked / theirs:8.2f}")
    counted = median_seconds(large_split(), repeats=1)
    print(f"the same, {MANY_ITEMS:,} items, {MANY_CLASSES} classes, 3   {counted:8.3f} s {counted / theirs:8.2f}")


if __name__ == "__main__":
    main()
