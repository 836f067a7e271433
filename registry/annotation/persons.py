"""Whether the names that answers came in under are those of people.

The number of an account holds for one server, and whoever answers under a name and a number counts as two.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from registry.annotation.layers import Entry
from registry.digest import canonical
from registry.errors import clipped, plural

ACCOUNT = re.compile("[0-9]+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
MOST_SHOWN = 5


def accounts(entries: Iterable[Entry], given: Collection[str]) -> Iterator[str]:
    """A line where names are those of accounts: all of them, or any that are left where others were `given`."""
    names = {entry.annotator for entry in entries if entry.annotator is not None}
    found = sorted(name for name in names.difference(given) if ACCOUNT.fullmatch(name))
    if not found or (not given and len(found) < len(names)):
        return
    shown = ", ".join(f'"{name}"' for name in found[:MOST_SHOWN]) + (", ..." if len(found) > MOST_SHOWN else "")
    kind = "number" if found[0].isdigit() else "id"
    are = f"is the {kind} of an account" if len(found) == 1 else f"are {kind}s of accounts"
    yield f"{shown} {are}; `--rename {found[0]}=NAME` says who that is"


def doubled(new: Iterable[Entry], known: Iterable[Entry]) -> Iterator[str]:
    """A line for each pair of names under which equal answers to the same items came in, given at the same time."""
    names = {_given(entry): entry.annotator for entry in known if entry.time and entry.annotator is not None}
    pairs = Counter(
        (entry.annotator, names[_given(entry)])
        for entry in new
        if entry.time and entry.annotator is not None and names.get(_given(entry), entry.annotator) != entry.annotator
    )
    for (name, before), count in pairs.most_common(MOST_SHOWN):
        who = f'"{clipped(name, 60)}" came in as those of "{clipped(before, 60)}" before, with the same times'
        yield f"{plural(count, 'answer')} of {who}: one person under two names counts twice; `--rename` gives them one"


def _given(entry: Entry) -> str:
    """What somebody said about what and when, whoever they are."""
    return canonical([entry.item, entry.role, entry.time, entry.answer])
