"""A suite brought up to date: build and fetch what it lacks, run what is not recorded. Resuming is planning again."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from harness import records, weights
from harness.building import build_one, together, told
from harness.device import detect
from harness.plan import Plan, Planned, Prepared, estimate, plan
from harness.records import RunRecord
from harness.run import Job, run
from harness.spec import Suite, model_card
from harness.suites import expanded, remember
from harness.weights import WeightsSpec
from harness.workspace import Workspace
from registry import build, fetching
from registry.errors import CardProblems, UserError, plural
from registry.source import Fetched
from registry.store import Published


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


def _built(suite: Suite, workspace: Workspace, *, locked: bool) -> Prepared:
    """The versions of a suite's datasets, and why some could not be built."""
    versions: dict[str, Published] = {}
    trouble: dict[str, UserError] = {}
    for name in suite.datasets:
        try:
            built = build_one(name, workspace, locked=locked)
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
