"""`bench list`."""

from typing import Annotated

import typer

from harness.cli import filters
from harness.cli.console import JsonOption, ProjectOption, workspace


def list_(  # noqa: PLR0913, PLR0917 - each is an option of the command
    what: Annotated[str, typer.Argument(help="cards, datasets, models, suites, runs, ops, sources ...")] = "cards",
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
    """List cards, runs, or what cards can name (ops, sources, formats, splits, measures, metrics ...)."""
    from harness.inspect.listing import listed
    from registry.search import EVERY, Filters

    kinds, domains, tasks, languages, licenses, uses = filters.several(kind, domain, task, language, license_, use)
    wanted = Filters(kinds, domains, tasks, languages, licenses, uses, built, locked, min_rows, max_rows)
    nothing = f"no {what} yet" if wanted == EVERY else f"no {what} match"
    with filters.without_collector():
        filters.print_listing(listed(what, workspace(project), wanted), nothing, as_json=as_json)
