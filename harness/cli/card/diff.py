"""`bench card diff`."""

from typing import Annotated

import typer

from harness.cli.console import JsonOption, OfflineOption, ProjectOption, print_json, workspace


def diff(
    first: Annotated[str, typer.Argument(metavar="A", help="CARD, CARD@DIGEST or CARD@TAG.")],
    second: Annotated[
        str, typer.Argument(metavar="[B]", help="Likewise; without it, what the card of A gives now.")
    ] = "",
    limit: Annotated[int, typer.Option("--limit", min=0, help="Examples for each rule.")] = 3,
    project: ProjectOption = None,
    offline: OfflineOption = False,
    as_json: JsonOption = False,
) -> None:
    """Compare two versions row by row: added, removed, changed, relabelled, moved; and the rule that did it.

    A card alone is what it gives now, built if need be. `bench card diff CARD` compares that with the locked version;
    where they are the same, with the version of the card's highest tag that is another one.
    """
    from harness.inspect.diff import as_json as facts
    from harness.inspect.diff import compared, lines
    from registry.errors import printable

    found = compared(first, second, workspace(project, offline=offline), limit)
    if as_json:
        print_json(facts(found))
    else:
        typer.echo("\n".join(map(printable, lines(found))))
