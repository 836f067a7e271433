"""`bench annotate suspects`."""

from typing import Annotated, Any

import typer

from harness.cli.console import JsonOption, OfflineOption, ProjectOption, print_json, workspace
from harness.cli.progress import tell

WIDE, NARROW = 60, 24
"""Characters that are shown of a text or an answer, and of an id or votes."""

NEXT = """\
On the left of an arrow is what the data says, on the right what the model does. To have somebody decide:
  bench annotate export {card} --take suspects --tool label-studio -n 50, and bench annotate import what comes back
  bench annotate label {card} --adjudicate --take suspects --as NAME, in this terminal
Then `bench build {card}`, and `bench annotate effect {card} BEFORE` for what that did to scores."""


def suspects(
    card: Annotated[str, typer.Argument(help="CARD, CARD@DIGEST or CARD@TAG; it must be built.")],
    model: Annotated[str | None, typer.Option("--model", help="A model card (tfidf-logreg).")] = None,
    folds: Annotated[int, typer.Option("--folds", min=2, max=100, help="Each is predicted from the others.")] = 5,
    number: Annotated[int, typer.Option("-n", min=1, help="How many to show.")] = 20,
    project: ProjectOption = None,
    offline: OfflineOption = False,
    as_json: JsonOption = False,
) -> None:
    """Show the answers that are most likely wrong, by a model that learnt from the other rows.

    It learnt nothing from a row that it judges, nor from rows of the same text, group or cluster.
    """
    from harness.annotate.suspects import DEFAULT, SHOWN, judged, suspected
    from harness.cli.filters import aligned

    rows = suspected(judged(card, workspace(project, offline=offline), model, folds))
    shown = rows.head(number).select(name for name in SHOWN if name in rows.columns).to_dicts()
    if as_json:
        print_json(shown)
        return
    wrong = rows["wrong"].drop_nulls()
    taken = f"; confident learning takes {wrong.sum():,} for wrong" if len(wrong) else ""
    tell(f"{card}: {rows.height:,} answers held against {model or DEFAULT}{taken}")
    if shown:
        titles = ("doubt", "sure", "id", "answer", "votes" if "votes" in rows.columns else "", "text")
        typer.echo("\n".join(aligned([titles, *map(_cells, shown)])))
        tell(NEXT.format(card=card.partition("@")[0]))


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    from registry.errors import clipped

    answer = row["label"] if row["label"] == row["suggested"] else f"{row['label']} -> {row['suggested']}"
    votes = " ".join(map(str, row.get("votes") or ()))
    text = " / ".join(filter(None, (row["text"], row.get("text_pair"))))
    shown = ((row["id"], NARROW), (answer, WIDE), (votes, NARROW), (text, WIDE))
    return (f"{row['score']:.2f}", f"{row['certainty']:.0%}", *(clipped(cell, most) for cell, most in shown))
