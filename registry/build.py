"""The only orchestration: fetch, read, label, clean, split, audit, publish, lock.

Owns the order of the steps and the ledger: rows kept and rows dropped always add up to rows read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from registry import gate, labelling, lock, store
from registry.audit import audit
from registry.card import DatasetCard
from registry.catalog import Catalog
from registry.digest import content_digest
from registry.errors import GateError, UserError, plural
from registry.identity import build_key
from registry.manifest import Draft
from registry.op import leave, staying
from registry.progress import Progress, Silent, Step
from registry.project import shipped
from registry.rows import fetch, read
from registry.source import FetchContext, RawFile
from registry.split import STRICTEST_FIRST
from registry.store import Published
from registry.text import folded, strictness


@dataclass(frozen=True)
class Built:
    """A published version, whether it was made just now, and what the user should be told about it."""

    card: DatasetCard
    published: Published
    fresh: bool
    notices: tuple[str, ...]
    lock_changed: bool


def build(name: str, catalog: Catalog, *, offline: bool = False, progress: Progress | None = None) -> Built:
    """The version of a card as it stands: found in the store, or made and published.

    Raises UserError for a wrong card or unreachable source, GateError for data that fails its own card's gates.
    """
    watched = progress or Silent()
    card, where = catalog.dataset(name), catalog.file("datasets", name).shown_as
    context = fetch_context(name, catalog, offline=offline, progress=watched)
    raw = fetch(card, context)
    published = store.by_key(catalog.project.home, name, build_key(card, raw))
    fresh = published is None
    if published is None:
        published = _make(card, raw, context, where)
    warning = gate.enforce(card, published.manifest["agreement"], where)
    locked = _locked(published)
    lock.verify(lock.entry(catalog.project, name), locked, name)
    changed = lock.record(catalog.project, name, locked)
    return Built(card, published, fresh, (warning,) if warning else (), changed)


def locate(name: str, catalog: Catalog) -> Published | None:
    """The version of a card as it stands, if it was fetched and built before; opens no socket."""
    card = catalog.dataset(name)
    try:
        raw = fetch(card, fetch_context(name, catalog, offline=True, progress=Silent()))
    except UserError:  # not fetched yet, or its file is gone: either way there is nothing to find
        return None
    return store.by_key(catalog.project.home, name, build_key(card, raw))


def fetch_context(name: str, catalog: Catalog, *, offline: bool, progress: Progress) -> FetchContext:
    """Paths of a shipped card are relative to what ships with it; those of a project card to the project."""
    root = shipped() if catalog.file("datasets", name).shipped else catalog.project.root
    return FetchContext(root, catalog.project.home, offline, progress)


def _make(card: DatasetCard, raw: Mapping[str, tuple[RawFile, ...]], context: FetchContext, where: str) -> Published:
    with context.progress.step(f"build {card.name}", total=len(card.clean) + 4, unit="steps") as step:
        source = read(card, raw, context, where)
        step.advance()
        measured = gate.agreement(source.frame, card)
        gate.enforce(card, measured, where)
        step.advance()
        rows = _cleaned(source.frame, card, where, step)
        draft = Draft(card, raw, source, rows, labelling.label_set(rows, card, where), measured)
        _check_splits(rows, card, where)
        step.advance()
        with store.staging(context.home) as staged:
            published = _write(draft, staged, context.home)
        step.advance()
    return published


def _cleaned(rows: pl.DataFrame, card: DatasetCard, where: str, step: Step) -> pl.DataFrame:
    """Every source row with its split, and with the op and the reason if it leaves."""
    rows = rows.with_columns(
        _split=card.split.split.assign(rows["_key"]),
        _reason=pl.lit(None, dtype=pl.String),
        _op=pl.lit(None, dtype=pl.String),
        _duplicate_of=pl.lit(None, dtype=pl.String),
    )
    rows = _stamp(rows.with_columns(_blank()), "required")
    labelling.check_scale(rows, card, where)
    rows = _stamp(labelling.unanswered(labelling.label(rows, card, where), card), "labels")
    for spec in card.clean:
        rows = _stamp(spec.op.apply(rows), spec.name)
        step.advance()
    rows = _stamp(rows.with_columns(_blank()), "required")
    # Ops may have pooled votes, so labels are made again from what the rows now hold.
    rows = _stamp(labelling.unlabelled(labelling.label(rows, card, where), card, where), "labels")
    return _stamp(_across_splits(rows), "split")


def _blank() -> pl.Expr:
    text = pl.col("text")
    return leave(text.is_null() | (text.str.strip_chars() == ""), "no text")


def _stamp(rows: pl.DataFrame, op: str) -> pl.DataFrame:
    """Name the op whose reason a row just got."""
    new = pl.col("_reason").is_not_null() & pl.col("_op").is_null()
    return rows.with_columns(_op=pl.when(new).then(pl.lit(op)).otherwise("_op"))


def _across_splits(rows: pl.DataFrame) -> pl.DataFrame:
    """Where equal texts fell into different splits, only the rows in the strictest one stay."""
    text = folded(pl.col("text"))
    live = rows.filter(staying()).select("id", _text=text, _rank=strictness())
    strictest = live.with_columns(_strictest=pl.col("_rank").min().over("_text"))
    kept = strictest.filter(pl.col("_rank") == pl.col("_strictest")).group_by("_text").agg(_kept=pl.col("id").min())
    losers = strictest.filter(pl.col("_rank") > pl.col("_strictest")).join(kept, on="_text")
    named = [f"same text in {name}" for name in STRICTEST_FIRST]
    reason = pl.col("_strictest").replace_strict(dict(enumerate(named)), return_dtype=pl.String).alias("_why")
    rows = rows.join(losers.select("id", "_kept", reason), on="id", how="left", maintain_order="left")
    leaving = staying() & pl.col("_why").is_not_null()
    return rows.with_columns(
        _reason=pl.when(leaving).then("_why").otherwise("_reason"),
        _duplicate_of=pl.when(leaving).then("_kept").otherwise("_duplicate_of"),
    ).drop("_why", "_kept")


def _check_splits(rows: pl.DataFrame, card: DatasetCard, where: str) -> None:
    """A split that the method promises must not come out empty."""
    kept = rows.filter(staying())
    empty = [name for name in card.split.split.promised if not (kept["_split"] == name).any()]
    if empty:
        what = f"no row is left for {' and '.join(empty)}: {plural(kept.height, 'row')} of {rows.height:,} stayed"
        raise UserError(what, where=where, do="Add rows, or change `split: ratios:` or the cleaning.")


def _write(draft: Draft, staged: Path, home: Path) -> Published:
    """Write the splits and the ledger, prove them leak-free from what was written, then publish."""
    splits = draft.splits()
    files = {name: staged / f"{name}.parquet" for name in splits}
    for name, frame in splits.items():
        frame.write_parquet(files[name], compression="zstd")
    draft.ledger().write_parquet(staged / "ledger.parquet", compression="zstd")
    digest = content_digest(splits)
    proof = audit(files, draft.labels, draft.rows.filter(staying()).height, digest)
    if not proof.clean:
        found = ", ".join(f"{name}: {count}" for name, count in proof.violations.items() if count)
        raise GateError(
            f"the written splits of {draft.card.name} failed the audit ({found})", do="Nothing was published."
        )
    return store.publish(staged, home, draft.card.name, draft.manifest(splits, proof, digest))


def _locked(published: Published) -> lock.Locked:
    manifest = published.manifest
    return lock.Locked(
        build_key=manifest["build_key"],
        content_digest=manifest["content_digest"],
        sources={name: facts["files"] for name, facts in manifest["sources"].items()},
        libraries=manifest["libraries"],
    )
