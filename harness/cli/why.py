"""`bench why`."""

from typing import Annotated

import typer

from harness.cli.console import ProjectOption, workspace


def why(
    identifier: Annotated[str, typer.Argument(metavar="ID", help="A run id, a version digest, or a row id.")],
    dataset: Annotated[str, typer.Option("--dataset", help="Look for a row id in this dataset only.")] = "",
    project: ProjectOption = None,
) -> None:
    """Print the JSON that was hashed into a run or version id, or what became of a row."""
    from harness.inspect.why import explain
    from registry.errors import printable

    for text in explain(identifier, dataset, workspace(project, quiet=True)):
        typer.echo("\n".join(map(printable, text.split("\n"))))
