"""`bench why`."""

from typing import Annotated

import typer

from harness.cli.console import JsonOption, ProjectOption, print_json, workspace


def why(
    identifier: Annotated[
        str, typer.Argument(metavar="ID", help="A run id, a version (digest or CARD@TAG) or a row id.")
    ],
    dataset: Annotated[str, typer.Option("--dataset", help="Look for a row id in this dataset only.")] = "",
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print the JSON that was hashed into a run or version id, or the story of a row from its source line on."""
    from harness.inspect.why import explain, lines
    from registry.errors import printable

    found = explain(identifier, dataset, workspace(project, quiet=True))
    if as_json:
        print_json(found)
        return
    for text in (text for one in found for text in lines(one)):
        typer.echo("\n".join(map(printable, text.split("\n"))))
