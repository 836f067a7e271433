"""`bench score`."""

from pathlib import Path
from typing import Annotated

import typer

from harness.cli.console import (
    AllowCodeOption,
    JsonOption,
    OfflineOption,
    ProjectOption,
    print_json,
    workspace,
)


def score(
    dataset: Annotated[str, typer.Argument(metavar="CARD[@DIGEST]", help="The version; a card as it stands.")],
    predictions: Annotated[Path, typer.Argument(help="JSON lines, CSV or Parquet: an id and an answer each.")],
    project: ProjectOption = None,
    offline: OfflineOption = False,
    allow_code: AllowCodeOption = False,
    as_json: JsonOption = False,
) -> None:
    """Score a file of predictions on the split that models are evaluated on, with 95% intervals."""
    from harness.inspect.score import score as scored
    from registry.errors import printable

    space = workspace(project, offline=offline, quiet=True, allow_code=allow_code)
    found = scored(dataset, predictions, space)
    if as_json:
        print_json(found.facts)
    else:
        typer.echo("\n".join(map(printable, found.lines)))
