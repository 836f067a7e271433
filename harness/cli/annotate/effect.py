"""`bench annotate effect`."""

from typing import Annotated

import typer

from harness.cli.console import JsonOption, OfflineOption, ProjectOption, print_json, workspace


def effect(  # noqa: PLR0913, PLR0917 - each is an option of the command
    card: Annotated[str, typer.Argument(help="A card.")],
    before: Annotated[str, typer.Argument(help="The earlier version: a tag, a digest, or CARD@VERSION.")],
    after: Annotated[str, typer.Argument(help="The later one (the card as it stands).", metavar="[AFTER]")] = "",
    models: Annotated[
        list[str] | None, typer.Option("--model", help="A model card (tfidf-logreg); repeatable.")
    ] = None,
    seeds: Annotated[int, typer.Option("--seeds", min=1, max=100, help="Number of seeds: 1 to N.")] = 1,
    project: ProjectOption = None,
    offline: OfflineOption = False,
    as_json: JsonOption = False,
) -> None:
    """Say what corrected labels did to scores: models of either version, judged on the later test split.

    Neither learns from a row that it is judged on, nor from rows of the same text or group.
    """
    from harness.annotate.effect import DEFAULT
    from harness.annotate.effect import effect as measured
    from harness.inspect.effect import as_json as facts
    from harness.inspect.effect import lines
    from registry.errors import printable

    found = measured(card, before, after, workspace(project, offline=offline), models or DEFAULT, seeds)
    if as_json:
        print_json(facts(found))
    else:
        typer.echo("\n".join(map(printable, lines(found))))
