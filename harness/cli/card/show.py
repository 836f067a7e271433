"""`bench card show`."""

import typer

from harness.cli.console import JsonOption, ProjectOption, print_json, workspace


def show(name: str, project: ProjectOption = None, as_json: JsonOption = False) -> None:
    """Show a card as it is understood, and its built version if there is one."""
    from harness.inspect.show import described, lines

    found = described(workspace(project).catalog, name)
    if as_json:
        print_json(found)
    else:
        typer.echo("\n".join(lines(found)))
