"""A suite from start to leaderboard: prepare, plan, run what is missing, report. Resuming is planning again."""

from collections.abc import Sequence
from typing import NamedTuple

from harness import weights
from harness.device import detect
from harness.plan import Plan, Planned, plan
from harness.planning import estimate
from harness.prepare import build_line
from harness.records import RunRecord
from harness.report.kept import Report, report
from harness.run import Job, run
from harness.spec import Suite
from harness.workspace import Workspace
from registry import build
from registry.errors import plural
from registry.store import Published


class Outcome(NamedTuple):
    """What `bench run` did. `failed` counts the runs of this call that failed."""

    report: Report
    ran: int
    failed: int


def execute(suite: Suite, workspace: Workspace) -> Outcome:
    """Bring a suite's board up to date."""
    planned = _prepared(suite, workspace)
    waiting = planned.of("to run")
    to_do = f"{plural(len(waiting), 'run')} to do; " if waiting else ""
    workspace.progress.say(f"{suite.name}: {to_do}{estimate(planned)}")
    finished = _run_all(waiting, planned, workspace)
    failed = [record for record in finished if record.status == "failed"]
    after = planned if not waiting else plan(suite, workspace, _versions(planned))
    return Outcome(report(after, workspace), len(finished), len(failed))


def _prepared(suite: Suite, workspace: Workspace) -> Plan:
    """The plan, with its datasets built and the weights fetched that it needs."""
    versions = {}
    for name in suite.datasets:
        built = build.build(name, workspace.catalog, offline=workspace.offline, progress=workspace.progress)
        versions[name] = built.published
        if built.fresh or built.notices:
            workspace.progress.say(build_line(built))
    planned = plan(suite, workspace, versions)
    lacking = {cell.model for cell in planned.of("to prepare")}
    for name, model in planned.models.items():
        if name in lacking and model.card.weights is not None:
            weights.fetch(model.card.weights, workspace.weights_context(name, offline=workspace.offline))
    return plan(suite, workspace, versions) if lacking else planned


def _versions(planned: Plan) -> dict[str, Published]:
    return {name: one.published for name, one in planned.datasets.items() if one.published is not None}


def _run_all(waiting: Sequence[Planned], planned: Plan, workspace: Workspace) -> list[RunRecord]:
    if not waiting:
        return []
    finished = []
    with workspace.progress.step(planned.suite.name, len(waiting), "runs") as step:
        for number, cell in enumerate(waiting, 1):
            finished.append(_run(cell, f"[{number}/{len(waiting)}]", planned, workspace))
            step.advance()
    return finished


def _run(cell: Planned, place: str, planned: Plan, workspace: Workspace) -> RunRecord:
    spec, dataset, model = cell.spec, planned.datasets[cell.dataset], planned.models[cell.model]
    assert spec is not None  # noqa: S101 - cells to run have a spec
    assert dataset.published is not None  # noqa: S101 - and a built dataset
    with workspace.progress.step(f"{place} {cell.dataset} / {cell.model} / seed {cell.seed}"):
        record = run(Job(spec, dataset.card, dataset.published, model, detect()), workspace)
    if record.status == "failed":
        workspace.progress.say(f"  failed: {record.reason}")
    return record
