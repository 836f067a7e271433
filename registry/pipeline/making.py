"""How a version is made: read, clean, label, place, write, prove, publish.

Owns the order of these steps. What becomes of each row is decided in `registry.pipeline.fates`.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from registry import collection, gate, lock, store
from registry.annotation import facts as annotated
from registry.audit import audit
from registry.audits import asked as audits
from registry.card import DatasetCard, OpSpec
from registry.digest import digest, file_digest
from registry.errors import GateError, UserError, clipped, plural
from registry.fetching import fetch_all
from registry.identity import cleaning
from registry.kinds import TARGETS, TASKS
from registry.pipeline import cleancache, labelling
from registry.pipeline.cleancache import Kept
from registry.pipeline.cleaning import Cleaned, clean
from registry.pipeline.fates import fates
from registry.pipeline.manifest import Draft, Tally, tally
from registry.pipeline.parts import Parts
from registry.pipeline.rows import EXTRA, Origin, read
from registry.pipeline.writing import Written, write
from registry.placing import drift
from registry.progress import Step
from registry.reading.tables import read_table
from registry.references import bound
from registry.select import Selected
from registry.source import FetchContext, Fetched
from registry.split import SPLITS
from registry.store import Published
from registry.text import inputs
from registry.versions import changes


class Order(NamedTuple):
    """What is to be made: a card, its files, where messages say it lies, and what the lock expects."""

    card: DatasetCard
    raw: Mapping[str, Fetched]
    where: str
    entry: lock.Locked | None


def make(order: Order, context: FetchContext) -> Published:
    card, raw, where, entry = order
    with (
        context.progress.step(f"build {card.name}", total=len(card.clean) + 4, unit="steps") as step,
        store.staging(context.home) as scratch,
        store.staging(context.home) as staged,
    ):
        kept, measured = _cleaned(order, context, scratch, step)
        documents = _documents(order, kept, context, staged)
        decided = _decided(kept.cleaned, card, where, step, staged)
        step.advance()
        asked = annotated.facts(card, raw, kept.origin, kept.cleaned.parts)
        origin = _seen(kept.origin, documents)
        height = documents.rows.height if documents else None
        draft = Draft(card, raw, origin, decided.tally, decided.labels, measured, asked, height)
        manifest = _proven(draft, decided.written, kept.cleaned, context.home, where)
        lock.verify(entry, changes.locked(manifest), card.name)
        published = store.publish(staged, context.home, card.name, manifest)
        step.advance()
    return published


class _Decided(NamedTuple):
    """What is left of the rows when they are written."""

    tally: Tally
    labels: tuple[str, ...]
    written: Written


def _decided(cleaned: Cleaned, card: DatasetCard, where: str, step: Step, staged: Path) -> _Decided:
    """Decide every row's fate and write it. The rows themselves are in memory no longer than this takes."""
    rows = fates(cleaned, card, where, step)
    labels = labelling.label_set(rows, card, where)
    _check_splits(rows, cleaned, card, where)
    return _Decided(tally(rows, card.task), labels, write(cleaned, rows, card, staged))


def _documents(order: Order, kept: Kept, context: FetchContext, staged: Path) -> Selected | None:
    """The collection, written; None for a card without one."""
    card = order.card
    if card.collection is None:
        return None
    tables = {name: read_table(spec, order.raw[name].files, context.home).frame for name, spec in card.sources.items()}
    found = collection.collected(card, tables, order.where)
    collection.check(kept.cleaned.parts, card, found.rows, order.where)
    found.rows.write_parquet(staged / "collection.parquet", compression="zstd")
    return found


def _seen(origin: Origin, documents: Selected | None) -> Origin:
    """What was read: a source row that either of the two queries reads counts as read."""
    if documents is None or documents.left_out is None or origin.left_out is None:
        return origin if documents is None else origin._replace(left_out=None)
    both = {name: min(count, documents.left_out[name]) for name, count in origin.left_out.items()}
    return origin._replace(left_out=both)


def _cleaned(order: Order, context: FetchContext, scratch: Path, step: Step) -> tuple[Kept, dict[str, Any] | None]:
    """The cleaned rows, kept from an earlier build or made now, and the agreement of their votes."""
    card, raw, where, _ = order
    key = digest(cleaning(card, raw))
    kept = cleancache.load(context.home, key)
    if kept is not None:
        step.advance(2)
        return kept, _agreement(kept.cleaned.parts, card, where)
    source = read(card, raw, context, where, scratch)
    _refuse_changed(card, raw, context, where)
    step.advance()
    measured = _agreement(source.parts, card, where)
    step.advance()
    folder = scratch / "kept"
    folder.mkdir()
    made = Kept(_clean(source.parts, bound(card, raw, where), folder, where), source.origin)
    if not TASKS.get(card.task).rewritable:
        _refuse_rewritten(source.parts, made.cleaned.parts, card, where)
    return cleancache.keep(made, context.home, key, folder), measured


def _clean(parts: Parts, ops: Sequence[OpSpec], folder: Path, where: str) -> Cleaned:
    """What an op refuses is told with its place in the card."""
    try:
        return clean(parts, ops, folder)
    except UserError as error:
        raise error.at(f"{where}  clean") from None


def _refuse_rewritten(before: Parts, after: Parts, card: DatasetCard, where: str) -> None:
    """UserError where cleaning changed a text that what must be predicted is a part of."""
    for number in range(len(before.held)):
        old, new = before.part(number), after.part(number)
        same = pl.all_horizontal(pl.col(name).eq_missing(new[name]) for name in inputs(old))
        changed = old.filter(~same)["id"]
        if len(changed):
            what = f"cleaning changed the text of {plural(len(changed), 'row')} ({clipped(changed[0], 40)} ...)"
            do = f"{card.task} predicts parts of it as they stand: use ops that drop rows, or rewrite it in `select:`."
            raise UserError(what, where=f"{where}  clean", do=do)


def _agreement(parts: Parts, card: DatasetCard, where: str) -> dict[str, Any] | None:
    """How far the votes agree; GateError where that is less than the card asks for."""
    if card.annotation is None:
        return None
    first = parts.part(0).columns
    said = parts.columns([name for name in ("id", "votes", "annotators", "adjudicated", "label") if name in first])
    nobody = labelling.waiting(said, card)
    if nobody:
        raise UserError(nobody, where=where)
    votes = said.select(name for name in ("id", "votes", "annotators") if name in first)
    labelling.check_answers(votes, card, where)
    measured = gate.agreement(votes, card)
    gate.enforce(card, measured, where)
    return measured


def _refuse_changed(card: DatasetCard, raw: Mapping[str, Fetched], context: FetchContext, where: str) -> None:
    """Files of the project are hashed first and read later: what is locked must be what was read."""
    live = {name: spec for name, spec in card.sources.items() if spec.origin.live}
    now = fetch_all(card.model_copy(update={"sources": live}), context)
    changed = [name for name, fetched in now.items() if fetched != raw[name]]
    if changed:
        what = f"{', '.join(changed)} changed while it was read"
        raise UserError(what, where=where, do="Run the same command again.")


def _check_splits(rows: pl.DataFrame, cleaned: Cleaned, card: DatasetCard, where: str) -> None:
    """A split that the method promises must not come out empty."""
    stays = rows["_reason"].is_null()
    found = rows["_split"].filter(stays).unique()
    empty = [name for name in card.split.split.promised if name not in found]
    if empty:
        kept = int(stays.sum())
        what = f"no row is left for {' and '.join(empty)}: {plural(kept, 'row')} of {rows.height:,} stayed{_lost(rows)}"
        keys = cleaned.parts.columns(["_key"])["_key"].filter(stays).n_unique()
        by_key = not card.split.split.columns and keys < kept
        shared = f", with {plural(keys, 'key')}; rows of one key stay together" if by_key else ""
        do = "Add rows with other keys" if shared else "Add rows"
        raise UserError(what + shared, where=where, do=f"{do}, or change `split:` or the cleaning.")


def _lost(rows: pl.DataFrame) -> str:
    """Where most of the rows left, for an error."""
    ops = rows["_op"].drop_nulls().value_counts(sort=True).head(5).rows()
    return f" (left at {', '.join(f'{op}: {count:,}' for op, count in ops)})" if ops else ""


def _proven(draft: Draft, written: Written, cleaned: Cleaned, home: Path, where: str) -> dict[str, Any]:
    """The manifest of written splits that are leak-free; GateError where they are not, or an audit finds too much."""
    card = draft.card
    splits = {name: written.files[name] for name in SPLITS}
    folder, documents = written.files["test"].parent, draft.documents is not None
    documented = folder / "collection.parquet" if documents else None
    proof = audit(
        splits, draft.labels, draft.tally.stayed, task=card.task, collection=documented, made=written.fingerprint
    )
    if not proof.clean:
        found = ", ".join(f"{name}: {count}" for name, count in proof.violations.items() if count)
        raise GateError(f"the written splits of {card.name} failed the audit ({found})", do="Nothing was published.")
    checksums = {name: file_digest(path) for name, path in written.files.items()}
    if documented is not None:
        checksums["collection"] = file_digest(documented)
    asked = audits.run(card.audit, splits, proof.digest, home, card.task, extra=_extra(cleaned))
    audits.enforce(card.audit, asked, where)
    return draft.manifest(proof, checksums, asked, drift.as_json(splits, card.margin, _classes(card)))


def _classes(card: DatasetCard) -> str | None:
    """The published column of labels; None for a task without a closed set."""
    task = TASKS.get(card.task)
    return task.target if TARGETS.get(task.answer).closed else None


def _extra(cleaned: Cleaned) -> pl.DataFrame | None:
    """The columns by id that only audits read; None where none are kept."""
    names = [name for name in cleaned.parts.part(0).columns if name.startswith(EXTRA)]
    if not names:
        return None
    found = cleaned.parts.columns(["id", *names])
    return found.rename({name: name.removeprefix(EXTRA) for name in names})
