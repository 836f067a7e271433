"""`bench card check`."""

import os
import sys
from enum import StrEnum
from typing import Annotated

import typer

from harness.cli.console import JsonOption, ProjectOption, print_json, workspace
from harness.cli.progress import tell


class Format(StrEnum):
    """How a check is written."""

    text = "text"
    json = "json"
    github = "github"


def check(
    names: Annotated[list[str] | None, typer.Argument(help="Cards of any type (default: all).")] = None,
    data: Annotated[bool, typer.Option("--data/--no-data", help="Look at the data too, where it is at hand.")] = True,
    format_: Annotated[Format, typer.Option("--format", help="github: annotations of a workflow.")] = Format.text,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check cards, and a sample of their data where it is at hand; every mistake of every card at once."""
    from harness.inspect.check import check_cards

    catalog = workspace(project).catalog
    checked = check_cards(catalog, tuple(names or ()), data=data)
    if as_json or format_ is Format.json:
        print_json(checked.as_json())
    else:
        for notice in checked.notices:
            tell(notice)
        if format_ is Format.github:
            sys.stdout.write(checked.as_github(os.path.relpath(catalog.project.root)))
        tell(checked.text())
    sys.exit(2 if checked.problems else 0)
