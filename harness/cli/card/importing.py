"""`bench card import`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.card.export import To
from harness.cli.console import JsonOption, ProjectOption, print_json, workspace
from harness.cli.progress import tell


class KindOfCard(StrEnum):
    """The three folders of dataset cards."""

    GENERAL = "general"
    VERTICAL = "vertical"
    TASK = "task"


def import_(  # noqa: PLR0913, PLR0917 - each is an option of the command
    file: Annotated[Path, typer.Argument(help="A Croissant file, or the README.md of a hub dataset.")],
    form: Annotated[To, typer.Option("--from", help="What the file is.")],
    kind: Annotated[KindOfCard, typer.Option(help="Where the card belongs.")] = KindOfCard.TASK,
    domain: Annotated[str, typer.Option(help="Of a vertical card.")] = "",
    name: Annotated[str, typer.Option(help="The card's name (default: what the file says).")] = "",
    repository: Annotated[str, typer.Option(help="owner/name[@revision] on the hub: whose README it is.")] = "",
    config: Annotated[str, typer.Option(help="Which of its configs (default: the default one).")] = "",
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a starting card from somebody else's description of a dataset; the data is not read."""
    from registry.interchange.from_hub import Repository
    from registry.interchange.importing import Wish, import_card

    wish = Wish(kind.value, domain, name)
    owner, _, revision = repository.partition("@")
    whose = Repository(owner, revision, config)
    done = import_card(file, form.value, workspace(project).catalog, wish, whose)
    if as_json:
        print_json({**done._asdict(), "path": str(done.path)})
        return
    for remark in done.remarks:
        tell(f"- {remark}")
    if done.lacking:
        tell(done.lacking)
    tell(f"{done.path} is written; read it, then run `bench card check {done.name}`.")
