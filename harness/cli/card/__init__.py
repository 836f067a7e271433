"""`bench card ...`: the list of its verbs, one a file."""

import typer

from harness.cli.card import check, show

app = typer.Typer(help="Check and show cards.", no_args_is_help=True, rich_markup_mode=None)
for verb in (check.check, show.show):
    app.command()(verb)
