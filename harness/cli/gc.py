"""`bench gc`."""

from typing import Annotated

import typer

from harness.cli.console import JsonOption, ProjectOption, print_json, workspace
from harness.cli.progress import tell


def gc(
    yes: Annotated[bool, typer.Option("--yes", help="Remove it; without this it is only listed.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Name every file and folder.")] = False,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """List, or remove, what in the store no lock entry, tag, run record or card refers to."""
    from harness.gc import garbage, remove
    from harness.inspect.gc import as_json as facts
    from harness.inspect.gc import lines

    space = workspace(project, offline=True)
    found = garbage(space)
    removed = remove(found, space) if yes else 0
    if as_json:
        print_json(facts(found, removed))
        return
    for line in lines(found, removed if yes else None, space, verbose=verbose):
        tell(line)
