"""Invented rows for audits, with what a test plants in them."""

import random

import polars as pl

from registry.audits.rows import together

WORDS = [
    first + second for first in "ba de ki lo mu na po ra se ti".split() for second in "lan mor pis tek vun".split()
]
HAN = [chr(0x4E00 + 37 * number) for number in range(400)]
SPLITS = ("train", "validation", "test")


def prose(seed: int, words: int = 40) -> str:
    """A text of its own: no passage of it stands elsewhere."""
    return " ".join(random.Random(seed).choices(WORDS, k=words))


def chinese(seed: int, characters: int = 60) -> str:
    return "".join(random.Random(seed).choices(HAN, k=characters))


def row(number: int, text: str, label: str = "one", split: str = "train", **more: str) -> dict[str, str]:
    return {"id": f"r{number:04d}", "text": text, "label": label, "split": split, **more}


def many(count: int, write=prose, start: int = 0) -> list[dict[str, str]]:
    """Rows without any fault, four in five of them in train."""
    splits = ("train", "train", "train", "test", "validation")
    return [row(n, write(n), ("one", "two")[n % 7 % 2], splits[n % 5]) for n in range(start, start + count)]


def rows(*given: dict[str, str], card: str = "mine") -> pl.DataFrame:
    frame = pl.DataFrame(list(given))
    return together(
        {split: frame.filter(pl.col("split") == split).drop("split") for split in SPLITS}, "text-classification", card
    )


def typos(text: str, every: int = 60) -> str:
    """The text with a letter missing here and there."""
    return "".join(char for place, char in enumerate(text) if place % every != every - 1)


def pairs(finding) -> set[tuple[str, str]]:
    return set(finding.found.select("id", "other").rows())
