"""Which cards of a list are meant: by what they say of themselves, and by words in it."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from registry.errors import UserError, nearest
from registry.index import Entry, Facts, folded
from registry.kinds import TASKS

KINDS = ("general", "vertical", "task")
USES = ("any", "research", "non-commercial")


class Filters(NamedTuple):
    """What a card must be. Of several values of one filter any will do; empty or None where all cards will."""

    kind: Sequence[str] = ()
    domain: Sequence[str] = ()
    task: Sequence[str] = ()
    language: Sequence[str] = ()
    """`zh` takes zh-Hans and zh-TW too."""
    license: Sequence[str] = ()
    use: Sequence[str] = ()
    built: bool | None = None
    locked: bool | None = None
    min_rows: int | None = None
    max_rows: int | None = None


EVERY = Filters()


class Chosen(NamedTuple):
    """`unsized` cards met every other filter, but have no version whose rows could be counted."""

    entries: list[Entry]
    unsized: int


def chosen(entries: Sequence[Entry], filters: Filters) -> Chosen:
    """The cards that meet every filter, in their order."""
    if filters == EVERY:
        return Chosen(list(entries), 0)
    found = [entry for entry in entries if entry.section == "datasets" and _meets(entry, filters)]
    if filters.min_rows is None and filters.max_rows is None:
        return Chosen(found, 0)
    sized = [entry for entry in found if entry.rows is not None]
    return Chosen([entry for entry in sized if _fits(entry.rows or 0, filters)], len(found) - len(sized))


def search(entries: Iterable[Entry], words: Sequence[str]) -> list[Entry]:
    """The cards that hold every word, the best match first: in the name, then in the title, then elsewhere.

    Letter case and width do not count. A word matches inside another, so that Chinese needs no segmentation.
    """
    wanted = [folded(word) for word in words]
    ranked = [(rank, entry) for entry in entries if (rank := _rank(entry, wanted)) is not None]
    return [entry for _, entry in sorted(ranked, key=lambda found: (found[0], found[1].file.name))]


def _rank(entry: Entry, words: Sequence[str]) -> int | None:
    """How far from the name the words stand, added up; None where one is missing."""
    facts = entry.facts
    name, title = entry.file.name, folded(facts.title)
    rest = "\n".join((facts.description, facts.citation, folded("\n".join((facts.domain, *facts.labels)))))
    far = -1 if list(words) == [name] else 0
    for word in words:
        if word in name:
            continue
        if word not in title and word not in rest:
            return None
        far += 1 if word in title else 2
    return far


def _meets(entry: Entry, filters: Filters) -> bool:
    return (
        all(not wanted or any(same(value, entry.facts) for value in wanted) for wanted, same in _wanted(filters))
        and filters.built in (None, entry.rows is not None)
        and filters.locked in (None, entry.locked)
    )


def _wanted(filters: Filters) -> tuple[tuple[Sequence[str], Callable[[str, Facts], bool]], ...]:
    return (
        (filters.kind, lambda value, facts: facts.kind == value),
        (filters.domain, lambda value, facts: folded(facts.domain) == folded(value)),
        (filters.task, lambda value, facts: facts.task == value),
        (filters.language, lambda value, facts: any(value in _tags(language) for language in facts.languages)),
        (filters.license, lambda value, facts: folded(facts.license[0]) == folded(value)),
        (filters.use, lambda value, facts: facts.license[1] == value),
    )


def _tags(language: str) -> tuple[str, str]:
    """A language as it is written, and without its region or script."""
    return language, language.partition("-")[0]


def _fits(rows: int, filters: Filters) -> bool:
    return (filters.min_rows or 0) <= rows and (filters.max_rows is None or rows <= filters.max_rows)


def check(entries: Sequence[Entry], filters: Filters) -> None:
    """UserError with the nearest value for one that no card has."""
    if filters == EVERY:
        return
    known: dict[str, Iterable[str]] = {
        "kind": KINDS,
        "domain": {entry.facts.domain for entry in entries},
        "task": TASKS.names(),
        "language": {tag for entry in entries for language in entry.facts.languages for tag in _tags(language)},
        "license": {entry.facts.license[0] for entry in entries},
        "use": USES,
    }
    for what, values in known.items():
        there = sorted({value for value in values if value})
        same = folded if what in ("domain", "license") else str
        for value in getattr(filters, what):
            if same(value) not in map(same, there):
                raise _unknown(what, value, there)


def _unknown(what: str, value: str, known: Sequence[str]) -> UserError:
    shown = ", ".join(known[:20]) + (f" and {len(known) - 20} more" if len(known) > 20 else "")
    return UserError(f'no card has the {what} "{value}"{nearest(value, known)}', do=f"There are: {shown or 'none'}.")
