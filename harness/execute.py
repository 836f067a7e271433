"""A suite from start to leaderboard: prepare, plan, run what is missing, report. Resuming is planning again."""

from collections.abc import Sequence
from typing import NamedTuple

from harness import weights
from harness.device import detect
from harness.plan import Plan, Planned, plan
from harness.planning import estimate
from harness.prepare import build_line
from harness.records import RunRecord
from harness.report.assemble import board
from harness.report.board import Board
from harness.report.render import Written, write
from harness.run import Job, run
from harness.spec import Suite
from harness.workspace import Workspace
from registry import build
from registry.errors import plural


class Report(NamedTuple):
    """A board and the files it was written to."""

    board: Board
    files: Written


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
    return Outcome(write_report(suite, workspace, planned if not waiting else None), len(finished), len(failed))


def write_report(suite: Suite, workspace: Workspace, planned: Plan | None = None) -> Report:
    """The board as the records stand, in every format."""
    made = board(planned or plan(suite, workspace), workspace)
    folder = workspace.home / "reports"
    folder.mkdir(parents=True, exist_ok=True)
    return Report(made, write(made, folder, workspace.home / "cache"))


def _prepared(suite: Suite, workspace: Workspace) -> Plan:
    """The plan, after building datasets and fetching weights that it lacks."""
    planned = plan(suite, workspace)
    for name in suite.datasets:
        built = build.build(name, workspace.catalog, offline=workspace.offline, progress=workspace.progress)
        if built.fresh or built.notices:
            workspace.progress.say(build_line(built))
    # Planned again, because only the built data tell which models make sense on it.
    planned = plan(suite, workspace)
    for name in {cell.model for cell in planned.of("to prepare")}:
        spec = planned.models[name].card.weights
        if spec is not None:
            weights.fetch(spec, workspace.weights_context(name, offline=workspace.offline))
    return plan(suite, workspace) if planned.of("to prepare") else planned


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
