"""`bench plan`."""

from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from harness.cli.console import JsonOption, ProjectOption, print_json, workspace

if TYPE_CHECKING:
    from harness.plan import Plan, Planned
    from harness.suites import Wish

NamesArgument = Annotated[list[str] | None, typer.Argument(help="A suite, or datasets (default: quickstart).")]
ModelsOption = Annotated[str, typer.Option("--models", help="Model cards, separated by commas.")]
SeedsOption = Annotated[int | None, typer.Option("--seeds", min=1, help="Number of seeds: 1 to N.")]
LimitOption = Annotated[int | None, typer.Option("--limit", min=1, help="Train on at most N rows.")]


def plan(
    names: NamesArgument = None,
    models: ModelsOption = "",
    seeds: SeedsOption = None,
    limit: LimitOption = None,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what `bench run` would do, and roughly how long it would take."""
    from harness.plan import plan as plan_suite
    from harness.suites import questions

    space = workspace(project, quiet=True)
    plans = [plan_suite(suite, space) for suite in questions(names, wish(models, seeds, limit), space)]
    if as_json:
        print_json([_facts(found, cell) for found in plans for cell in found.cells])
        return
    for found in plans:
        typer.echo("\n".join(_lines(found)))


def wish(models: str, seeds: int | None, limit: int | None) -> "Wish":
    """The options of a question, as the library takes them."""
    from harness.suites import Wish

    names = dict.fromkeys(part.strip() for part in models.split(",") if part.strip())
    return Wish(tuple(names), seeds, limit)


def _lines(plan: "Plan") -> list[str]:
    from harness.plan import estimate
    from registry.errors import plural, printable

    counts = Counter(cell.state for cell in plan.cells)
    told = ", ".join(f"{count} {state}" for state, count in sorted(counts.items()))
    lines = [f"{plan.suite.name}: {plural(len(plan.cells), 'run')} ({told})"]
    for cell in plan.cells:
        if cell.state != "recorded":
            about = f"about {cell.seconds:.0f} s" if cell.seconds is not None else ""
            details = "; ".join(part for part in (cell.reason, about) if part)
            told = f"{cell.state} ({details})" if details else cell.state
            lines.append(printable(f"  {cell.dataset}  {cell.model}  seed {cell.seed}: {told}"))
    return [*lines, f"  {estimate(plan)}"]


def _facts(plan: "Plan", cell: "Planned") -> dict[str, Any]:
    """One element of the JSON output."""
    return {
        "board": plan.suite.name,
        "dataset": cell.dataset,
        "model": cell.model,
        "seed": cell.seed,
        "state": cell.state,
        "reason": cell.reason,
        "run_id": cell.spec.run_id if cell.spec else None,
        "train": cell.spec.train if cell.spec else None,
        "seconds": cell.seconds,
    }
