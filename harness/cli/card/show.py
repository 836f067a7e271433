"""`bench card show`."""

import typer

from harness.cli.console import JsonOption, ProjectOption, print_json, workspace


def show(name: str, project: ProjectOption = None, as_json: JsonOption = False) -> None:
    """Show a card as it is understood, and its built version with five rows if there is one."""
    from harness.inspect.show import described, lines
    from harness.suites import section_of

    space = workspace(project)
    if as_json:
        print_json(described(space.catalog, name))
    elif section_of(name, space) == "datasets":
        from rich.console import Console

        from harness.inspect.page import page

        console = Console(highlight=False, markup=False, emoji=False)
        for part in page(space.catalog, name):
            console.print(part)
    else:
        typer.echo("\n".join(lines(described(space.catalog, name))))
