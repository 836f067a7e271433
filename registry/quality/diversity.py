"""Quality and diversity: duplicates, how the vocabulary grows and repeats, lengths, scripts and languages."""

from collections.abc import Iterator

import polars as pl

from registry.card import DatasetCard
from registry.infer.language import WRITTEN_IN
from registry.quality.facts import Facts
from registry.quality.measure import Measure, Part, absent
from registry.quality.vocabulary import FEWEST, GRAMS, SIZES
from registry.store import Published

REPEATED = "rows that repeat a text of their split"
"""What the proof in the manifest calls rows that are there twice after all."""

NEAR_OPS = ("dedupe_near",)


def diversity_part(card: DatasetCard, version: Published, found: Facts) -> Part:
    """What the published texts are like, and what left because it was there already."""
    measures = (
        *duplicates(card, version),
        *_vocabulary(found),
        _median_length(found),
        _scripts(card, found),
        _language(card, found),
    )
    return Part("diversity", "Quality and diversity", measures)


def duplicates(card: DatasetCard, version: Published) -> tuple[Measure, Measure]:
    """Shares of the rows that were read: exact and near duplicates that left, and exact ones that stayed."""
    exact, near, unit = "exact duplicates", "near duplicates", "share of rows read"
    read = version.manifest["rows_read"]
    if not read:
        return absent(exact, unit, "no row was read"), absent(near, unit, "no row was read")
    equal, alike = _left(version)
    stayed = version.manifest["audit"]["observations"].get(REPEATED)
    if stayed is None:
        counted = absent(exact, unit, "the proof in the manifest does not count those that stayed")
    else:
        counted = Measure(exact, (equal + stayed) / read, unit, f"{equal:,} left, {stayed:,} stayed")
    if not any(step.name in NEAR_OPS for step in card.clean):
        return counted, absent(near, unit, "the card does not look for them; `dedupe_near` under `clean` does")
    return counted, Measure(near, alike / read, unit, f"{alike:,} left")


def _left(version: Published) -> tuple[int, int]:
    """How many rows left for one that stayed in their place: equal ones, and alike ones."""
    ledger = version.read("ledger")
    replaced = ledger.filter(pl.col("duplicate_of").is_not_null())
    # Versions of before near duplicates were looked for do not say how alike rows are: theirs are equal.
    alike = replaced.filter(pl.col("similarity") < 1).height if "similarity" in ledger.columns else 0
    return replaced.height - alike, alike


def _vocabulary(found: Facts) -> Iterator[Measure]:
    """Heaps' exponent, type-token ratios, distinct pairs and triples."""
    read = f"over {found.words:,} words of {found.sampled:,} of {found.rows:,} rows"
    grown, unit = found.growth, "distinct words = k * words ^ exponent"
    if grown.exponent is None:
        yield absent("vocabulary growth", unit, f"there are {found.words:,} words; a law shows from {FEWEST:,} on")
    else:
        note = f"k = {grown.factor:.2f}, {read}; English newswire has 0.49 (Manning et al. 2008)"
        yield Measure("vocabulary growth", grown.exponent, unit, note)
    for n, size in [*((1, size) for size in SIZES), (2, GRAMS), (3, GRAMS)]:
        name, unit = f"distinct-{n} at {size:,} words", f"distinct {n}-grams / all" if n > 1 else "distinct words / all"
        value = found.distinct.get(f"{n}:{size}")
        note = "type-token ratio" if n == 1 else "Li et al. 2016"
        lacking = f"there are {found.words:,} words" if found.words < size else f"no text has {n} words"
        yield absent(name, unit, lacking) if value is None else Measure(name, value, unit, note)


def _median_length(found: Facts) -> Measure:
    """Over all splits the median is not known from theirs, so that of the largest split speaks for the set."""
    rows = {split: sum(counts) for split, counts in found.lengths.rows.items()}
    if not rows:
        return absent("median length", "characters", "there are no rows")
    split = max(rows, key=lambda name: rows[name])
    low, median, high, longest = found.lengths.quantiles[split]
    return Measure("median length", median, "characters", f"{split}: 5% {low:,}, 95% {high:,}, longest {longest:,}")


def _scripts(card: DatasetCard, found: Facts) -> Measure:
    """The share of letters in a script that the card's languages are written in."""
    name, unit = "letters in the languages' scripts", "share of letters"
    if not found.scripts:
        return absent(name, unit, "there are no letters of a script that is told apart")
    expected = [WRITTEN_IN.get(code.split("-")[0]) for code in card.languages]
    if None in expected:
        return absent(name, unit, f"it is not known how {', '.join(card.languages)} is written")
    own = {script for scripts in expected if scripts for script in scripts}
    share = sum(part for script, part in found.scripts.items() if script in own)
    # Traces of other scripts round to nothing.
    mix = ", ".join(f"{script} {part:.1%}" for script, part in found.scripts.items() if part >= 0.0005)
    return Measure(name, share, unit, mix)


def _language(card: DatasetCard, found: Facts) -> Measure:
    """What the texts seem to be written in, beside what the card says."""
    code, why = found.language
    if code == "und":
        return absent("language of the texts", "code", why)
    return Measure("language of the texts", code, "code", f"the card says {', '.join(card.languages)}; {why}")
