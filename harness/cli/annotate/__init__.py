"""`bench annotate ...`: the list of its verbs, one a file."""

import typer

app = typer.Typer(
    help="Give items to annotators, take their answers back, and say how good they are.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
