"""Votes from wherever a card has them to two list columns: `votes`, and `annotators` where somebody is named.

Votes stand in tables (`registry.annotation.places`); imported layers add to them, and bring adjudications. Owns
how these are put together. What does not count is counted.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import polars as pl

from registry.annotation import layers
from registry.annotation.answers import migrated, spelled
from registry.annotation.layers import Layer, digest_of_shown
from registry.annotation.places import Told, last, of_source
from registry.annotation.spec import Annotation, Form
from registry.errors import UserError
from registry.source import Fetched

ENTRIES = {"id": pl.String, "shown": pl.String, "role": pl.String, "answer": pl.String, "annotator": pl.String}


class Counted(NamedTuple):
    """What became of every answer: how many count, and how many do not, by reason."""

    votes: int = 0
    adjudications: int = 0
    changed: int = 0
    """On rows whose text is another than the one that was shown."""
    missing: int = 0
    """On rows that the card does not have."""
    unasked: int = 0
    """Votes for a card that has no `annotation:`."""
    replaced: int = 0
    """By a later one of the same person, or by a later decision."""
    retired: int = 0
    """Under labels that no longer count, as `migrations:` says."""


class Collected(NamedTuple):
    """What stands outside the rows of a card: votes of a source by `id`, and the answers of layers in order."""

    given: pl.DataFrame | None
    layered: pl.DataFrame | None
    answers: int = 0
    """All answers, whether or not they count."""
    apart: Counted = Counted()
    """Those that are in neither table, and why."""


def collected(
    annotation: Annotation | None, tables: Mapping[str, pl.DataFrame], raw: Mapping[str, Fetched]
) -> Collected:
    """The votes that a source has, and what was imported. UserError for what are no votes."""
    files = raw[layers.INPUT].files if layers.INPUT in raw else ()
    read = [layers.read(file.path) for file in files]
    layered = _entries(read, annotation) if files else None
    imported = sum(len(layer.entries) for layer in read)
    retired = imported - (0 if layered is None else layered.height)
    places = annotation.votes if annotation else None
    if annotation is None or places is None or places.source is None:
        return Collected(None, layered, imported, Counted(retired=retired))
    found = _given(of_source(tables[places.source], annotation, places))
    apart = found.apart._replace(retired=found.apart.retired + retired)
    return found._replace(layered=layered, answers=found.answers + imported, apart=apart)


def _given(told: Told) -> Collected:
    apart = Counted(replaced=told.replaced, retired=told.retired)
    return Collected(told.lists, None, told.answers, apart)


def with_votes(rows: pl.DataFrame, found: Collected, annotation: Annotation | None) -> tuple[pl.DataFrame, Counted]:
    """Rows with what stands outside of them, and how much of it that was."""
    counted = Counted()
    if found.given is not None:
        rows = rows.join(found.given, on="id", how="left", maintain_order="left")
        counted = Counted(votes=int(rows["votes"].list.len().sum()))
    elif annotation is not None and "votes" not in rows.columns:
        kind = pl.Float64 if annotation.answer == "scale" else pl.String
        rows = rows.with_columns(votes=pl.lit(None, dtype=pl.List(kind)))
    if found.layered is None:
        return rows, counted
    mine = rows.filter(pl.col("id").is_in(found.layered["id"].unique().implode()))
    shown = mine.select("id", _now=digest_of_shown(mine))
    about = found.layered.join(shown, on="id", how="inner", maintain_order="left")
    live = about.filter(pl.col("shown") == pl.col("_now"))
    votes, decisions = live.filter(pl.col("role") == "vote"), live.filter(pl.col("role") == "adjudication")
    replaced = 0
    if annotation is not None:
        before = 0 if found.given is None else counted.votes
        new = votes.filter(last("id", "annotator"))
        rows = _added(rows, new, annotation)
        if found.given is not None:
            counted = Counted(votes=int(rows["votes"].list.len().sum()))
        else:
            counted = Counted(votes=new.height)
        replaced = before + votes.height - counted.votes
    decided = decisions.group_by("id", maintain_order=True).last()
    rows = rows.join(
        decided.select("id", adjudicated="answer", adjudicator="annotator"), on="id", how="left", maintain_order="left"
    )
    return rows, Counted(
        votes=counted.votes,
        adjudications=decided.height,
        changed=about.height - live.height,
        unasked=0 if annotation else votes.height,
        replaced=replaced + decisions.height - decided.height,
    )


def summed(counts: Iterable[Counted], found: Collected) -> dict[str, int]:
    """The counts of all rows together, as the manifest has them; empty for a card without answers outside its rows."""
    if found.given is None and found.layered is None:
        return {}
    total = Counted(*(sum(column) for column in zip(found.apart, *counts, strict=True)))
    return total._replace(missing=total.missing + found.answers - sum(total))._asdict()


def _added(rows: pl.DataFrame, votes: pl.DataFrame, annotation: Annotation) -> pl.DataFrame:
    """Rows with further votes, one of each annotator, which go before the earlier ones of the same annotator."""
    kind = pl.Float64 if annotation.answer == "scale" else pl.String
    if "annotators" not in rows.columns:
        nobody = pl.col("votes").list.eval(pl.lit(None, dtype=pl.String).repeat_by(pl.len()).explode())
        nobody = pl.when(pl.col("votes").list.len() > 0).then(nobody)
        rows = rows.with_columns(annotators=nobody.cast(pl.List(pl.String)))
    rows = rows.with_columns(pl.col("votes").cast(pl.List(kind)))
    touched = rows.filter(pl.col("id").is_in(votes["id"].unique().implode()), pl.col("votes").list.len() > 0)
    before = touched.select("id", "votes", "annotators").explode("votes", "annotators").drop_nulls("votes")
    new = votes.select("id", votes=pl.col("answer").cast(kind), annotators="annotator")
    before = before.join(new, on=["id", "annotators"], how="anti", maintain_order="left")
    lists = pl.concat([before, new]).group_by("id", maintain_order=True).agg(_votes="votes", _annotators="annotators")
    rows = rows.join(lists, on="id", how="left", maintain_order="left")
    return rows.with_columns(
        votes=pl.coalesce("_votes", "votes"), annotators=pl.coalesce("_annotators", "annotators")
    ).drop("_votes", "_annotators")


def _entries(found: Sequence[Layer], annotation: Annotation | None) -> pl.DataFrame:
    """Every answer of the layers that may count, spelled under the labels of today."""
    form: Form = annotation.answer if annotation else "single"
    migrations = annotation.migrations if annotation else {}
    rows = []
    for layer in found:
        for number, entry in enumerate(layer.entries, 1):
            try:
                # Who judges a scale may also say which label it comes to.
                judged = form == "scale" and entry.role == "adjudication" and isinstance(entry.answer, str)
                told: Form = "single" if judged else form
                answer = str(spelled(told, entry.answer))
            except ValueError as error:
                do = f"The card asks for answers of `{form}`; those of another form belong to another card."
                raise UserError(f"is no answer of the card: {error}", where=f"{layer.path}:{number}", do=do) from None
            now = migrated(told, answer, migrations)
            if now is not None:
                rows.append((entry.item, entry.shown, entry.role, now, entry.annotator))
    return pl.DataFrame(rows, schema=ENTRIES, orient="row")
