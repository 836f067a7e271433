"""`bench verify`."""

import sys
from typing import Annotated

import typer

from harness.cli.console import JsonOption, ProjectOption, print_json, workspace
from harness.cli.progress import tell


def verify(
    names: Annotated[list[str] | None, typer.Argument(help="Cards (default: everything in the store).")] = None,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """Hash and audit published versions and fetched sources again; exit 1 where something is off."""
    from harness.inspect.verify import verify as verified

    found = verified(names, workspace(project, offline=True))
    if as_json:
        print_json(found.as_json())
    else:
        tell(found.text())
    sys.exit(1 if found.flaws else 0)
