"""A foreign description as a starting card in a project: written once, never over another card.

What could not be taken over stands in comments at the end of the card, and is returned to be told.
"""

from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from registry import atomic
from registry.card import Kind
from registry.catalog import Catalog
from registry.errors import CardProblems, UserError, masked, system_error
from registry.infer import emit
from registry.infer.draft import Draft, typed, written
from registry.infer.place import card_name, slug
from registry.interchange import croissant_tables, from_croissant, from_hub, jsonld
from registry.interchange.croissant_tables import DocumentPlace
from registry.interchange.exporting import Format
from registry.interchange.from_hub import Repository
from registry.interchange.tables import Table, composed

LONGEST = 4000
"""Characters of a description or citation; more belongs into a file beside the card."""


class Wish(NamedTuple):
    """What the user says about the card; empty where the description is to say it."""

    kind: Kind = "task"
    domain: str = ""
    name: str = ""


class Imported(NamedTuple):
    """The written card, what was guessed or left behind, and what the card still lacks."""

    name: str
    path: Path
    remarks: tuple[str, ...]
    lacking: str


class Found(NamedTuple):
    """What a description says: a name, keys of a card, tables, and remarks."""

    name: str
    keys: dict[str, Any]
    tables: Sequence[Table]
    task: str
    remarks: Sequence[str]


def import_card(
    path: Path, form: Format, catalog: Catalog, wish: Wish, repository: Repository | None = None
) -> Imported:
    """Write the starting card that a description gives. UserError where it cannot be read or the name is taken."""
    place = _place(path, catalog.project.root, wish)
    found = _croissant(path, place) if form == "croissant" else _hub(path, place, repository or Repository())
    draft, remarks = drafted(found, wish)
    target = catalog.project.root / draft.file
    known = catalog.datasets.get(draft.name)
    if target.exists() or (known is not None and not known.shipped):
        where = known.shown_as if known else draft.file
        raise UserError("is a card already", where=where, do="Say another name: --name.")
    comments = [line for remark in remarks for line in emit.comment(f"- {remark}")]
    heading = emit.comment(f"Imported from {path.name}. What was guessed, or could not be taken over:")
    text = "\n".join([written(draft).rstrip(), *(heading if comments else []), *comments]) + "\n"
    try:
        atomic.write_text(target, text)
    except OSError as error:
        raise system_error(error, "writing the card", target) from error
    return Imported(draft.name, target, tuple(remarks), _lacking(draft))


def _croissant(path: Path, place: DocumentPlace) -> Found:
    document = jsonld.read(path)
    facts = from_croissant.facts(document)
    tables, remarks = croissant_tables.tables(document, place)
    return Found(facts.name, facts.keys, tables, "", [*facts.remarks, *remarks])


def _hub(path: Path, place: DocumentPlace, repository: Repository) -> Found:
    readme = from_hub.read(path)
    keys, remarks = from_hub.facts(readme, repository)
    tables, more = from_hub.tables(readme, repository, place)
    name = repository.name.rpartition("/")[2] or keys["title"] or path.resolve().parent.name
    return Found(name, keys, tables, from_hub.task(readme.front), [*remarks, *more])


def drafted(found: Found, wish: Wish) -> tuple[Draft, list[str]]:
    """The card to write, and all remarks on it."""
    parts = composed(found.tables, found.task)
    remarks = list(dict.fromkeys(map(masked, [*found.remarks, *parts.remarks])))
    keys = {**found.keys, "title": found.keys["title"] or found.name}
    for key in ("description", "citation"):
        whole = " ".join(keys.get(key, "").split())
        keys[key] = whole[:LONGEST]
        remarks += [f"`{key}:` was cut after {LONGEST:,} of {len(whole):,} characters"] if len(whole) > LONGEST else []
    labels = parts.labels
    if labels and len({label.strip() for label in labels}) < max(2, len(labels)):
        remarks.append("not taken over: the labels, which are fewer than two or not all different")
        labels = ()
    draft = Draft(
        name=card_name(wish.name or found.name),
        kind=wish.kind,
        domain=wish.domain,
        task=parts.task,
        sources=parts.sources,
        select=parts.select,
        labels=labels,
        split=parts.split,
        **keys,
    )
    return draft, remarks


def _place(path: Path, root: Path, wish: Wish) -> DocumentPlace:
    folder, root = path.resolve().parent, root.resolve()
    within = PurePosixPath(folder.relative_to(root).as_posix()) if folder.is_relative_to(root) else None
    return DocumentPlace(within, PurePosixPath("data") / (slug(wish.name or folder.name) or "imported"))


def _lacking(draft: Draft) -> str:
    """What `bench card check` will say of the card; empty where it is complete."""
    try:
        typed(draft)
    except CardProblems as problems:
        return str(CardProblems(problems.problems, 1, ""))
    return ""
