"""`bench card ...`: the list of its verbs, one a file."""

import typer

from harness.cli.card import check, diff, export, importing, infer, new, search, show

app = typer.Typer(help="Write, check and show cards.", no_args_is_help=True, rich_markup_mode=None)
for verb in (check.check, diff.diff, export.export, infer.infer, new.new, search.search, show.show):
    app.command()(verb)
app.command("import")(importing.import_)
