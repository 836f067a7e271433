"""`bench card search`."""

from typing import Annotated

import typer

from harness.cli import filters
from harness.cli.console import JsonOption, ProjectOption, workspace


def search(  # noqa: PLR0913, PLR0917 - each is an option of the command
    words: Annotated[list[str], typer.Argument(help="All of them must be in a card; parts of words count.")],
    kind: filters.KindOption = "",
    domain: filters.DomainOption = "",
    task: filters.TaskOption = "",
    language: filters.LanguageOption = "",
    license_: filters.LicenseOption = "",
    use: filters.UseOption = "",
    built: filters.BuiltOption = None,
    locked: filters.LockedOption = None,
    min_rows: filters.MinRowsOption = None,
    max_rows: filters.MaxRowsOption = None,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """Search names, titles, descriptions, citations, domains and labels of cards; best matches come first."""
    from harness.inspect.listing import searched
    from registry.search import Filters

    kinds, domains, tasks, languages, licenses, uses = filters.several(kind, domain, task, language, license_, use)
    wanted = Filters(kinds, domains, tasks, languages, licenses, uses, built, locked, min_rows, max_rows)
    with filters.without_collector():
        filters.print_listing(searched(words, workspace(project), wanted), "no card matches", as_json=as_json)
