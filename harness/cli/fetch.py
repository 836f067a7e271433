"""`bench fetch`."""

from typing import Annotated

import typer

from harness.cli.console import ProjectOption, workspace
from harness.cli.progress import tell


def fetch(
    names: Annotated[list[str] | None, typer.Argument(help="Datasets, models or suites (default: quickstart).")] = None,
    project: ProjectOption = None,
    update: Annotated[bool, typer.Option("--update", help="Ask remote sources anew, whatever cards.lock has.")] = False,
) -> None:
    """Fetch everything that a later --offline run needs."""
    from harness.execute import fetch_all

    for line in fetch_all(names, workspace(project), update=update):
        tell(line)
