"""`bench list`."""

from typing import Annotated

import typer

from harness.cli.console import JsonOption, ProjectOption, print_json, workspace
from harness.cli.progress import tell


def list_(
    what: Annotated[str, typer.Argument(help="cards, datasets, models, suites, runs, ops, sources ...")] = "cards",
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """List cards, runs, or what cards can name (ops, sources, formats, splits, tasks, families, metrics)."""
    from harness.inspect.listing import listed
    from registry.errors import printable

    rows = listed(what, workspace(project))
    if as_json:
        print_json([{"name": row.name, "summary": row.summary, **row.facts} for row in rows])
        return
    if not rows:
        tell(f"no {what} yet")
    width = max((len(row.name) for row in rows), default=0)
    for row in rows:
        typer.echo(printable(f"{row.name:<{width}}  {row.summary}".rstrip()))
