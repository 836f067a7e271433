"""`bench annotate report`."""

from typing import Annotated

import typer

from harness.cli.console import JsonOption, OfflineOption, ProjectOption, print_json, workspace


def report(
    card: Annotated[str, typer.Argument(help="A dataset card with votes, built or not.")],
    by: Annotated[
        str | None, typer.Option("--by", help="Also by the values of a column, or by `length` of the texts.")
    ] = None,
    measure: Annotated[
        str | None, typer.Option("--measure", help="Instead of the card's: `bench list measures`.")
    ] = None,
    project: ProjectOption = None,
    offline: OfflineOption = False,
    as_json: JsonOption = False,
) -> None:
    """Say how far annotators agree: in all, by label, pair and annotator, and on which items least."""
    from harness.annotate.report import reported
    from harness.annotate.report_lines import lines
    from registry.errors import printable

    found = reported(card, workspace(project, offline=offline), by, measure)
    if as_json:
        print_json(found)
        return
    typer.echo("\n".join(map(printable, lines(found))))
