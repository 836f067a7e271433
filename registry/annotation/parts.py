"""Answers that are made of parts, as sets of labels, spans and relations are: taken apart, and spelled again."""

import json
from itertools import chain
from typing import NamedTuple

import numpy as np
import polars as pl

from registry.annotation.spec import LABELLED, Form
from registry.annotation.votes import FloatArray, IntArray, Votes
from registry.digest import canonical

LISTS: tuple[Form, ...] = ("multi", "spans", "relations")
"""Forms whose answers are lists."""


class Parts(NamedTuple):
    """What answers hold: answer i has the parts `places[offsets[i]:offsets[i + 1]]`, ascending."""

    places: IntArray
    offsets: IntArray
    names: tuple[str, ...]
    """The parts as JSON, in the order in which an answer lists them."""
    labels: tuple[str, ...]
    """The label, or the type of relation, of each."""

    @property
    def sizes(self) -> IntArray:
        return np.diff(self.offsets)

    @property
    def owners(self) -> IntArray:
        """(places,): the answer that each belongs to."""
        return np.repeat(np.arange(len(self.sizes)), self.sizes)

    def of(self, answers: IntArray) -> tuple[IntArray, IntArray]:
        """The parts of each of `answers` (n,), one after the other, and (n,) how many each has."""
        sizes = self.sizes[answers]
        before = sizes.cumsum() - sizes
        within = np.arange(sizes.sum()) - np.repeat(before, sizes)
        return self.places[np.repeat(self.offsets[answers], sizes) + within], sizes

    def spelled(self, owners: IntArray, places: IntArray, size: int) -> pl.Series:
        """(size,): the answers made of some parts, each with its owner, in order of owners and places."""
        names = pl.Series(self.names, dtype=pl.String).gather(places)
        kept = pl.DataFrame({"owner": owners, "part": names}).group_by("owner").agg(pl.col("part").str.join(","))
        every = pl.DataFrame({"owner": np.arange(size)}).join(kept, on="owner", how="left", maintain_order="left")
        return "[" + every["part"].fill_null("") + "]"


def parts(votes: Votes) -> Parts:
    """The parts of `votes.answers`; a label alone is its own part."""
    plain = votes.form in (*LABELLED, "multi")
    lists = [[one] for one in votes.answers] if votes.form in LABELLED else [json.loads(one) for one in votes.answers]
    keys = lists if plain else [[canonical(part) for part in one] for one in lists]
    known = {key: place for place, key in enumerate(sorted(set(chain.from_iterable(keys))))}
    places = np.array([known[key] for one in keys for key in one], dtype=np.int64)
    names = tuple(map(canonical, known)) if plain else tuple(known)
    labels = tuple(known) if plain else tuple(json.loads(name)[-1] for name in known)
    return Parts(places, np.cumsum([0, *map(len, lists)]), names, labels)


def coded(texts: pl.Series, known: tuple[str, ...] = ()) -> tuple[FloatArray, tuple[str, ...]]:
    """(texts,): their places in the answers that are returned with them: `known`, and then those that are new."""
    fresh = texts.unique().sort()
    answers = (*known, *fresh.filter(~fresh.is_in(list(known))).to_list())
    places = texts.replace_strict(list(answers), list(range(len(answers))), return_dtype=pl.Float64)
    return places.to_numpy(), answers
