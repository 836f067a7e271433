"""`bench annotate label`."""

from typing import Annotated

import typer

from harness.cli.annotate.export import Taken
from harness.cli.console import ProjectOption, workspace
from harness.cli.progress import tell


def label(  # noqa: PLR0913, PLR0917 - each is an option of the command
    card: Annotated[str, typer.Argument(metavar="CARD", help="The card whose question is asked.")],
    name: Annotated[str, typer.Option("--as", metavar="NAME", help="Who answers.")],
    count: Annotated[int, typer.Option("-n", min=1, help="The most items of a round.")] = 100,
    double: Annotated[bool, typer.Option("--double", help="Items that others answered already.")] = False,
    adjudicate: Annotated[
        bool, typer.Option("--adjudicate", help="Decide where votes disagree; review labels where there are none.")
    ] = False,
    take: Annotated[
        Taken | None, typer.Option("--take", help="Which items to adjudicate, and in which order (disagreement).")
    ] = None,
    model: Annotated[str | None, typer.Option(help="The model that ranks suspects and uncertain items.")] = None,
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
    if take and not adjudicate:
        raise UserError("--take says what is adjudicated; who votes is given items blindly", do="Add --adjudicate.")
    terminal.check()
    mode: Mode = "double" if double else "adjudicate" if adjudicate else "vote"
    asked = Asked(name, mode, count, seed, take.value if take else None)
    tell(labelled(card, asked, workspace(project, offline=True), terminal.annotated, model))
