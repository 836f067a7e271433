"""`bench annotate ...`: the list of its verbs, one a file."""

import typer

from harness.cli.annotate import effect, export, importing, label, report, suspects

app = typer.Typer(
    help="Give items to annotators, take their answers back, and say how good they are.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

app.command("export")(export.export)
app.command("import")(importing.import_)
app.command("label")(label.label)
app.command("suspects")(suspects.suspects)
app.command("effect")(effect.effect)
app.command("report")(report.report)
