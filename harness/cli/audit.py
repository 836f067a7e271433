"""`bench audit`."""

import sys
from typing import Annotated

import typer

from harness.cli.console import JsonOption, ProjectOption, print_json, workspace
from harness.cli.progress import tell


def audit(
    names: Annotated[
        list[str] | None, typer.Argument(help="CARD, CARD@DIGEST or CARD@TAG (default: every built card).")
    ] = None,
    near: Annotated[
        float | None, typer.Option("--near", min=0.5, max=1, help="Jaccard similarity of near duplicates (0.7).")
    ] = None,
    ngrams: Annotated[
        int | None, typer.Option("--ngrams", min=3, max=100, help="Words of a passage that counts (13).")
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=0, help="Examples of each finding (3; with --json all).")
    ] = None,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """Look for leaks, contamination and doubtful labels in built cards; exit 1 where a split is torn."""
    from harness.inspect.audit import audited, lines

    settings: dict[str, dict[str, float]] = {"near": {}, "ngrams": {}}
    if near is not None:
        settings["near"] = {"threshold": near}
    if ngrams is not None:
        settings["ngrams"] = {"words": ngrams}
    found = audited(names, workspace(project, offline=True), settings)
    if as_json:
        print_json(found.as_json(limit))
    else:
        for line in lines(found, 3 if limit is None else limit):
            tell(line)
    sys.exit(1 if found.violated else 0)
