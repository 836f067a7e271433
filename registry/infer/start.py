"""`bench card infer` and `bench card new`: from what the user said to a card in the project.

Owns where the card is written, and that it never takes another's place unasked.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from registry.atomic import write_text
from registry.card import NAME
from registry.catalog import Catalog
from registry.errors import UserError, clipped
from registry.infer.assemble import Wish, assembled
from registry.infer.blank import blank
from registry.infer.draft import Draft, checked, written
from registry.infer.look import look
from registry.infer.place import card_name, known_of, located
from registry.kinds import SOURCES, TASKS
from registry.source import FetchContext

UNSEEN = "The data were not looked at: {why}. Once they are fetched, `bench card check` holds the card against them."


def inferred(target: str, wish: Wish, context: FetchContext) -> Draft:
    """The draft for data at `target`. Where the wish has no name, the place gives it. UserError as from `assembled`."""
    _refuse_unknown(wish)
    place = located(target, context)
    name = wish.name or card_name(place.called)
    looks = {source: look(entry, context) for source, entry in place.entries.items()}
    return assembled(looks, place.splits, wish._replace(name=name), place.known)


def started(entry: Mapping[str, Any], wish: Wish, context: FetchContext) -> Draft:
    """The draft for one source entry: looked at where its data are at hand, else with what the user said alone.

    An empty entry stands for data that are nowhere yet.
    """
    _refuse_unknown(wish)
    draft = blank(wish)
    if not entry:
        return draft
    try:
        seen = look(entry, context)
    except UserError as error:
        if any(SOURCES.get(key).live is True for key in entry if key in SOURCES.names()):
            raise
        sources = {**draft.sources, next(iter(draft.sources)): entry}
        return replace(draft, sources=sources, notes={**draft.notes, "": (UNSEEN.format(why=error.what),)})
    return assembled({"rows": seen}, {}, wish, known_of(entry, context.project))


def saved(draft: Draft, catalog: Catalog, *, force: bool) -> Path:
    """The file that was written. UserError where there is such a card already; `force` replaces the project's own."""
    checked(draft)
    path = catalog.project.root / draft.file
    known = catalog.datasets.get(draft.name)
    if known is not None and not known.shipped and known.path.resolve() != path.resolve():
        what = f'the project has a card "{draft.name}" already'
        raise UserError(what, where=known.shown_as, do="Choose another --name.")
    if path.exists() and not force:
        raise UserError("is there already", where=draft.file, do="Choose another --name, or replace it with --force.")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, written(draft))
    return path


def _refuse_unknown(wish: Wish) -> None:
    if wish.name and not re.fullmatch("[a-z0-9][a-z0-9-]{0,63}", wish.name):
        raise UserError(f'"{clipped(wish.name, 80)}" is no name of a card: {NAME}', where="--name")
    if wish.task and wish.task not in TASKS.names():
        raise UserError(TASKS.unknown(wish.task))
    if wish.kind == "vertical" and not wish.domain:
        raise UserError("a vertical card names its domain", do="Give it with --domain (finance, medicine, retail ...).")
