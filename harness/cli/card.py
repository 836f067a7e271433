"""`bench card check` and `bench card show`."""

import sys
from typing import Annotated

import typer

from harness.cli.console import JsonOption, ProjectOption, print_json, workspace
from harness.cli.progress import tell

app = typer.Typer(help="Check and show cards.", no_args_is_help=True, rich_markup_mode=None)


@app.command()
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


@app.command()
def show(name: str, project: ProjectOption = None, as_json: JsonOption = False) -> None:
    """Show a card as it is understood, and its built version if there is one."""
    from harness.inspect.show import described, lines

    found = described(workspace(project).catalog, name)
    if as_json:
        print_json(found)
    else:
        typer.echo("\n".join(lines(found)))
