"""What the texts of a version are like, worked out once and kept: a version never changes.

Owns what is kept and where. A memory that is damaged or cannot be written costs time and nothing else.
"""

from dataclasses import dataclass
from pathlib import Path

import polars as pl
from pydantic import TypeAdapter, ValidationError

from registry.atomic import write_text
from registry.infer.language import SCRIPTS, spoken
from registry.quality.measure import Growth, Lengths
from registry.quality.sample import lengths, row_lengths, sample
from registry.quality.vocabulary import variety
from registry.store import Published

VERSION = 1
"""Changes when the same texts give other facts."""


@dataclass(frozen=True)
class Facts:
    """Of all rows: their lengths. Of the sampled ones: everything else."""

    rows: int
    sampled: int
    words: int
    distinct: dict[str, float]
    """`n:words` -> distinct n-grams over all, see `vocabulary.Variety`."""
    growth: Growth
    lengths: Lengths
    scripts: dict[str, float]
    """Share of the letters, the commonest first."""
    language: tuple[str, str]
    """The language that the texts seem to be in, and what speaks for it."""


FACTS: TypeAdapter[Facts] = TypeAdapter(Facts)


def facts(version: Published, home: Path) -> Facts:
    """From the store's memory where they are there. UserError where a split is damaged."""
    memory = home / "cache" / "quality" / f"{version.digest}-{VERSION}.json"
    try:
        return FACTS.validate_json(memory.read_bytes())
    except (OSError, ValidationError):
        found = measured(version)
    try:
        memory.parent.mkdir(parents=True, exist_ok=True)
        write_text(memory, FACTS.dump_json(found).decode())
    except OSError:
        pass  # a store that is full or read-only: the next question works it out again
    return found


def textless(rows: int) -> Facts:
    """Of rows that hold no texts, as choices and recordings do not."""
    return Facts(rows, 0, 0, {}, Growth(), Lengths(), {}, ("und", "the rows hold no texts"))


def measured(version: Published) -> Facts:
    """Worked out from the published files. All rows are read for their lengths, the sample for everything else."""
    every = row_lengths(version)
    texts, rows = sample(version, every)
    found = variety(texts)
    said = spoken(texts)
    return Facts(
        rows,
        len(texts),
        found.words,
        {f"{n}:{size}": share for (n, size), share in found.distinct.items()},
        found.growth,
        lengths(every),
        scripts(texts),
        (" ".join(said.codes), said.why),
    )


def scripts(texts: pl.Series) -> dict[str, float]:
    """The share of each script among the letters, the commonest first; only those that occur."""
    counted = (
        texts.alias("text")
        .to_frame()
        .select(pl.col("text").str.count_matches(f"[{letters}]").sum().alias(name) for name, letters in SCRIPTS.items())
    )
    letters = counted.row(0, named=True)
    total = sum(letters.values())
    order = sorted((name for name in letters if letters[name]), key=lambda name: -letters[name])
    return {name: round(letters[name] / total, 6) for name in order}
