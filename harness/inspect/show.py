"""`bench card show`: a card as it is understood, where its data stand, and what its built version holds."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from harness.inspect.quality import as_json, quality
from harness.spec import model_card, suite
from harness.suites import section_of
from harness.workspace import Workspace
from registry import build, datacheck, gate, lock
from registry.answers import with_label
from registry.audits.asked import results
from registry.card import DatasetCard, SourceSpec
from registry.catalog import Catalog
from registry.errors import GateError, UserError, plural
from registry.fetching import fetch_named
from registry.identity import part
from registry.infer.emit import value
from registry.kinds import TASKS
from registry.op import staying
from registry.progress import Silent
from registry.quality.measure import Scorecard
from registry.source import FetchContext
from registry.split import SPLITS
from registry.store import Published, filled

if TYPE_CHECKING:
    import polars as pl

EXAMPLES = 5


class SourceState(NamedTuple):
    """One source in words: what it is, and whether it is pinned and here."""

    name: str
    told: str
    state: tuple[str, ...]


class Shown(NamedTuple):
    """All that the page of a dataset card tells. `manifest` is None where the card is not built as it stands."""

    card: DatasetCard
    file: str
    shadows: bool
    sources: tuple[SourceState, ...]
    cleaning: tuple[str, ...]
    split: str
    manifest: dict[str, Any] | None
    agreement: dict[str, Any] | None
    examples: "pl.DataFrame | None"
    """The first rows of the first split, label and texts; None where no data are at hand."""
    quality: Scorecard | None = None
    """None where the card is not built as it stands."""
    trouble: str = ""
    """Why its version does not count: it contradicts cards.lock, or fails the card's own gate."""


def described(catalog: Catalog, name: str) -> dict[str, Any]:
    """The typed card as plain JSON, with the version and five example rows of a dataset that is built."""
    section = section_of(name, Workspace(catalog))
    file = catalog.file(section, name)
    if section == "models":
        card = model_card(catalog, name)
        return {"file": file.shown_as, **card.model_dump(mode="json"), "recipe": part(card.recipe)}
    if section == "suites":
        return {"file": file.shown_as, **suite(catalog, name).model_dump(mode="json")}
    return {"file": file.shown_as, **_dataset(catalog, name)}


def shown(catalog: Catalog, name: str) -> Shown:
    """What is to be told of a dataset card. UserError where the card cannot be read."""
    card, file = catalog.dataset(name), catalog.file("datasets", name)
    trouble = ""
    try:
        published = build.locate(name, catalog)
    except GateError as error:
        published, trouble = None, error.what
    manifest = published.manifest if published else None
    return Shown(
        card,
        file.shown_as,
        file.shadows,
        tuple(_sources(card, catalog)),
        tuple(_cleaning(card, manifest)),
        _with_parameters(card.split.method, card.split.split),
        manifest,
        gate.verdict(card, manifest["agreement"]) if manifest else None,
        _examples(card, catalog, published),
        quality(card, published, Workspace(catalog, offline=True)) if published else None,
        trouble,
    )


def lines(found: dict[str, Any]) -> list[str]:
    """Plain facts for people: one key a line, nested values indented."""
    import yaml

    from registry.errors import printable

    text = yaml.safe_dump(found, sort_keys=False, allow_unicode=True, width=110)
    return [printable(line) for line in text.splitlines()]


def _dataset(catalog: Catalog, name: str) -> dict[str, Any]:
    card = catalog.dataset(name)
    fields = card.model_dump(mode="json", exclude={"sources", "clean", "split"}, exclude_none=True)
    fields["sources"] = {key: spec.origin.describe() for key, spec in card.sources.items()}
    fields["clean"] = [{step.name: part(step.op)} for step in card.clean]
    fields["split"] = {"method": card.split.method, **part(card.split.split)}
    published = build.locate(name, catalog)
    if published is None:
        return {**fields, "version": None}
    keys = ("rows_read", "rows_kept", "ledger", "agreement", "folds", "drift")
    facts = {key: published.manifest[key] for key in keys if key in published.manifest}
    splits = {split: published.manifest["splits"][split] for split in SPLITS}
    built = {"version": published.digest, "folder": str(published.folder), "splits": splits, **facts}
    audits = [one._asdict() for one in results(card.audit, published.manifest)]
    measured = as_json(quality(card, published, Workspace(catalog, offline=True)))
    return {
        **fields,
        **built,
        "audits": audits,
        "quality": measured,
        "examples": _plain(_first_rows(published)).to_dicts(),
    }


def _plain(rows: "pl.DataFrame") -> "pl.DataFrame":
    """Rows as JSON has them: times as text. Votes and sounds are left out."""
    import polars as pl
    from polars import selectors as cs

    return rows.drop("votes", strict=False).drop(cs.binary()).with_columns(cs.temporal().cast(pl.String))


def _first_rows(published: Published) -> "pl.DataFrame":
    """Of train, where it has rows: test rows are for tests."""
    return published.read(filled(published.manifest)[0]).head(EXAMPLES)


def _examples(card: DatasetCard, catalog: Catalog, published: Published | None) -> "pl.DataFrame | None":
    columns = ["label", *TASKS.get(card.task).inputs]
    if published is not None:
        return with_label(_first_rows(published), card.task).select(columns)
    seen = datacheck.rows_at_hand(card, catalog)
    if seen is None:
        return None
    rank = {name: place for place, name in enumerate(SPLITS)}
    kept = seen.rows.filter(staying())
    return kept.sort(kept["_split"].replace_strict(rank), maintain_order=True).select(columns).head(EXAMPLES)


def _sources(card: DatasetCard, catalog: Catalog) -> Iterator[SourceState]:
    entry = lock.entry(catalog.project, card.name)
    locked = entry.sources if entry else {}
    context = build.fetch_context(card.name, catalog, offline=True, progress=Silent())
    for name, spec in card.sources.items():
        pin = "pinned by the card" if spec.sha256 else "locked" if name in locked else "not locked yet"
        member = f", {spec.path}" if spec.path else ""
        yield SourceState(name, f"{spec.origin.describe()}{member}", (pin, _here(name, spec, context)))


def _here(name: str, spec: SourceSpec, context: FetchContext) -> str:
    try:
        fetched = fetch_named(name, spec, context)
    except UserError as error:
        return error.what if spec.origin.live else "not fetched"
    size = sum(file.path.stat().st_size for file in fetched.files)
    return f"{plural(len(fetched.files), 'file')}, {size:,} bytes"


def _cleaning(card: DatasetCard, manifest: dict[str, Any] | None) -> Iterator[str]:
    """Each step with the rows that left at it, and the steps of the build that rows left at too."""
    steps = {step.name: _with_parameters(step.name, step.op) for step in card.clean}
    left: dict[str, list[str]] = {}
    for op, reason, count in manifest["ledger"] if manifest else ():
        left.setdefault(op, []).append(f"{count:,} {reason}")
    for op in dict.fromkeys([*steps, *left]):
        dropped = f" dropped {', '.join(left[op])}" if op in left else ""
        yield f"{steps.get(op, op)}{dropped}"


def _with_parameters(name: str, chosen: Any) -> str:
    # Of a part in a part nothing is left where all of it is at its default, though the card wrote it.
    parameters = {key: one or chosen.model_dump(mode="json")[key] for key, one in part(chosen).items()}
    return f"{name} {value(parameters)}" if parameters else name
