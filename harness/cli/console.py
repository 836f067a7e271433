"""What all verbs share: opening the project, and printing results. Results go to stdout, all else to stderr."""

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from harness.workspace import Workspace

ProjectOption = Annotated[Path | None, typer.Option("--project", help="Folder with cards/ (default: found upwards).")]
OfflineOption = Annotated[bool, typer.Option("--offline", help="Open no socket: use only what was fetched before.")]
LockedOption = Annotated[bool, typer.Option("--locked", help="Refuse data that is not as cards.lock has it.")]
AllowCodeOption = Annotated[
    bool, typer.Option("--allow-code", help="Run the programs and scripts that cards name; `bench plan` shows them.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]

OFFLINE = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_DATASETS_OFFLINE", "HF_EVALUATE_OFFLINE")


def workspace(
    project: Path | None, *, offline: bool = False, quiet: bool = False, allow_code: bool = False
) -> "Workspace":
    """The project around the current folder, or the one that --project names."""
    from harness.cli.progress import watched
    from harness.workspace import Workspace
    from registry import project as projects
    from registry.catalog import Catalog
    from registry.errors import UserError
    from registry.progress import Silent

    if project is not None and not project.is_dir():
        do = "--project names the folder that holds cards/."
        raise UserError("there is no such folder", where=str(project), do=do)
    found = projects.at(project) if project else projects.find()
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    if offline:
        os.environ.update(dict.fromkeys(OFFLINE, "1"))
    return Workspace(Catalog(found), offline, Silent() if quiet else watched(), allow_code)


def print_json(value: Any) -> None:
    """JSON on stdout; escaped on a terminal, which characters could drive, and where the encoding may lack some."""
    escaped = sys.stdout.isatty() or not (sys.stdout.encoding or "").lower().startswith("utf")
    sys.stdout.write(json.dumps(value, indent=1, ensure_ascii=escaped) + "\n")
