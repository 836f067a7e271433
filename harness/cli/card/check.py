"""`bench card check`."""

import sys
from typing import Annotated

import typer

from harness.cli.console import JsonOption, ProjectOption, print_json, workspace
from harness.cli.progress import tell


def check(
    names: Annotated[list[str] | None, typer.Argument(help="Cards of any type (default: all).")] = None,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check cards without reading any data; every mistake of every card at once."""
    from harness.inspect.check import check_cards

    checked = check_cards(workspace(project).catalog, tuple(names or ()))
    if as_json:
        print_json({"cards": checked.cards, "problems": checked.as_json()})
    else:
        for notice in checked.notices:
            tell(notice)
        tell(checked.text())
    sys.exit(2 if checked.problems else 0)
