"""`bench card new`."""

import sys
from typing import Annotated, Any

import typer

from harness.cli.card.infer import (
    DomainOption,
    ForceOption,
    KindOption,
    LanguageOption,
    LicenseOption,
    NameOption,
    StdoutOption,
    TaskOption,
    TitleOption,
    finish,
)
from harness.cli.console import ProjectOption, workspace


def new(  # noqa: PLR0913, PLR0917 - each is an option of the command
    name: NameOption = "",
    source: Annotated[
        str, typer.Option("--source", help="KIND=VALUE, as in local=data/reviews.csv, or {KIND: ...}.")
    ] = "",
    title: TitleOption = "",
    kind: KindOption = "task",
    domain: DomainOption = "",
    language: LanguageOption = None,
    license_: LicenseOption = "",
    task: TaskOption = "",
    stdout: StdoutOption = False,
    force: ForceOption = False,
    project: ProjectOption = None,
) -> None:
    """Write a commented starting card; on a terminal, ask for what is not given.

    With --task and no --source, the card names files to be put into data/: bench card new --task retrieval --name faq.
    """
    from registry.errors import UserError
    from registry.infer.assemble import Wish
    from registry.infer.place import card_name, source_entry
    from registry.infer.start import started
    from registry.source import FetchContext

    if sys.stdin.isatty():
        source = source or ("" if task and name else _asked("Where are the data (local=FILE, hub=..., http=...)?"))
        name = name or _asked("Name of the card", card_name(source.rpartition("/")[2].partition(".")[0] or "data"))
        title = title or _asked("What are the texts, in one line?")
        domain = domain or (_asked("Domain") if kind == "vertical" else "")
        license_ = license_ or _asked("Licence (an SPDX id)", "NOASSERTION")
    if not (name and (source or task)):
        do = "Give --name NAME and --source local=FILE; or --name NAME and --task TASK, for data to come."
        raise UserError("a card needs a name and a source", do=do)
    space = workspace(project)
    own = space.catalog.project
    # What is not at hand is not fetched for a starting card.
    context = FetchContext(own.root, own.home, True, space.progress)
    wish = Wish(name, title, kind, domain, tuple(language or ()), license_, task)
    finish(started(source_entry(source) if source else {}, wish, context), space, stdout, force)


def _asked(question: str, default: Any = None) -> str:
    return str(typer.prompt(question, default=default))
