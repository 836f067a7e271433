"""`bench annotate label`."""

from typing import Annotated

import typer

from harness.cli.console import ProjectOption, workspace
from harness.cli.progress import tell


def label(
    card: Annotated[str, typer.Argument(metavar="CARD", help="The card whose question is asked.")],
    name: Annotated[str, typer.Option("--as", metavar="NAME", help="Who answers.")],
    count: Annotated[int, typer.Option("-n", min=1, help="The most items of a round.")] = 100,
    double: Annotated[bool, typer.Option("--double", help="Items that others answered already.")] = False,
    adjudicate: Annotated[
        bool, typer.Option("--adjudicate", help="Decide where votes disagree; review labels where there are none.")
    ] = False,
    seed: Annotated[int, typer.Option("--seed", help="Another one gives another order.")] = 0,
    project: ProjectOption = None,
) -> None:
    """Annotate in the terminal. Every answer is on disk at once; the same command goes on where it was stopped."""
    from harness.annotate.labelling import labelled
    from harness.annotate.rounds import Asked, Mode
    from harness.cli.annotate import terminal
    from registry.errors import UserError

    if double and adjudicate:
        raise UserError("--double and --adjudicate are two different rounds", do="Give one of them.")
    terminal.check()
    mode: Mode = "double" if double else "adjudicate" if adjudicate else "vote"
    tell(labelled(card, Asked(name, mode, count, seed), workspace(project, offline=True), terminal.annotated))
