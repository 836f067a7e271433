"""The only orchestration: fetch, read, label, clean, split, audit, publish, lock.

Owns the order of the steps. What becomes of each row is decided in `registry.fates`.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import polars as pl

from registry import gate, labelling, lock, store
from registry.audit import audit
from registry.card import DatasetCard
from registry.catalog import Catalog
from registry.digest import content_digest, file_digest
from registry.errors import GateError, UserError, plural
from registry.fates import fates
from registry.fetching import fetch_all
from registry.identity import build_key
from registry.manifest import Draft
from registry.op import staying
from registry.progress import Progress, Silent
from registry.project import shipped
from registry.rows import read
from registry.source import FetchContext, Fetched
from registry.split import SPLITS
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
    card = catalog.dataset(name)
    context, entry = fetch_context(name, catalog, offline=True, progress=Silent()), lock.entry(catalog.project, name)
    try:
        raw = fetch_all(card, context)
    except UserError:  # not fetched yet, or its file is gone: either way there is nothing to find
        return None
    published = _found(card, raw, context.home, entry)
    if published is not None:
        gate.enforce(card, published.manifest["agreement"], catalog.file("datasets", name).shown_as)
        lock.verify(entry, changes.locked(published.manifest), name)
    return published


def fetch_context(
    name: str, catalog: Catalog, *, offline: bool, progress: Progress, update: bool = False
) -> FetchContext:
    """Paths of a shipped card are relative to what ships with it; those of a project card to the project."""
    root = shipped() if catalog.file("datasets", name).shipped else catalog.project.root
    pins = pinning.pins(catalog.dataset(name), lock.entry(catalog.project, name))
    return FetchContext(root, catalog.project.home, offline, progress, pins, update)


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
            published = _make(_Order(card, raw, where, binding), context)
    else:
        published.check(*SPLITS, "ledger")
    store.use(published)
    warning = gate.enforce(card, published.manifest["agreement"], where)
    # A version that was there may have been made from equal files of other names or from elsewhere.
    now = changes.locked(published.manifest).model_copy(update={"sources": pinning.locked_sources(card, raw)})
    changed = terms.record and lock.record(catalog.project, name, now)
    since = changes.since(entry, now, published.manifest["identity"], name, context.home)
    before = entry.content_digest if entry else ""
    return Built(card, published, fresh, (warning,) if warning else (), changed, since, before)


class _Order(NamedTuple):
    """What is to be made: a card, its files, where messages say it lies, and what the lock expects."""

    card: DatasetCard
    raw: Mapping[str, Fetched]
    where: str
    entry: lock.Locked | None


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


def _make(order: _Order, context: FetchContext) -> Published:
    card, raw, where, entry = order
    with context.progress.step(f"build {card.name}", total=len(card.clean) + 4, unit="steps") as step:
        source = read(card, raw, context, where)
        _refuse_changed(card, raw, context, where)
        step.advance()
        labelling.check_scale(source.frame, card, where)
        measured = gate.agreement(source.frame, card)
        gate.enforce(card, measured, where)
        step.advance()
        rows = fates(source.frame, card, where, step)
        draft = Draft(card, raw, source, rows, labelling.label_set(rows, card, where), measured)
        _check_splits(rows, card, where)
        step.advance()
        with store.staging(context.home) as staged:
            published = _write(draft, staged, context.home, entry)
        step.advance()
    return published


def _refuse_changed(card: DatasetCard, raw: Mapping[str, Fetched], context: FetchContext, where: str) -> None:
    """Files of the project are hashed first and read later: what is locked must be what was read."""
    live = {name: spec for name, spec in card.sources.items() if spec.origin.live}
    now = fetch_all(card.model_copy(update={"sources": live}), context)
    changed = [name for name, fetched in now.items() if fetched != raw[name]]
    if changed:
        what = f"{', '.join(changed)} changed while it was read"
        raise UserError(what, where=where, do="Run the same command again.")


def _check_splits(rows: pl.DataFrame, card: DatasetCard, where: str) -> None:
    """A split that the method promises must not come out empty."""
    kept = rows.filter(staying())
    empty = [name for name in card.split.split.promised if not (kept["_split"] == name).any()]
    if empty:
        what = f"no row is left for {' and '.join(empty)}: {plural(kept.height, 'row')} of {rows.height:,} stayed"
        keys = kept["_key"].n_unique()
        by_key = card.split.split.column is None and keys < kept.height
        shared = f", with {plural(keys, 'key')}; rows of one key stay together" if by_key else ""
        do = "Add rows with other keys" if shared else "Add rows"
        raise UserError(what + shared, where=where, do=f"{do}, or change `split:` or the cleaning.")


def _write(draft: Draft, staged: Path, home: Path, entry: lock.Locked | None) -> Published:
    """Write the splits and the ledger, prove them leak-free and as locked, then publish."""
    splits = draft.splits()
    files = {name: staged / f"{name}.parquet" for name in splits}
    for name, frame in splits.items():
        frame.write_parquet(files[name], compression="zstd")
    ledger = staged / "ledger.parquet"
    draft.ledger().write_parquet(ledger, compression="zstd")
    content = content_digest(splits)
    proof = audit(files, draft.labels, draft.rows.filter(staying()).height, content)
    if not proof.clean:
        found = ", ".join(f"{name}: {count}" for name, count in proof.violations.items() if count)
        raise GateError(
            f"the written splits of {draft.card.name} failed the audit ({found})", do="Nothing was published."
        )
    checksums = {name: file_digest(path) for name, path in {**files, "ledger": ledger}.items()}
    manifest = draft.manifest(splits, proof, content, checksums)
    lock.verify(entry, changes.locked(manifest), draft.card.name)
    return store.publish(staged, home, draft.card.name, manifest)
