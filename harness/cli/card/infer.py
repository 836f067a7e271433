"""`bench card infer`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harness.cli.console import OfflineOption, ProjectOption, workspace
from harness.cli.progress import tell

if TYPE_CHECKING:
    from harness.workspace import Workspace
    from registry.infer.draft import Draft

TargetArgument = Annotated[
    str, typer.Argument(help='FILE, GLOB, URL, hub:owner/name[@revision], "sql:DATABASE QUERY" or KIND=VALUE.')
]
NameOption = Annotated[str, typer.Option("--name", help="Name of the card (default: after the data).")]
TitleOption = Annotated[str, typer.Option("--title", help="One line on what the texts are.")]
KindOption = Annotated[str, typer.Option("--kind", help="general, vertical or task.")]
DomainOption = Annotated[str, typer.Option("--domain", help="The field of a vertical card: finance, medicine ...")]
LanguageOption = Annotated[list[str] | None, typer.Option("--language", help="A code such as en or zh; may repeat.")]
LicenseOption = Annotated[str, typer.Option("--license", help="An SPDX id such as MIT or CC-BY-4.0.")]
TaskOption = Annotated[str, typer.Option("--task", help="The task (default: what the columns fit).")]
StdoutOption = Annotated[bool, typer.Option("--stdout", help="Print the card instead of writing it.")]
ForceOption = Annotated[bool, typer.Option("--force", help="Replace a card of this name.")]


def infer(  # noqa: PLR0913, PLR0917 - each is an option of the command
    target: TargetArgument,
    name: NameOption = "",
    title: TitleOption = "",
    kind: KindOption = "task",
    domain: DomainOption = "",
    language: LanguageOption = None,
    license_: LicenseOption = "",
    task: TaskOption = "",
    text: Annotated[str, typer.Option("--text", help="The column with the text.")] = "",
    text_pair: Annotated[str, typer.Option("--text-pair", help="The column with the second text.")] = "",
    label: Annotated[str, typer.Option("--label", help="The column with the label, or what else is predicted.")] = "",
    id_: Annotated[str, typer.Option("--id", help="The column that tells rows apart.")] = "",
    group: Annotated[str, typer.Option("--group", help="The column whose rows stay in one split.")] = "",
    column: Annotated[
        list[str] | None,
        typer.Option("--column", help="NAME=COLUMN, for any column of the task, as in question=ask; may repeat."),
    ] = None,
    copy: Annotated[bool, typer.Option("--copy", help="Copy a file from outside into the project's data/.")] = False,
    stdout: StdoutOption = False,
    force: ForceOption = False,
    project: ProjectOption = None,
    offline: OfflineOption = False,
) -> None:
    """Look at data and write a complete, commented card for them."""
    from registry.infer.assemble import Wish
    from registry.infer.place import copied
    from registry.infer.start import inferred
    from registry.source import FetchContext

    space = workspace(project, offline=offline)
    roles = {"text": text, "text_pair": text_pair, "label": label, "id": id_, "group": group}
    columns = {role: name for role, name in roles.items() if name} | dict(map(_named, column or ()))
    wish = Wish(name, title, kind, domain, tuple(language or ()), license_, task, columns)
    own = space.catalog.project
    if copy and Path(target).is_file() and not Path(target).resolve().is_relative_to(own.root):
        target = str(copied(Path(target), own.root))
    finish(inferred(target, wish, FetchContext(own.root, own.home, offline, space.progress)), space, stdout, force)


def _named(given: str) -> tuple[str, str]:
    from registry.errors import UserError, clipped

    role, equals, column = given.partition("=")
    if not (role and equals and column):
        raise UserError(f'"{clipped(given, 60)}" is no NAME=COLUMN', where="--column", do="As in question=ask.")
    return role, column


def finish(draft: "Draft", space: "Workspace", stdout: bool, force: bool) -> None:
    """Print the card, or write it and say what to do next."""
    from registry.infer.draft import written
    from registry.infer.start import saved

    if stdout:
        typer.echo(written(draft), nl=False)
        return
    saved(draft, space.catalog, force=force)
    shipped = space.catalog.datasets.get(draft.name)
    if shipped and shipped.shipped:
        tell(f'it takes the place of the shipped card "{draft.name}"')
    tell(f"wrote {draft.file}; read its comments, then: bench card check {draft.name} && bench build {draft.name}")
