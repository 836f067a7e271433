"""A suite brought up to date: build and fetch what it lacks, run what is not recorded. Resuming is planning again."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from harness import records, weights
from harness.device import detect
from harness.drift import drifted, power, too_few
from harness.folds import evaluated, folds_of
from harness.plan import Plan, Planned, Prepared, estimate, plan
from harness.records import RunRecord
from harness.run import Job, run
from harness.spec import Suite, model_card
from harness.suites import expanded, remember
from harness.weights import WeightsSpec
from harness.workspace import Workspace
from registry import build, fetching
from registry.build import Built
from registry.errors import CardProblems, GateError, UserError, plural
from registry.source import Fetched
from registry.split import SPLITS
from registry.store import SHORT, Published

FEW = 10
MOST_CHANGES = 20


class Outcome(NamedTuple):
    """What `bench run` did: the plan as it stands afterwards, and how many runs, datasets and weights failed."""

    plan: Plan
    failed: int


def execute(suite: Suite, workspace: Workspace, *, locked: bool = False) -> Outcome:
    """Prepare and run a suite. What one dataset or model lacks is a hole; the others go on.

    `locked`: GateError before anything runs where a dataset is not as `cards.lock` has it.
    """
    prepared = _built(suite, workspace, locked=locked)
    planned = plan(suite, workspace, prepared)
    lacking = _lacking(planned)
    if lacking:
        prepared = _fetched(lacking, prepared, workspace)
        planned = plan(suite, workspace, prepared)
    _tell_trouble(planned, prepared, workspace)
    remember(suite, workspace)
    waiting = planned.of("to run")
    to_do = f"{plural(len(waiting), 'run')} to do; " if waiting else ""
    workspace.progress.say(f"{suite.name}: {to_do}{estimate(planned)}")
    finished = _run_all(waiting, planned, workspace)
    failed = sum(record.status == "failed" for record in finished) + len(prepared.trouble)
    after = plan(suite, workspace, prepared) if waiting else planned
    return Outcome(after, failed)


def fetch_all(names: Sequence[str] | None, workspace: Workspace, *, update: bool = False) -> Iterator[str]:
    """Fetch the sources and weights that a run of these names needs; one line each when it is there.

    `update` asks remote sources anew, whatever `cards.lock` says; the next build tells what that changes.
    """
    for section, name in expanded(names, workspace):
        if section == "datasets":
            card = workspace.catalog.dataset(name)
            context = build.fetch_context(
                name, workspace.catalog, offline=False, progress=workspace.progress, update=update
            )
            found = fetching.fetch_all(card, context)
            files = {file.sha256 for one in found.values() for file in one.files}
            other = [source for source, pin in context.pins.items() if _files(found[source]) != pin.files]
            told = (
                f"; {', '.join(other)} differs from cards.lock: `bench build {name} --update` accepts" if other else ""
            )
            yield f"{name}: {plural(len(files), 'file')} fetched and verified{told}"
        else:
            spec = model_card(workspace.catalog, name).weights
            if spec is not None:
                weights.fetch(spec, workspace.weights_context(name, offline=False))
                yield f"{name}: weights fetched"


def _files(fetched: Fetched) -> dict[str, str]:
    return {file.name: file.sha256 for file in fetched.files}


def build_all(
    names: Sequence[str] | None, workspace: Workspace, *, update: bool = False, locked: bool = False
) -> Iterator[Built]:
    """Build the datasets that a run of these names needs, in order; what failed is raised after the others."""
    errors = []
    datasets = [name for section, name in expanded(names, workspace) if section == "datasets"]
    if not datasets:
        raise UserError(f"there is no dataset in {', '.join(names or ())}", do="`bench list datasets` shows them.")
    for name in datasets:
        try:
            yield _build(name, workspace, update=update, locked=locked)
        except UserError as error:
            errors.append(error)
    if errors:
        raise together(errors)


def together(errors: Sequence[UserError]) -> UserError:
    """One error for several; a gate that was not met is milder than wrong input."""
    if len(errors) == 1:
        return errors[0]
    kind = GateError if all(isinstance(error, GateError) for error in errors) else UserError
    return kind("\n".join(map(str, errors)))


def told(built: Built) -> str:
    """What people are told about a version."""
    manifest = built.published.manifest
    counts = {name: manifest["splits"][name]["rows"] for name in SPLITS}
    folds = folds_of(manifest)
    sizes = ", ".join(f"{name} {count:,}" for name, count in counts.items() if count)
    sizes += f" for {folds}" if folds else ""
    as_locked = built.before == built.published.digest
    state = "built" if built.fresh else "unchanged" if as_locked else "built before"
    dropped = manifest["rows_read"] - manifest["rows_kept"]
    reasons = ", ".join(f"{count:,} {reason}" for _, reason, count in manifest["ledger"])
    left = f"{plural(dropped, 'row')} left out{f' ({reasons})' if reasons else ''}"
    line = f"{built.card.name} {built.published.digest[:12]} {state}: {sizes}; {left}"
    lines = [line, *(f"  warning: {notice}" for notice in built.notices), *_changed(built)]
    if built.fresh:
        notes = (*built.card.cautions, *_thin(manifest), *_weak(manifest, built.card.margin))
        lines += [f"  labels: {', '.join(manifest['labels'])}", *(f"  note: {note}" for note in notes)]
    return "\n".join(lines)


def _changed(built: Built) -> Iterator[str]:
    """What differs from the version that was locked before."""
    for change in built.changes[:MOST_CHANGES]:
        yield f"  changed: {change.text}"
    if len(built.changes) > MOST_CHANGES:
        yield f"  and {plural(len(built.changes) - MOST_CHANGES, 'more change')}; --json has all of them"
    if built.lock_changed:
        other = f"instead of {built.before[:SHORT]}" if built.before else "for the first time"
        yield f"  locked {'with the same rows' if built.before == built.published.digest else other}"


def _thin(manifest: Mapping[str, Any]) -> Iterator[str]:
    """Labels with so few evaluated rows that their share of a score says little."""
    split = evaluated(manifest)
    counts = manifest["splits"][split]["labels"]
    few = [f"{label} ({count})" for label, count in counts.items() if count < FEW]
    if few:
        yield f"labels with fewer than {FEW} rows in {split}: {', '.join(few)}"


def _weak(manifest: Mapping[str, Any], margin: float | None) -> Iterator[str]:
    """Splits that differ from each other, and a margin that they cannot tell."""
    if drifted(manifest):
        yield drifted(manifest)
    if too_few(manifest, margin):
        yield power(manifest, margin)


def _build(name: str, workspace: Workspace, *, update: bool = False, locked: bool = False) -> Built:
    offline, progress = workspace.offline, workspace.progress
    return build.build(name, workspace.catalog, offline=offline, progress=progress, update=update, locked=locked)


def _built(suite: Suite, workspace: Workspace, *, locked: bool) -> Prepared:
    """The versions of a suite's datasets, and why some could not be built."""
    versions: dict[str, Published] = {}
    trouble: dict[str, UserError] = {}
    for name in suite.datasets:
        try:
            built = _build(name, workspace, locked=locked)
        except CardProblems:
            raise
        except UserError as error:
            trouble[name] = error
            continue
        versions[name] = built.published
        if built.fresh or built.notices:
            workspace.progress.say(told(built))
    if locked and trouble:
        raise together(list(trouble.values()))
    return Prepared(versions, trouble)


def _lacking(planned: Plan) -> dict[str, WeightsSpec]:
    """The weights that cells of the plan wait for, by model."""
    waiting = {cell.model for cell in planned.of("to prepare") if planned.datasets[cell.dataset].published}
    specs = {name: model.card.weights for name, model in planned.models.items() if name in waiting}
    return {name: spec for name, spec in specs.items() if spec is not None}


def _fetched(lacking: Mapping[str, WeightsSpec], prepared: Prepared, workspace: Workspace) -> Prepared:
    """Fetch weights; what could not be had is trouble."""
    trouble = dict(prepared.trouble)
    for name, spec in lacking.items():
        try:
            weights.fetch(spec, workspace.weights_context(name, offline=workspace.offline))
        except UserError as error:
            trouble[name] = error
    return Prepared(prepared.built, trouble)


def _tell_trouble(planned: Plan, prepared: Prepared, workspace: Workspace) -> None:
    """What could not be had. Where that leaves nothing to run and nothing recorded, it is the outcome."""
    errors = list(prepared.trouble.values())
    if errors and not any(cell.spec for cell in planned.cells):
        raise together(errors)
    for error in errors:
        workspace.progress.say(str(error))


def _run_all(waiting: Sequence[Planned], planned: Plan, workspace: Workspace) -> list[RunRecord]:
    if not waiting:
        return []
    finished: list[RunRecord] = []
    with workspace.progress.step(planned.suite.name, len(waiting), "runs") as step:
        for number, cell in enumerate(waiting, 1):
            finished += _run(cell, f"[{number}/{len(waiting)}]", planned, workspace)
            step.advance()
    return finished


def _run(cell: Planned, place: str, planned: Plan, workspace: Workspace) -> Iterator[RunRecord]:
    """The record of a cell; none where an equal run was recorded meanwhile, by this call or by another process."""
    spec, dataset, model = cell.spec, planned.datasets[cell.dataset], planned.models[cell.model]
    if spec is None or dataset.published is None or records.done(spec.run_id, workspace.home):
        return
    with workspace.progress.step(f"{place} {cell.dataset} / {cell.model} / {cell.place}"):
        record = run(Job(spec, dataset.card, dataset.published, model, detect()), workspace)
    if record.status == "failed":
        workspace.progress.say(f"  failed: {record.reason}")
    yield record
