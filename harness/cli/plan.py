"""`bench plan`."""

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Annotated, Any

import typer

from harness.cli.console import AllowCodeOption, JsonOption, ProjectOption, print_json, workspace

if TYPE_CHECKING:
    from harness.plan import Plan, Planned
    from harness.suites import Wish

NamesArgument = Annotated[list[str] | None, typer.Argument(help="A suite, or datasets (default: quickstart).")]
ModelsOption = Annotated[str, typer.Option("--models", help="Model cards, separated by commas.")]
SeedsOption = Annotated[int | None, typer.Option("--seeds", min=1, help="Number of seeds: 1 to N.")]
LimitOption = Annotated[int | None, typer.Option("--limit", min=1, help="Train on at most N rows.")]
PerClassOption = Annotated[
    int | None, typer.Option("--per-class", min=1, help="Train on N rows of each class, other ones for each seed.")
]


def plan(  # noqa: PLR0913, PLR0917 - each is an option of the command
    names: NamesArgument = None,
    models: ModelsOption = "",
    seeds: SeedsOption = None,
    limit: LimitOption = None,
    per_class: PerClassOption = None,
    project: ProjectOption = None,
    allow_code: AllowCodeOption = False,
    as_json: JsonOption = False,
) -> None:
    """Show what `bench run` would do, and roughly how long it would take."""
    from harness.plan import plan as plan_suite
    from harness.suites import questions

    space = workspace(project, quiet=True, allow_code=allow_code)
    plans = [plan_suite(suite, space) for suite in questions(names, wish(models, seeds, limit, per_class), space)]
    if as_json:
        print_json([_facts(found, cell) for found in plans for cell in found.cells])
        return
    for found in plans:
        typer.echo("\n".join(_lines(found)))


def wish(models: str, seeds: int | None, limit: int | None, per_class: int | None) -> "Wish":
    """The options of a question, as the library takes them. UserError for two limits of the same rows."""
    from harness.spec import Limits
    from harness.suites import Wish
    from registry.errors import UserError

    if limit and per_class:
        raise UserError("--limit and --per-class are two ways to limit the same rows", do="Give one of them.")
    names = dict.fromkeys(part.strip() for part in models.split(",") if part.strip())
    return Wish(tuple(names), seeds, Limits(train=limit, per_class=per_class))


def _lines(plan: "Plan") -> list[str]:
    from harness.plan import estimate
    from registry.errors import plural, printable

    counts = Counter(cell.state for cell in plan.cells)
    told = ", ".join(f"{count} {state}" for state, count in sorted(counts.items()))
    lines = [f"{plan.suite.name}: {plural(len(plan.cells), 'run')} ({told})"]
    programs = {name: model.card.program for name, model in plan.models.items() if model.card.program}
    lines += [printable(f"  {name} runs a program of its card: {program}") for name, program in programs.items()]
    scripts = {name: one.described for dataset in plan.datasets.values() for name, one in dataset.scripts.items()}
    lines += [printable(f"  {name} runs a script: {script}") for name, script in scripts.items()]
    waiting = [cell for cell in plan.cells if cell.state != "recorded"]
    for _, alike in groupby(waiting, key=lambda cell: (cell.dataset, cell.model, cell.seed, cell.state, cell.reason)):
        lines.append(printable(f"  {_line(tuple(alike))}"))
    return [*lines, f"  {estimate(plan)}"]


def _line(cells: "tuple[Planned, ...]") -> str:
    """One run, or the folds of one seed that are in the same state."""
    from registry.errors import plural

    first, times = cells[0], [cell.seconds for cell in cells]
    place = first.place if len(cells) == 1 else f"seed {first.seed}, {plural(len(cells), 'fold')}"
    known = [time for time in times if time is not None]
    about = f"about {sum(known):.0f} s" if len(known) == len(cells) else ""
    details = "; ".join(part for part in (first.reason, about) if part)
    return f"{first.dataset}  {first.model}  {place}: {first.state}{f' ({details})' if details else ''}"


def _facts(plan: "Plan", cell: "Planned") -> dict[str, Any]:
    """One element of the JSON output."""
    return {
        "board": plan.suite.name,
        "dataset": cell.dataset,
        "model": cell.model,
        "seed": cell.seed,
        "repeat": cell.fold.repeat if cell.fold else None,
        "fold": cell.fold.number if cell.fold else None,
        "state": cell.state,
        "reason": cell.reason,
        "program": plan.models[cell.model].card.program,
        "run_id": cell.spec.run_id if cell.spec else None,
        "train": cell.spec.train if cell.spec else None,
        "seconds": cell.seconds,
    }
