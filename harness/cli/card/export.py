"""`bench card export`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.console import JsonOption, ProjectOption, print_json, workspace
from harness.cli.progress import tell


class To(StrEnum):
    """Formats of others; the help lists them."""

    CROISSANT = "croissant"
    HF = "hf"


def export(
    card: Annotated[str, typer.Argument(help="A dataset card that is built.")],
    to: Annotated[To, typer.Option(help="Croissant 1.1, or a folder for the Hugging Face hub.")],
    out: Annotated[Path | None, typer.Option(help="The new folder (default: CARD-FORMAT here).")] = None,
    version: Annotated[str, typer.Option(help="A digest or tag (default: the card as it stands).")] = "",
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a built version in the format of others, with all that the card and the build know about it."""
    from registry.interchange.exporting import export as write

    done = write(card, workspace(project).catalog, to.value, out, version)
    if as_json:
        print_json({"folder": str(done.folder), "version": done.version, "notices": done.notices})
        return
    for notice in done.notices:
        tell(notice)
    tell(f"{card} {done.version} is in {done.folder}")
