"""What families that recommend share: histories as a table of users and items, and scores as rankings.

Here, in one place, what a user chose before leaves his ranking; and what scores the same, which is everything for users
without a history, stands in the order of popularity. Ratings are ignored: whoever takes low ones for a sign of dislike
leaves them out in `select:`.
"""

from collections.abc import Callable
from typing import Any, cast

import numpy as np

from harness.examples import Collection, Examples, History, Input, Rankings
from harness.lines import MOST_RANKED
from harness.metric import FloatArray
from harness.model import Setting
from registry.errors import UserError, plural
from registry.progress import Progress

MOST_IN_FULL = 10_000
"""Items of a collection up to which all of it is ranked; of a larger one the first 1,000 are."""
AT_ONCE = 256
"""Users whose scores are in memory together."""
Table = Any
"""A sparse CSR array (users, items), 1 for what was chosen: scipy has no types."""


def items(setting: Setting) -> Collection:
    """What can be recommended. UserError where there is nothing."""
    if setting.collection is None or not setting.collection.ids:
        raise UserError("there is nothing to recommend: the collection is empty", do="Write `collection:` in the card.")
    return setting.collection


def learnt(train: Examples, known: Collection) -> Table:
    """The choices of the train split. UserError where there are none, and as `chosen`."""
    found = chosen(histories(train.inputs), known)
    if not found.nnz:
        raise UserError("there is nothing to learn from: the train split has no choices")
    return found


def histories(inputs: tuple[Input, ...]) -> tuple[History, ...]:
    """The inputs, which are histories by the task."""
    return cast("tuple[History, ...]", inputs)


def chosen(users: tuple[History, ...], known: Collection) -> Table:
    """Who chose what. UserError for an item that the collection lacks."""
    from scipy.sparse import csr_array

    place = {item: number for number, item in enumerate(known.ids)}
    strange = next((item for user in users for item in user.items if item not in place), None)
    if strange is not None:
        do = "Add it to `collection:`, or leave such rows out in `select:`."
        raise UserError(f'somebody chose "{strange}", which the collection does not have', do=do)
    rows = [sorted({place[item] for item in user.items}) for user in users]
    columns = np.array([item for row in rows for item in row], dtype=np.int64)
    begins = np.cumsum([0, *map(len, rows)])
    return csr_array((np.ones(len(columns)), columns, begins), shape=(len(users), len(known.ids)))


def popularity(table: Table) -> FloatArray:
    """(items,): how many users chose each."""
    found: FloatArray = np.asarray(table.sum(axis=0), dtype=np.float64).ravel()
    return found


def rankings(
    users: tuple[History, ...],
    known: Collection,
    popular: FloatArray,
    score: Callable[[Table], FloatArray],
    progress: Progress,
) -> Rankings:
    """For each user the items that he has not chosen: by falling score, then popularity, then id.

    `score` gives (users, items) for a table of `chosen`. Tells how many users have no history.
    """
    unknown = sum(not user.items for user in users)
    if unknown:
        progress.say(f"{plural(unknown, 'user')} of {len(users):,} without a history: popular items in their place")
    names, found = np.array(known.ids, dtype=object), list[tuple[str, ...]]()
    depth = len(names) if len(names) <= MOST_IN_FULL else MOST_RANKED
    with progress.step("evaluate", len(users), "examples") as step:
        for begin in range(0, len(users), AT_ONCE):
            table = chosen(users[begin : begin + AT_ONCE], known)
            for row, values in enumerate(score(table)):
                new = np.ones(len(names), dtype=bool)
                new[table.indices[table.indptr[row] : table.indptr[row + 1]]] = False
                order = np.lexsort((-popular, -values))
                found.append(tuple(names[order[new[order]][:depth]]))
            step.advance(table.shape[0])
    return Rankings(tuple(found))
