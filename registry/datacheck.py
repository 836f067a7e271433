"""A card held against its data: what a look at them shows before anything is built. Opens no socket, writes nothing.

Owns the questions: are the files there, can they be read, do columns and labels agree with the card, are there enough
test rows. What would stop a build is a problem at its place in the card; what is worth knowing is a notice.
"""

import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import polars as pl

from registry import build, collection, power
from registry.card import DatasetCard
from registry.catalog import Catalog
from registry.errors import Problem, UserError, clipped, nearest, plural
from registry.fetching import annotations, fetch_named
from registry.infer.language import unwritten
from registry.infer.profile import MISSING
from registry.infer.sniff import HEAD, encoding_of
from registry.kinds import TARGETS, TASKS
from registry.op import staying
from registry.pipeline import labelling, rows
from registry.pipeline.fates import of_frame
from registry.pipeline.parts import in_memory
from registry.progress import Silent
from registry.reading.formats import UndecodableError
from registry.reading.sample import Sample, sampled
from registry.reading.tables import read_table
from registry.source import FetchContext, Fetched, RawFile
from registry.split import SPLITS, Folding
from registry.taskcheck import stumbles
from registry.text import example
from registry.yamlsource import Breadcrumb, YamlSource

MOST_BYTES = 256 << 20
"""Sources that are joined are read whole, and above this not at all."""

UNCOVERING = ("unescape_html", "strip_html", "control_characters", "fix_unicode")
"""Ops after which personal data may stand in a text that could not be seen before."""

SHOWN = 8
"""Labels that one line names."""


class DataCheck(NamedTuple):
    """What a look found. `notices` are worth saying and are no mistakes."""

    problems: tuple[Problem, ...]
    notices: tuple[str, ...]


class Seen(NamedTuple):
    """The rows of a card as far as they were looked at, every one with its split, label and fate."""

    rows: pl.DataFrame
    share: float
    """Of the bytes of its sources that were read."""


def look(card: DatasetCard, catalog: Catalog) -> DataCheck:
    """Look at the data of a card, as far as they are on this machine."""
    finding = _Finding(card, catalog.merged("datasets", card.name).source)
    _early(finding)
    seen = _seen(finding, catalog)
    if seen is not None:
        _labels(finding, seen)
        _texts(finding, seen)
        finding.notices += stumbles(seen.rows.filter(staying()), card)
        _sizes(finding, seen)
    return DataCheck(tuple(finding.problems), tuple(f"{card.name}: {notice}" for notice in finding.notices))


def rows_at_hand(card: DatasetCard, catalog: Catalog) -> Seen | None:
    """The rows of a card, built or not; None where they are not on this machine or a build of them would fail."""
    return _seen(_Finding(card, catalog.merged("datasets", card.name).source), catalog)


@dataclass
class _Finding:
    """Problems and notices of one card as they are found."""

    card: DatasetCard
    source: YamlSource
    problems: list[Problem] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def report(self, path: Breadcrumb, what: str, do: str = "") -> None:
        # What the card does not write itself it has from `like:`, or it is a default, told at the card's top.
        inherited = path[0] not in self.source.data and "like" in self.source.data
        self.problems.append(self.source.problem(("like",) if inherited else path, what, do))

    def told(self, path: Breadcrumb, error: UserError) -> None:
        """An error of the build's own code, at its place in the card."""
        lines = error.what.split("\n  ")
        several = all(line.startswith("no column ") for line in lines)
        for what in lines if several else [error.what]:
            # A message that names the key of the card which asks for something belongs to that key.
            named = re.search(r"\(`(\w+): (\w+):` names it\)", what)
            self.report((named[1], named[2]) if named else path, what, error.do)


def _early(finding: _Finding) -> None:
    """Personal data are looked for before ops that may uncover more of them."""
    names = [step.name for step in finding.card.clean]
    if "pii" in names:
        last = len(names) - names[::-1].index("pii")
        later = [name for name in names[last:] if name in UNCOVERING]
        if later:
            what = " and ".join(later)
            finding.notices.append(f"pii stands before {what}, which may uncover personal data; put it after")


def _seen(finding: _Finding, catalog: Catalog) -> Seen | None:
    """The rows that the card makes of its data; None where that fails, which then is reported."""
    card = finding.card
    context = build.fetch_context(card.name, catalog, offline=True, progress=Silent())
    raw = {name: found for name in card.sources if (found := _fetched(finding, name, context)) is not None}
    if len(raw) < len(card.sources):
        return None
    with tempfile.TemporaryDirectory(prefix="cardbench-") as scratch:
        samples = _samples(finding, raw, Path(scratch))
        tables = {name: _table(finding, name, sample, context) for name, sample in samples.items()}
    read = {name: table for name, table in tables.items() if table is not None}
    if len(read) < len(card.sources):
        return None
    share = min(sample.share for sample in samples.values())
    made = _made(finding, read, annotations(context))
    if made is None or not _collected(finding, read, made, whole=share >= 1):
        return None
    return Seen(made, share)


def _fetched(finding: _Finding, name: str, context: FetchContext) -> tuple[RawFile, ...] | None:
    spec = finding.card.sources[name]
    try:
        return fetch_named(name, spec, context).files
    except UserError as error:
        # A version of another card is not here because nobody built it yet, as what is remote is not fetched yet.
        if spec.origin.live and spec.origin_kind != "version":
            finding.report(("sources", name, spec.origin_kind), f"{clipped(error.where)}: {error.what}", error.do)
        else:
            finding.notices.append(f"the source {name} is not in the store, so its data were not looked at")
        return None


def _samples(finding: _Finding, raw: Mapping[str, tuple[RawFile, ...]], scratch: Path) -> dict[str, Sample]:
    """The part of each source that is read: of one alone the beginning, of several all, because joins need all."""
    if len(raw) == 1:
        ((name, files),) = raw.items()
        return {name: sampled(files, finding.card.sources[name], scratch)}
    size = sum(file.path.stat().st_size for files in raw.values() for file in files)
    if size > MOST_BYTES:
        finding.notices.append(f"its sources hold {size:,} bytes, too many for a look; `bench build` reads them")
        return {}
    return {name: Sample(files, 1.0) for name, files in raw.items()}


def _table(finding: _Finding, name: str, sample: Sample, context: FetchContext) -> pl.DataFrame | None:
    try:
        frame = read_table(finding.card.sources[name], sample.files, context.home).frame
    except UndecodableError as error:
        path = sample.files[0].path
        finding.report(("sources", name, "encoding"), f"{_shown(error, context)}{error.what}", _encoding(error, path))
        return None
    except UserError as error:
        finding.report(("sources", name, "format"), f"{_shown(error, context)}{error.what}", error.do)
        return None
    if not sample.whole:
        rows_read = plural(frame.height, "row")
        finding.notices.append(f"looked at the first {rows_read} of {name}, {sample.share:.0%} of its bytes")
    return frame


def _shown(error: UserError, context: FetchContext) -> str:
    """Where in the data, relative to the project."""
    where = error.where.removeprefix(f"{context.project}/").removeprefix(f"{context.home}/")
    return f"{clipped(where)}: " if where else ""


def _encoding(error: UserError, path: Path) -> str:
    """What to do about bytes that do not fit: the encoding that they do fit, if one does."""
    try:
        with path.open("rb") as file:
            likely, notes = encoding_of(path, file.read(HEAD))
    except UserError:
        return error.do
    return f"Set `encoding:` of this source; by the look of the characters it is {likely}." if notes else error.do


def _made(
    finding: _Finding, tables: Mapping[str, pl.DataFrame], imported: Mapping[str, Fetched]
) -> pl.DataFrame | None:
    """Every row with its fate, by the build's own steps; what stops one of them is reported at its key."""
    card = finding.card
    place: Breadcrumb = ("select",) if card.select is not None else ("sources", next(iter(card.sources)))
    try:
        frame = rows.selected(card, tables, "", imported).frame
        place = ("annotation", "votes")
        unready = _unready(card, frame)
        if unready:
            finding.notices.append(unready)
            return None
        place = ("split",)
        if not card.split.split.afterwards:
            card.split.split.assign(frame)
        place = ("labels",) if card.labels else ("task",)
        labelling.label(frame, card, "")
        with Silent().step("") as step:
            made = of_frame(frame, card.alone, "", step)
    except UserError as error:
        op = next((step.name for step in card.clean if error.what.startswith(step.name)), "")
        finding.told(("clean",) if op else place, error)
        return None
    return made


def _collected(finding: _Finding, tables: Mapping[str, pl.DataFrame], made: pl.DataFrame, *, whole: bool) -> bool:
    """Whether the collection can be had and, where all sources were read, has every document that rows name."""
    if finding.card.collection is None:
        return True
    try:
        documents = collection.collected(finding.card, tables, "").rows
        if whole:
            collection.check(in_memory(made.filter(staying())), finding.card, documents, "")
    except UserError as error:
        finding.told(("collection",), error)
        return False
    return True


def _unready(card: DatasetCard, frame: pl.DataFrame) -> str:
    """Why a card that is being annotated cannot be built yet; empty for any other."""
    if card.annotation is None:
        return ""
    if not labelling.gives(card.annotation, card):
        given, wanted = card.annotation.answer, TASKS.get(card.task).target
        return f"answers of `{given}` give no {wanted}: the card can be annotated, not built"
    labelling.check_answers(frame, card, "")
    return labelling.waiting(frame, card)


def _labels(finding: _Finding, seen: Seen) -> None:
    """Labels of the data against those of the card, and how many rows bear each."""
    card = finding.card
    target = TARGETS.get(TASKS.get(card.task).answer)()
    if not target.closed:
        return
    found = target.labels(seen.rows.filter(staying())["label"]).explode().drop_nulls()
    counts: dict[str, int] = dict(found.value_counts().sort(found.name).iter_rows())
    if card.labels is None:
        _unnamed_labels(finding, seen)
    else:
        unknown = [name for name in counts if name not in card.labels.names]
        if unknown:
            shown = _list([f'"{clipped(name, 40)}" ({plural(counts[name], "row")})' for name in unknown])
            near = nearest(unknown[0], card.labels.names)
            do = "Add them to `labels:`, or mend them in `select:`."
            finding.report(("labels",), f"the data has labels that the card does not name: {shown}{near}", do)
        never = [clipped(name, 40) for name in card.labels.names if name not in counts]
        if never:
            finding.notices.append(f"no row looked at has the label {_list(never)}")
    blank = [f'"{clipped(name, 40)}"' for name in counts if name.lower() in MISSING]
    if blank and not target.beside:
        finding.notices.append(f"labels that may stand for a missing one: {_list(blank)}; `select:` can make them NULL")
    shown = _list([f"{clipped(name, 40)} {count:,}" for name, count in counts.items()])
    finding.notices.append(f"labels after cleaning: {shown or 'none'}")
    scarce = [clipped(name, 40) for name, count in counts.items() if count < labelling.SCARCE]
    if scarce:
        finding.notices.append(f"labels with fewer than {labelling.SCARCE} rows: {_list(scarce)}")


def _unnamed_labels(finding: _Finding, seen: Seen) -> None:
    try:
        labelling.label_set(seen.rows, finding.card, "")
    except UserError as error:
        finding.told(("task",), error)


def _texts(finding: _Finding, seen: Seen) -> None:
    """Rows without a text, repeated ones, and texts in another script than that of the card's languages."""
    card, total = finding.card, seen.rows.height
    blank = seen.rows.filter(pl.col("_reason").str.starts_with("no text")).height
    if blank:
        finding.notices.append(f"{plural(blank, 'row')} ({_percent(blank, total)}) have no text and leave")
    given = seen.rows.filter(pl.col("_reason").is_null() | ~pl.col("_reason").str.starts_with("no text"))
    repeated = given.height - given.select(example(given).n_unique()).item() if given.height else 0
    if repeated:
        known = [step.name for step in card.clean if step.name in ("dedupe_exact", "dedupe_near")]
        what = f"; {known[0]} takes care of them" if known else "; `clean: [dedupe_exact]` would drop them"
        finding.notices.append(
            f"{plural(repeated, 'row')} ({_percent(repeated, total)}) repeat the text of another{what}"
        )
    _torn(finding, given)
    script = unwritten(card.languages, given["text"]) if "text" in given.columns else ""
    if script:
        finding.notices.append(f"languages: {', '.join(card.languages)} does not fit the texts; {script}")


def _torn(finding: _Finding, given: pl.DataFrame) -> None:
    """Equal texts that bear different labels, before cleaning decides between them."""
    live = given.select("label", text=example(given)).drop_nulls() if given.height else None
    torn = 0 if live is None else live.unique().filter(pl.col("text").is_duplicated())["text"].n_unique()
    if torn:
        verb = "bears" if torn == 1 else "bear"
        said = "labels" if TARGETS.get(TASKS.get(finding.card.task).answer).closed else "answers"
        finding.notices.append(f"{plural(torn, 'text')} {verb} several {said}, each in a row of its own")


def _sizes(finding: _Finding, seen: Seen) -> None:
    """Splits that come out empty, and a test split that cannot keep what `margin:` claims."""
    card, kept = finding.card, seen.rows.filter(staying())
    sizes = {name: kept.filter(pl.col("_split") == name).height for name in SPLITS}
    empty = [name for name in card.split.split.promised if not sizes[name]]
    if empty and seen.share >= 1:
        what = f"no row is left for {' and '.join(empty)}: {plural(kept.height, 'row')} of {seen.rows.height:,} stay"
        finding.report(("split",), what, "Add rows, or change `split:` or the cleaning.")
    elif card.margin is not None:
        # Cross-validation evaluates every row of its folds.
        evaluated = "train" if isinstance(card.split.split, Folding) else "test"
        _margin(finding, evaluated, round(sizes[evaluated] / seen.share), card.margin, exact=seen.share >= 1)


def _margin(finding: _Finding, split: str, rows: int, margin: float, *, exact: bool) -> None:
    needed = power.rows_needed(margin)
    if rows >= needed:
        return
    smallest = power.smallest_difference(rows)
    tells = "no difference at all" if smallest is None else f"differences of {smallest:.3f} or more"
    about = "" if exact else "about "
    what = f"{about}{plural(rows, f'{split} row')} tell {tells} ({power.ASSUMED}); {margin:g} needs {needed:,}"
    if exact:
        finding.report(("margin",), what, f"Widen `margin:`, or give the {split} split more rows.")
    else:
        finding.notices.append(f"margin: {what}")


def _percent(part: int, whole: int) -> str:
    return f"{part / whole:.1%}"


def _list(names: list[str]) -> str:
    return ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")
