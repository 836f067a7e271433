"""What of `annotation:` shows only when it is seen together with the rest of the card. Reads no data.

Tolerant of keys with mistakes of their own, which are told elsewhere.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from registry.annotation.measuring import USUAL, levels_of, measures_of
from registry.annotation.spec import FORMS, LABELLED, Form
from registry.errors import nearest
from registry.kinds import AGGREGATES, MEASURES, Kinds
from registry.yamlsource import Breadcrumb

Objection = tuple[Breadcrumb, str, str]
CLOSED: tuple[Form, ...] = (*LABELLED, "multi", "spans", "relations")
"""Forms whose answers are made of the card's labels."""


def objections(data: Mapping[str, Any]) -> Iterator[Objection]:
    """Mistakes with their place: what is wrong, and what to do."""
    asked = data.get("annotation")
    form = _form(asked) if isinstance(asked, Mapping) else None
    if not isinstance(asked, Mapping) or form is None:
        return
    yield from _labels(data, form)
    yield from _votes(data, asked)
    yield from _known(form, "aggregate", AGGREGATES, asked.get("aggregate"))
    agreement = asked.get("agreement")
    if isinstance(agreement, Mapping):
        yield from _agreement(agreement, form, data)
    yield from _named(data, asked)


def _form(asked: Mapping[str, Any]) -> Form | None:
    written = asked.get("answer", "scale" if asked.get("scale") is not None else "single")
    return written if written in FORMS else None


def _names(data: Mapping[str, Any]) -> list[str]:
    """The labels of the card, whether they are listed or made by rules."""
    labels = data.get("labels")
    if isinstance(labels, Mapping):
        labels = labels.get("from")
    return [str(name) for name in labels] if isinstance(labels, list | Mapping) else []


def _labels(data: Mapping[str, Any], form: Form) -> Iterator[Objection]:
    labels = data.get("labels")
    if form in CLOSED and labels is None:
        do = "List what annotators could choose: `labels: [a, b]`."
        yield ("annotation",), f"answers of `{form}` are labels, and the card names none", do
    if form != "scale" and isinstance(labels, Mapping) and "from" in labels:
        do = "List the labels; votes decide between them."
        yield ("labels", "from"), f"label rules read a number, and answers of `{form}` are none", do
    if form == "preference" and data.get("task") not in (None, "text-pair"):
        yield ("annotation", "answer"), "`preference` is about two texts", "Write `task: text-pair`."


def _votes(data: Mapping[str, Any], asked: Mapping[str, Any]) -> Iterator[Objection]:
    votes, sources = asked.get("votes"), data.get("sources")
    if not isinstance(votes, Mapping) or "source" not in votes or not isinstance(sources, Mapping):
        return
    if votes["source"] not in sources:
        what = f'there is no source "{votes["source"]}"{nearest(str(votes["source"]), sources)}'
        yield ("annotation", "votes", "source"), what, f"The card has: {', '.join(map(str, sources))}."
    elif data.get("select") is None:
        do = "Make the rows with `select:`, for instance SELECT item AS id, min(text) AS text FROM ... GROUP BY item."
        yield ("annotation", "votes", "source"), "a source with one row per vote holds no row per item", do


def _known(form: Form, key: str, kinds: Kinds, name: Any) -> Iterator[Objection]:
    """A measure or an aggregate exists, and is for answers of this form."""
    path: Breadcrumb = ("annotation", "agreement", key) if key == "measure" else ("annotation", key)
    if not isinstance(name, str):
        return
    if name not in kinds.names():
        yield path, kinds.unknown(name), ""
    elif form not in kinds.get(name).forms:
        fitting = [other for other in kinds.names() if form in kinds.get(other).forms]
        yield path, f"{name} is not for answers of `{form}`", f"For these: {', '.join(fitting) or 'none'}."


def _agreement(agreement: Mapping[str, Any], form: Form, data: Mapping[str, Any]) -> Iterator[Objection]:
    measure, level = agreement.get("measure"), agreement.get("level")
    yield from _known(form, "measure", MEASURES, measure)
    name = USUAL[form] if measure is None else measure
    if level is not None and name in measures_of(form):
        levels = levels_of(form, name)
        if level not in levels:
            do = f"It has: {', '.join(levels)}." if levels else "Leave `level:` out."
            of = f" for answers of `{form}`" if level in MEASURES.get(name).levels else ""
            what = f"{name} has no level {level}{of}"
            yield ("annotation", "agreement", "level"), what, do
    floors, names = agreement.get("per_label"), _names(data)
    if isinstance(floors, Mapping) and names:
        path: Breadcrumb = ("annotation", "agreement", "per_label")
        yield from _strange(floors, names, path)


def _named(data: Mapping[str, Any], asked: Mapping[str, Any]) -> Iterator[Objection]:
    """Examples and migrations speak of labels that the card has, or had."""
    names = _names(data)
    if not names:
        return
    examples, migrations = asked.get("examples"), asked.get("migrations")
    if isinstance(examples, Mapping):
        yield from _strange(examples, names, ("annotation", "examples"))
    for old, new in migrations.items() if isinstance(migrations, Mapping) else ():
        path: Breadcrumb = ("annotation", "migrations", str(old))
        if old in names:
            yield path, f'"{old}" is a label of today', "Name what labels were called before."
        if new is not None and new not in names:
            what = f'"{new}" is no label of the card{nearest(str(new), names)}'
            yield path, what, "Name a label of today, or null where such answers no longer count."


def _strange(given: Iterable[Any], names: list[str], path: Breadcrumb) -> Iterator[Objection]:
    for name in given:
        if name not in names:
            yield (*path, str(name)), f'"{name}" is no label of the card{nearest(str(name), names)}', ""
