"""`bench build`."""

from typing import Annotated

import typer

from harness.cli.console import JsonOption, OfflineOption, ProjectOption, print_json, workspace
from harness.cli.progress import tell


def build(
    names: Annotated[list[str] | None, typer.Argument(help="Datasets or suites (default: quickstart).")] = None,
    project: ProjectOption = None,
    offline: OfflineOption = False,
    as_json: JsonOption = False,
) -> None:
    """Build datasets into versioned, audited splits."""
    from harness.prepare import build_all, build_line, built_as_json

    space = workspace(project, offline=offline)
    results = build_all(tuple(names or ()), space, lambda built: None if as_json else tell(build_line(built)))
    if as_json:
        print_json([built_as_json(built) for built in results])
