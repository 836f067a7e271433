"""`bench`: the list of verbs, and the one place where errors become exit codes.

Exit 0: done. 1: some runs failed or a gate was not met. 2: the user's input is wrong.
"""

import gc as collector
import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from harness.cli import annotate, audit, build, card, fetch, gc, listing, plan, report, run, score, tag, verify, why

if TYPE_CHECKING:
    from registry.errors import UserError

INTERRUPTED = 130
"""How a shell calls the end by Ctrl-C."""

STOPPED = "stopped; what was finished is kept, and the same command goes on from here"
STOPPED_IN: dict[tuple[str, ...], str] = {
    (
        "annotate",
        "label",
    ): "stopped; your answers are kept in a draft: the same command goes on, and `q` puts them into the card",
}
"""What is said instead where more is to be done than to go on."""

app = typer.Typer(
    name="bench",
    no_args_is_help=True,
    invoke_without_command=True,
    add_completion=False,
    # Rich help costs a tenth of a second at every start.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.callback()
def options(
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,
) -> None:
    """Cards in, trustworthy leaderboards out."""
    if version:
        from importlib.metadata import version as installed

        typer.echo(f"bench {installed('cardbench')}")
        raise typer.Exit


app.add_typer(annotate.app, name="annotate")
app.add_typer(card.app, name="card")
app.command("list")(listing.list_)
VERBS = (
    fetch.fetch,
    build.build,
    audit.audit,
    plan.plan,
    run.run,
    report.report,
    score.score,
    tag.tag,
    verify.verify,
    gc.gc,
    why.why,
)
for verb in VERBS:
    app.command()(verb)


def main() -> None:
    """The console script."""
    from registry.errors import REMEDIES, UserError, system_error

    # Threads that spin at every barrier lose most of their speed as soon as anything else wants a core; see
    # docs/design/log.md. Read once, when the OpenMP library is loaded.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # where the terminal's encoding lacks a character
    try:
        app()
    except SystemExit as ended:
        if ended.code == INTERRUPTED:
            _tell(STOPPED_IN.get(tuple(sys.argv[1:3]), STOPPED))
        raise
    except UserError as error:
        _stop(error)
    except OSError as error:
        if error.errno not in REMEDIES:
            raise
        _stop(system_error(error, "writing", Path(str(error.filename or "the output"))))
    finally:
        # At its end Python looks for garbage among all that the modules made, a tenth of a short verb's time. duckdb
        # needs that: what it is not given back it reports as leaked.
        if "duckdb" not in sys.modules:
            collector.freeze()


def _stop(error: "UserError") -> None:
    _tell(str(error))
    sys.exit(error.exit_code)


def _tell(line: str) -> None:
    from harness.cli.progress import tell

    tell(line)
