"""Answers that are made of parts, as sets of labels, spans and relations are, put together part by part."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from registry.annotation.aggregation import Aggregated
from registry.annotation.candidates import candidates
from registry.annotation.raters import skill
from registry.annotation.spec import Ties
from registry.annotation.votes import BoolArray, FloatArray, IntArray, Votes
from registry.digest import canonical


class Parts(NamedTuple):
    """What answers that are lists hold: answer i has the parts `places[offsets[i]:offsets[i + 1]]`, ascending."""

    places: IntArray
    offsets: IntArray
    names: tuple[str, ...]
    """The parts as JSON, in the order in which an answer lists them."""

    def of(self, answers: IntArray) -> tuple[IntArray, IntArray]:
        """The parts of each of `answers` (n,), one after the other, and (n,) how many each has."""
        sizes = np.diff(self.offsets)[answers]
        before = sizes.cumsum() - sizes
        within = np.arange(sizes.sum()) - np.repeat(before, sizes)
        return self.places[np.repeat(self.offsets[answers], sizes) + within], sizes


class Held(NamedTuple):
    """Every item with each part that a vote on it holds, in order of items and parts."""

    items: IntArray
    parts: IntArray
    kept: BoolArray
    """Whether more than half of the votes on the item hold it."""
    half: BoolArray
    """Whether exactly half of them do."""


def parted(answers: Sequence[str]) -> Parts | None:
    """The parts of answers that are spelled as `registry.annotation.answers` spells lists; None where one is not."""
    if not answers or not all(answer[:1] == "[" for answer in answers):
        return None
    try:
        lists = [{_key(part): canonical(part) for part in json.loads(answer)} for answer in answers]
    except (ValueError, RecursionError):
        return None
    if not all(
        f"[{','.join(one[key] for key in sorted(one))}]" == answer for one, answer in zip(lists, answers, strict=True)
    ):
        return None
    names = {key: name for one in lists for key, name in one.items()}
    known = {key: place for place, key in enumerate(sorted(names))}
    places = np.array([known[key] for one in lists for key in one], dtype=np.int64)
    return Parts(places, np.cumsum([0, *map(len, lists)]), tuple(names[key] for key in known))


def _key(part: Any) -> str:
    """By what the parts of an answer are in order: a label as it is, a span or a relation as it is spelled."""
    return part if isinstance(part, str) else canonical(part)


def combined(votes: Votes, parts: Parts, ties: Ties) -> Aggregated:
    """Of each item the parts that more than half of its votes hold, as one answer."""
    found, sizes = parts.of(votes.values.astype(np.int64))
    width, counts = max(len(parts.names), 1), votes.counts
    keys, number = np.unique(np.repeat(votes.items, sizes) * width + found, return_counts=True)
    cast = counts[keys // width]
    held = Held(keys // width, keys % width, 2 * number > cast, 2 * number == cast)
    tied = np.bincount(held.items[held.half], minlength=len(counts)) > 0
    certainty = np.where(counts > 0, 1.0, np.nan)
    np.minimum.at(certainty, held.items, np.maximum(number, cast - number) / cast)
    values, answers = _spelled(votes, parts, held)
    if ties == "first":
        given = _first(votes, parts, held)
        values = np.where(tied & ~np.isnan(given), given, values)
    else:
        values[tied] = certainty[tied] = np.nan
    return Aggregated(values, answers, tied, certainty, skill(votes, values))


def _spelled(votes: Votes, parts: Parts, held: Held) -> tuple[FloatArray, tuple[str, ...]]:
    """(items,) the answer that is made of the kept parts, and all answers, with those that nobody gave at the end."""
    items = pl.DataFrame({"item": np.flatnonzero(votes.counts)})
    names = pl.Series(parts.names, dtype=pl.String).gather(held.parts[held.kept])
    kept = pl.DataFrame({"item": held.items[held.kept], "part": names})
    written = kept.group_by("item", maintain_order=True).agg(pl.col("part").str.join(","))
    joined = items.join(written, on="item", how="left", maintain_order="left")["part"].fill_null("")
    spelled = "[" + joined + "]"
    fresh = spelled.unique().sort()
    answers = (*votes.answers, *fresh.filter(~fresh.is_in(list(votes.answers))).to_list())
    values = np.full(len(votes.counts), np.nan)
    values[votes.counts > 0] = spelled.replace_strict(list(answers), list(range(len(answers))), return_dtype=pl.Float64)
    return values, answers


def _first(votes: Votes, parts: Parts, held: Held) -> FloatArray:
    """(items,): the first of the answers given to an item with all parts that are kept, and no others but the half."""
    given, width = candidates(votes), max(len(parts.names), 1)
    found, sizes = parts.of(given.answers)
    owner = np.repeat(np.arange(len(sizes)), sizes)
    place = np.searchsorted(held.items * width + held.parts, given.items[owner] * width + found)
    needed = np.bincount(held.items[held.kept], minlength=len(votes.counts))[given.items]
    has = np.bincount(owner[held.kept[place]], minlength=len(sizes))
    strange = np.bincount(owner[~(held.kept | held.half)[place]], minlength=len(sizes))
    fits = np.flatnonzero((has == needed) & (strange == 0))
    first = np.full(len(votes.counts), np.nan)
    # The last write stays, and it is of the answer that stands first.
    first[given.items[fits[::-1]]] = given.answers[fits[::-1]]
    return first
