"""A round of the built-in annotator, from the card to the layer."""

from collections.abc import Callable
from datetime import UTC, datetime

import polars as pl

from harness.annotate import drafts
from harness.annotate.rounds import Asked, question, queue, waiting
from harness.annotate.session import Change, Session, begun
from harness.workspace import Workspace
from registry.annotation.items import items
from registry.annotation.layers import Entry
from registry.build import fetch_context
from registry.errors import UserError, clipped, plural
from registry.pipeline.labelling import gives

NOTHING = {
    "vote": "every item has its votes, or one by {name}; --double asks about those that others answered",
    "double": "there is no item that others answered and {name} did not",
    "adjudicate": "there is no item left whose votes disagree",
    "take": "nothing is left to take",
}


Annotate = Callable[[Session, Callable[[Change], None]], Session]
"""Puts a session before a person until they end it, and tells each change before it shows the next item."""


def labelled(card: str, asked: Asked, workspace: Workspace, annotate: Annotate, model: str | None = None) -> str:
    """What came of a round; the answers of one that was stopped are kept for the next.

    `model` is the one that ranks items, for a take that follows one.
    """
    catalog = workspace.catalog
    found = items(card, catalog, offline=workspace.offline, progress=workspace.progress)
    if found.warning:
        workspace.progress.say(found.warning)
    context = fetch_context(card, catalog, offline=workspace.offline, progress=workspace.progress)
    asks = question(found, asked, context)
    role: drafts.Role = "adjudication" if asked.mode == "adjudicate" else "vote"
    with drafts.opened(catalog.project, card, asked.annotator, role) as draft:
        todo = queue(found, asked, draft.answers, lambda: _ranked(card, asked, workspace, model))
        if not todo and not draft.answers:
            why = NOTHING["take" if asked.take else asked.mode]
            return f"nothing to do: {why.format(name=clipped(asked.annotator, 60))}"
        session = begun(asks, todo, waiting(todo, draft.answers, asks, found.card.annotation))
        try:
            annotate(session, _kept(draft, session, role))
            path = draft.publish(catalog.project.root, card)
        except OSError as error:
            do = "Every answer until then is kept. Mend that; then the same command goes on, and q makes the layer."
            what = f"writing failed: {error.strerror or error}"
            raise UserError(what, where=str(error.filename or draft.path), do=do) from error
    if path is None:
        return "no new answers, so there is no new layer"
    count = plural(len(path.read_bytes().splitlines()), "answer")
    builds = found.card.annotation is None or gives(found.card.annotation, found.card)
    takes = f"`bench build {card}` takes them in" if builds else f"`bench annotate report {card}` measures them"
    return f"{path.relative_to(catalog.project.root)}: {count}; {takes}"


def _ranked(card: str, asked: Asked, workspace: Workspace, model: str | None) -> pl.DataFrame:
    from harness.annotate.suspects import ranks

    return ranks(card, workspace, uncertain=asked.take == "uncertain", model=model)


def _kept(draft: drafts.Draft, session: Session, role: drafts.Role) -> Callable[[Change], None]:
    asks = session.question

    def changed(change: Change) -> None:
        if change.answer is None:
            draft.take_back(change.item.id)
            return
        draft.keep(
            Entry(
                item=change.item.id,
                shown=change.item.shown,
                role=role,
                annotator=asks.annotator,
                answer=change.answer,
                time=datetime.now(UTC).isoformat(timespec="seconds"),
                tool="bench",
                guidelines=asks.guide.digest if asks.guide else "",
            )
        )

    return changed
