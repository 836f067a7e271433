"""The rows of a card as annotators see them: as its sources give them, before anything is cleaned.

Spans are counted in these texts, and a row that cleaning removes from the data can still be asked about.
"""

from dataclasses import replace
from typing import NamedTuple

import polars as pl

from registry import store
from registry.annotation.layers import digest_of_shown
from registry.build import fetch_context, locate
from registry.card import DatasetCard
from registry.catalog import Catalog
from registry.errors import UserError
from registry.fetching import fetch_all
from registry.progress import Progress, Silent
from registry.store import Published
from registry.text import INPUTS

KEPT = ("id", *INPUTS, "label", "votes", "annotators", "adjudicated", "adjudicator")
"""The columns of items, as far as a card has them."""
FLEETING = (
    "its rows have no id, and one that is made of a whole row changes with every vote in it: once a vote is added, "
    "what is answered now counts no longer; give the rows an id in `select:` first"
)


class Items(NamedTuple):
    """The items of a card, in order of id."""

    card: DatasetCard
    rows: pl.DataFrame
    """`id`, the texts, `shown`, `label` (of the source; null where it has none), and where there are any: `votes` and
    `annotators` (lists that belong together; a null annotator is anonymous), `adjudicated` and `adjudicator`.

    Then come the other columns that the sources or `select:` give, as texts, under their names.

    Votes and adjudications are spelled as `registry.annotation.answers` does, under the labels of today.
    """
    warning: str = ""
    """What whoever is about to ask annotators should be told; empty where there is nothing."""


def items(name: str, catalog: Catalog, *, offline: bool = True, progress: Progress | None = None) -> Items:
    """The items of a card. UserError where its sources are not fetched, or are not what the card says."""
    from registry.pipeline.rows import EXTRA, read

    card = catalog.dataset(name)
    context = fetch_context(name, catalog, offline=offline, progress=progress or Silent())
    context = replace(context, version_of=lambda other: _version(other, catalog))
    raw = fetch_all(card, context)
    where = catalog.file("datasets", name).shown_as
    with store.staging(context.home) as scratch:
        source = read(card, raw, context, where, scratch, whole=True)
        frame = source.frame
    own = [column for column in KEPT if column in frame.columns]
    others = {column: column.removeprefix(EXTRA) for column in frame.columns if column.startswith(EXTRA)}
    named = {old: new for old, new in others.items() if new not in (*KEPT, "shown")}
    known = frame.select(*own, *named).rename(named)
    warning = f"{name}: {FLEETING}" if source.nameless and card.vote_columns else ""
    return Items(card, known.with_columns(shown=digest_of_shown(known)), warning)


def _version(name: str, catalog: Catalog) -> Published:
    found = locate(name, catalog)
    if found is None:
        raise UserError("is not built yet", where=name, do=f"`bench build {name}` may make it.")
    return found
