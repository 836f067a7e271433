"""The version of a card as it stands: found in the store, or made, then judged and locked.

Owns what a build is asked and answers. How a version is made is `registry.pipeline.making`, loaded only where one is.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

from registry import gate, lock, store
from registry.annotation.layers import folder, uncounted
from registry.audits import asked as audits
from registry.card import DatasetCard
from registry.catalog import Catalog
from registry.errors import GateError, UserError
from registry.fetching import fetch_all
from registry.identity import build_key
from registry.progress import Progress, Silent
from registry.project import shipped
from registry.source import FetchContext, Fetched
from registry.store import Published
from registry.versions import changes, pinning
from registry.versions.changes import Change


@dataclass(frozen=True)
class Built:
    """A published version, whether it was made just now, and what the user should be told about it."""

    card: DatasetCard
    published: Published
    fresh: bool
    notices: tuple[str, ...]
    lock_changed: bool
    changes: tuple[Change, ...] = ()
    """What differs from the version that was locked before; empty where none was, or where it is this one."""
    before: str = ""
    """The content digest that was locked before; empty where none was."""


def build(
    name: str,
    catalog: Catalog,
    *,
    offline: bool = False,
    progress: Progress | None = None,
    update: bool = False,
    locked: bool = False,
    record: bool = True,
) -> Built:
    """The version of a card as it stands: found in the store, or made and published.

    `update` asks remote sources anew and accepts what they and the libraries give. `locked` refuses whatever is not
    as `cards.lock` says. Without `record` the lock stays as it is.
    Raises UserError for a wrong card or unreachable source, GateError for data that fails its own card's gates.
    """
    return _build(name, catalog, _Terms(offline, progress or Silent(), update, locked, record and not locked))


def locate(name: str, catalog: Catalog) -> Published | None:
    """The version of a card as it stands, if it was fetched and built before; opens no socket.

    GateError as from `build` where it contradicts `cards.lock` or the card's own gate.
    """
    return _locate(name, catalog, ())


def _locate(name: str, catalog: Catalog, above: tuple[str, ...]) -> Published | None:
    """`above` are the cards that refer to this one."""
    card, entry = catalog.dataset(name), lock.entry(catalog.project, name)
    context = replace(
        fetch_context(name, catalog, offline=True, progress=Silent()),
        version_of=lambda other: _located(other, catalog, (*above, name)),
    )
    try:
        raw = fetch_all(card, context)
    except UserError:  # not fetched yet, or its file is gone: either way there is nothing to find
        return None
    published = _found(card, raw, context.home, entry)
    if published is not None:
        where = catalog.file("datasets", name).shown_as
        gate.enforce(card, published.manifest["agreement"], where)
        audits.enforce(card.audit, published.manifest["audit"].get("asked", {}), where)
        lock.verify(entry, changes.locked(published.manifest), name)
    return published


def _located(name: str, catalog: Catalog, above: tuple[str, ...]) -> Published:
    found = None if name in above else _locate(name, catalog, above)
    if found is None:
        raise UserError("is not built yet", where=name, do=f"`bench build {name}` may make it.")
    return found


def fetch_context(
    name: str, catalog: Catalog, *, offline: bool, progress: Progress, update: bool = False
) -> FetchContext:
    """Paths of a shipped card are relative to what ships with it; those of a project card to the project."""
    root = shipped() if catalog.file("datasets", name).shipped else catalog.project.root
    pins = pinning.pins(catalog.dataset(name), lock.entry(catalog.project, name))
    known = partial(_located, catalog=catalog, above=(name,))
    layers = folder(catalog.project.root, name)
    return FetchContext(root, catalog.project.home, offline, progress, pins, update, layers, known)


class _Terms(NamedTuple):
    """How `build` was asked. `above` are the cards that are built from this one just now."""

    offline: bool
    progress: Progress
    update: bool
    locked: bool
    record: bool
    above: tuple[str, ...] = ()


def _build(name: str, catalog: Catalog, terms: _Terms) -> Built:
    card, where = catalog.dataset(name), catalog.file("datasets", name).shown_as
    if name in terms.above:
        raise UserError(f"derives from itself: {' -> '.join((*terms.above, name))}", where=where)
    below = terms._replace(update=False, above=(*terms.above, name))
    context = replace(
        fetch_context(name, catalog, offline=terms.offline, progress=terms.progress, update=terms.update),
        version_of=lambda other: _build(other, catalog, below).published,
    )
    entry = lock.entry(catalog.project, name)
    if terms.locked:
        pinning.refuse_unlocked(card, context, entry)
    raw, binding = fetch_all(card, context), None if terms.update else entry
    published = _found(card, raw, context.home, binding)
    # A version that contradicts the lock is made again: the libraries may be the locked ones by now.
    fresh = published is None or lock.contradicts(binding, changes.locked(published.manifest))
    if published is None or fresh:
        with _doubting(card, context):
            from registry.pipeline.making import Order, make

            published = make(Order(card, raw, where, binding), context)
    else:
        published.check(*store.published_files(published.manifest))
    store.use(published)
    warning = gate.enforce(card, published.manifest["agreement"], where)
    audits.enforce(card.audit, published.manifest["audit"].get("asked", {}), where)
    # A version that was there may have been made from equal files of other names or from elsewhere.
    now = changes.locked(published.manifest).model_copy(update={"sources": pinning.locked_sources(card, raw)})
    changed = terms.record and lock.record(catalog.project, name, now)
    since = changes.since(entry, now, published.manifest["identity"], name, context.home)
    before = entry.content_digest if entry else ""
    told = (*((warning,) if warning else ()), *uncounted(published.manifest))
    return Built(card, published, fresh, told, changed, since, before)


def _found(card: DatasetCard, raw: Mapping[str, Fetched], home: Path, entry: lock.Locked | None) -> Published | None:
    """The version in the store; of several with one build key, which no library should give, the locked one."""
    return store.by_key(home, card.name, build_key(card, raw), entry.content_digest if entry else None)


@contextmanager
def _doubting(card: DatasetCard, context: FetchContext) -> Iterator[None]:
    """What a remote source sent first is kept, whatever it is: where nothing pins it, an error says how to ask anew."""
    pinned = [name for name, spec in card.sources.items() if spec.origin.live or spec.sha256 or name in context.pins]
    unpinned = ", ".join(name for name in card.sources if name not in pinned)
    try:
        yield
    except GateError:
        raise
    except UserError as error:
        if unpinned and not context.update:
            asked = f"`bench build {card.name} --update` asks {unpinned} again"
            error.advise(f"{asked}, in case what was sent is not the data.")
        raise
