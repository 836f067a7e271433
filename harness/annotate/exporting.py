"""Items of a card as tasks of an annotation tool, in a folder with all that the tool and its users need.

Votes are asked for blindly; only who judges a label sees it. A folder with other tasks in it is not written over.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import polars as pl

from harness.workspace import Workspace
from registry.annotation.instructions import Instructions, instructions
from registry.annotation.items import Items, items
from registry.annotation.takes import Take, lacking, role_of, taken
from registry.annotation.tool import Batch, Role, Task, Tool, labels_of
from registry.atomic import write_bytes
from registry.errors import UserError
from registry.kinds import TOOLS
from registry.text import inputs

REVIEW = "Is this label right? If it is not, choose the one that is."
SEVERAL = "xx"
"""Stands for more than one language."""


@dataclass(frozen=True)
class Wanted:
    """What is asked for."""

    tool: str
    take: Take = "random"
    count: int | None = None
    """None for all."""
    seed: int = 0
    role: Role | None = None
    """None for what the take and the card come to."""
    model: str | None = None
    out: Path | None = None
    force: bool = False


class Exported(NamedTuple):
    """What was written; `found` items would have been taken without a limit."""

    folder: Path
    files: tuple[str, ...]
    tasks: int
    found: int
    role: Role
    items: int
    """All items of the card."""
    lacking: int
    """Of these, those with fewer votes than the card asks for; 0 where it asks for none."""


def exported(name: str, workspace: Workspace, wanted: Wanted) -> Exported:
    """Write tasks. UserError where there are none, the tool cannot ask them, or the folder holds others."""
    tool: Tool = TOOLS.get(wanted.tool)()
    known = items(name, workspace.catalog, offline=workspace.offline, progress=workspace.progress)
    if known.warning:
        workspace.progress.say(known.warning)
    asked = known.card.annotation
    role = wanted.role or role_of(wanted.take, asked=asked is not None)
    if role == "vote" and asked is None:
        do = "Add `annotation:` with its question, or ask for decisions: `--as adjudication`."
        raise UserError(f"{name} asks for no votes", do=do)
    per_item = asked.votes_per_item if asked else 0
    rows = taken(
        known.rows,
        wanted.take,
        role,
        per_item=per_item,
        seed=wanted.seed,
        ranked=lambda: _ranked(name, workspace, wanted),
    )
    if rows.is_empty():
        raise UserError(f"nothing of {name} is left to take with `--take {wanted.take}`")
    chosen = rows.head(wanted.count) if wanted.count is not None else rows
    batch = _batch(known, chosen, role, instructions(known.card, workspace.catalog.project))
    if batch.form not in ("scale", "text") and not batch.labels:
        raise UserError("has no labels to choose from", where=name, do="List them in the card: `labels: [a, b]`.")
    if batch.form not in tool.forms:
        able = ", ".join(other for other in TOOLS.names() if batch.form in TOOLS.get(other).forms)
        raise UserError(f"{wanted.tool} cannot ask for answers of `{batch.form}`", do=f"These can: {able}.")
    folder = wanted.out or workspace.home / "annotate" / name / f"{wanted.tool}-{wanted.take}"
    files = tool.files(batch)
    _write(folder, files, force=wanted.force)
    short = lacking(known.rows, per_item).height if asked else 0
    return Exported(folder, tuple(files), chosen.height, rows.height, role, known.rows.height, short)


def _ranked(name: str, workspace: Workspace, wanted: Wanted) -> pl.DataFrame:
    """What a model says of the items."""
    from harness.annotate.suspects import ranks

    return ranks(name, workspace, uncertain=wanted.take == "uncertain", model=wanted.model)


def _batch(known: Items, rows: pl.DataFrame, role: Role, told: Instructions) -> Batch:
    card, asked = known.card, known.card.annotation
    question = asked.question if asked else REVIEW
    languages = {language.split("-")[0] for language in card.languages}
    return Batch(
        card=card.name,
        language=languages.pop() if len(languages) == 1 else SEVERAL,
        role=role,
        question=question,
        form=asked.answer if asked else "single",
        labels=labels_of(card, known.rows),
        scale=asked.scale if asked else None,
        guidelines="\n".join(part for part in (f"# {question}\n", told.text) if part),
        guidelines_digest=told.digest,
        votes_per_item=asked.votes_per_item if asked and role == "vote" else 1,
        tasks=tuple(_tasks(rows, judged=role == "adjudication")),
    )


def _tasks(rows: pl.DataFrame, *, judged: bool) -> list[Task]:
    texts = zip(*(rows[name].fill_null("").to_list() for name in inputs(rows)), strict=True)
    present = rows["label"].cast(pl.String).fill_null("") if judged and "label" in rows.columns else [""] * rows.height
    return [
        Task(item, shown, text, label)
        for item, shown, text, label in zip(rows["id"], rows["shown"], texts, present, strict=True)
    ]


def _write(folder: Path, files: dict[str, str], *, force: bool) -> None:
    """Every file, whole or not at all. UserError where one is there that says something else."""
    bodies = {folder / name: text.encode() for name, text in files.items()}
    other = [path for path, body in bodies.items() if path.exists() and path.read_bytes() != body]
    if other and not force:
        names = ", ".join(str(path.relative_to(folder)) for path in other)
        do = "Write elsewhere with `--out`, or over them with `--force`."
        raise UserError(f"holds other files of this name: {names}", where=str(folder), do=do)
    for path, body in bodies.items():
        write_bytes(path, body)
