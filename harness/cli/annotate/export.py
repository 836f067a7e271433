"""`bench annotate export`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.console import JsonOption, OfflineOption, ProjectOption, print_json, workspace
from harness.cli.progress import tell


class Taken(StrEnum):
    """Which items; the help lists them."""

    RANDOM = "random"
    DISAGREEMENT = "disagreement"
    SUSPECTS = "suspects"
    UNCERTAIN = "uncertain"


class As(StrEnum):
    """What answers are for."""

    VOTE = "vote"
    ADJUDICATION = "adjudication"


def export(  # noqa: PLR0913, PLR0917 - each is an option of the command
    card: Annotated[str, typer.Argument(help="A dataset card whose sources are fetched.")],
    tool: Annotated[str, typer.Option(help="label-studio, doccano, argilla or prodigy.")],
    take: Annotated[Taken, typer.Option(help="Which items, and in which order.")] = Taken.RANDOM,
    count: Annotated[int | None, typer.Option("-n", min=1, help="How many items (default: all).")] = None,
    seed: Annotated[int, typer.Option(help="Of the order of random items.")] = 0,
    role: Annotated[
        As | None, typer.Option("--as", help="What answers are for (default: votes, of a card that asks for them).")
    ] = None,
    model: Annotated[str | None, typer.Option(help="The model that ranks suspects and uncertain items.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="The folder (default: annotate/CARD/TOOL-TAKE in the store).")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over other tasks in the folder.")] = False,
    project: ProjectOption = None,
    offline: OfflineOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write items as tasks of an annotation tool, with the labelling configuration and what to do with them."""
    from harness.annotate.exporting import Wanted, exported
    from registry.errors import plural

    wanted = Wanted(tool, take.value, count, seed, role.value if role else None, model, out, force)
    done = exported(card, workspace(project, offline=offline), wanted)
    if as_json:
        print_json({**done._asdict(), "folder": str(done.folder)})
        return
    for file in done.files:
        tell(str(done.folder / file))
    some = f"{done.tasks:,} of " if done.found > done.tasks else ""
    what = "votes" if done.role == "vote" else "a decision"
    short = f"; of all {done.items:,}, {done.lacking:,} lack votes" if done.role == "vote" else ""
    tell(f"{some}{plural(done.found, 'item')} to be given {what}{short}; README.md says how")
