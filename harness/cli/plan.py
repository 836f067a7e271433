"""`bench plan`."""

from typing import Annotated

import typer

from harness.cli.console import JsonOption, ProjectOption, print_json, workspace

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
    from harness.planning import as_json_rows, questions, summary

    space = workspace(project, quiet=True)
    plans = [plan_suite(suite, space) for suite in questions(names, models, seeds, limit, space)]
    if as_json:
        print_json([row for found in plans for row in as_json_rows(found)])
        return
    for found in plans:
        typer.echo("\n".join(summary(found)))
