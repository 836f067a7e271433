"""`bench report`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.console import AllowCodeOption, ProjectOption, workspace
from harness.cli.plan import LimitOption, ModelsOption, NamesArgument, PerClassOption, SeedsOption, wish
from harness.cli.progress import tell


class Format(StrEnum):
    terminal = "terminal"
    html = "html"
    markdown = "markdown"
    csv = "csv"
    json = "json"


def report(  # noqa: PLR0913, PLR0917 - each is an option of the command
    names: NamesArgument = None,
    models: ModelsOption = "",
    seeds: SeedsOption = None,
    limit: LimitOption = None,
    per_class: PerClassOption = None,
    project: ProjectOption = None,
    allow_code: AllowCodeOption = False,
    form: Annotated[Format, typer.Option("--format", help="What to print; html prints the path.")] = Format.terminal,
    show: Annotated[bool, typer.Option("--open", help="Open the HTML report in a browser.")] = False,
) -> None:
    """Write the leaderboard from what is recorded, without running anything."""
    from rich.console import Console

    from harness.plan import plan
    from harness.report.kept import report as write_report
    from harness.report.terminal import print_board
    from harness.suites import custom, questions

    space = workspace(project, quiet=True, allow_code=allow_code)
    wanted = wish(models, seeds, limit, per_class)
    # A narrower look must not take the place of the board that was run.
    named = custom if wanted.given else (lambda suite: suite)
    for suite in map(named, questions(names, wanted, space)):
        written = write_report(plan(suite, space), space)
        if form is Format.terminal:
            print_board(written.board, Console())
            tell(f"report: {written.files.html}")
        elif form is Format.html:
            typer.echo(str(written.files.html))
        else:
            typer.echo(getattr(written.files, form.value).read_text(encoding="utf-8"), nl=False)
        if show:
            _open(written.files.html)


def _open(page: Path) -> None:
    import webbrowser

    if not webbrowser.open(page.as_uri()):
        tell(f"no browser was found; open {page} in one")
