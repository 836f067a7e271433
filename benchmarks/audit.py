"""How the time of the audits grows: of one card with its rows, of all cards with their rows and not with their pairs.

Run as `python -m benchmarks.audit [ROWS]` from the root of the repository; 20,000 rows where no number is given. The
first table audits one card of ROWS, twice and four times as many rows, and says how much longer each takes than half as
many. The second holds 4, 8 and 16 cards against each other, whose rows are equally many together: pairs of cards grow
twentyfold, the time should not. Times are CPU seconds, the least of two.
"""

import sys
import time
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import polars as pl

from registry.audits.across import known
from registry.audits.contamination import Contamination
from registry.audits.rows import together
from registry.kinds import AUDITS
from registry.split import SPLITS

LETTERS = np.array(list("aaeeiioubcdfghklmnprstvw"))
WORDS = np.array(["".join(word) for word in np.random.default_rng(0).choice(LETTERS, (6000, 6))])
FOOTER = " to leave this list write to its owner and say so in the first line of your mail please"


def card(count: int, seed: int, name: str = "card") -> pl.DataFrame:
    """Texts of 10 to 60 words; of every hundred one is nearly another, and one in ten has a footer."""
    draw = np.random.default_rng(seed)
    lengths = draw.integers(10, 60, count)
    words = WORDS[(len(WORDS) ** draw.random(int(lengths.sum()))).astype(int) - 1]
    texts = [" ".join(part) for part in np.split(words, np.cumsum(lengths)[:-1])]
    for place in range(100, count, 100):
        texts[place] = texts[place - 50] + " again"
    frame = pl.DataFrame(
        {
            "id": [f"{name}-{number}" for number in range(count)],
            "text": [text + FOOTER if number % 10 == 0 else text for number, text in enumerate(texts)],
            "label": draw.choice(["one", "two", "three"], count),
            "split": draw.choice(SPLITS, count, p=[0.8, 0.1, 0.1]),
        }
    )
    return together({split: frame.filter(pl.col("split") == split).drop("split") for split in SPLITS}, name)


def seconds(work: Callable[[], object]) -> float:
    """CPU time, the least of two: other work on the machine changes it least."""
    spent = []
    for _ in range(2):
        start = time.process_time()
        work()
        spent.append(time.process_time() - start)
    return min(spent)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    sizes = (count, 2 * count, 4 * count)
    cards = [card(size, 1) for size in sizes]
    print("one card, CPU seconds" + "".join(f"{size:>12,}" for size in sizes) + "   growth at each doubling")
    for name in AUDITS.names():
        audit = AUDITS.get(name)()
        spent = [seconds(lambda audit=audit, rows=rows: audit.find(rows)) for rows in cards]
        growth = ", ".join(f"{after / before:.2f}" for before, after in pairwise(spent))
        print(f"{name:<21}" + "".join(f"{one:12.2f}" for one in spent) + f"   {growth}")
    total = 4 * count
    print(f"\nall cards, {total:,} rows together, CPU seconds")
    for number in (4, 8, 16):
        rows = pl.concat(card(total // number, seed, f"card-{seed}") for seed in range(number))
        spent = seconds(lambda rows=rows: known(rows, Contamination()))
        print(f"{number:>3} cards, {number * (number - 1):>3} pairs {spent:12.2f}")


if __name__ == "__main__":
    main()
