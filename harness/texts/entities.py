"""Which tokens of a tagged sentence are one entity, and what a sentence adds to entity scores.

A tag is `O`, or a prefix and a type: `B-PER`. `B` begins, `I` goes on, `E` ends, `S` stands alone; `M` is read as `I`,
`L` as `E` and `U` as `S`, so IOB1, IOB2, IOE, IOBES, BMES and BILOU are read alike, with a type or without (`B`, `M`).
Any other tag is a type by itself: a run of equal ones is an entity.

No tag is refused. As in conlleval (Tjong Kim Sang & Buchholz, CoNLL-2000), and as in seqeval's default mode, an `I`
after `O` or after another type begins an entity. What seqeval's default mode knows (O, B, I, E, S) is read as there.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from harness.metric import FloatArray
from harness.statistics.confusion import no_rows

_ROLES = {"O": "O", "B": "B", "I": "I", "M": "I", "E": "E", "L": "E", "S": "S", "U": "S"}
Tagged = Sequence[Sequence[str]]


class Entity(NamedTuple):
    """Tokens `start` to `end`, which is exclusive."""

    start: int
    end: int
    type: str


def entities(tags: Sequence[str]) -> tuple[Entity, ...]:
    """Those of a sentence, in order."""
    found: list[Entity] = []
    start, before, kind_before = 0, "O", ""
    for place, tag in enumerate([*tags, "O"]):
        now, kind = _read(tag)
        if before != "O" and (before in "ES" or now in "BSO" or kind != kind_before):
            found.append(Entity(start, place, kind_before))
            before = "O"
        if before == "O":
            start = place
        before, kind_before = now, kind
    return tuple(found)


def mark_entities(labels: Sequence[str]) -> bool:
    """Whether a set of tags tells entities: it has `O` or a prefix; parts of speech have neither."""
    return any(_has_role(tag) for tag in labels)


def no_entity(gold: Tagged, labels: Sequence[str]) -> str | None:
    """The obstacle of entity scores: nothing to find, as among parts of speech."""
    if not len(gold):
        return no_rows(np.zeros(0))
    if labels and not mark_entities(labels):
        return "the tags of the card mark no entities: none is O, and none has a prefix such as B-"
    return None if any(entities(tags) for tags in gold) else "no row of the evaluated split has an entity"


def counts(
    gold: Tagged, predicted: Tagged, credit: Callable[[tuple[Entity, ...], tuple[Entity, ...]], float]
) -> FloatArray:
    """(n, 3): what the entities found in a sentence are worth, its entities, those predicted.

    ValueError where a sentence has more or fewer predicted tags than gold ones.
    """
    table = np.zeros((len(gold), 3))
    for row, (right, said) in enumerate(zip(gold, predicted, strict=True)):
        if len(right) != len(said):
            raise ValueError(f"{len(right)} gold tags but {len(said)} predicted ones in line {row}")
        there, given = entities(right), entities(said)
        table[row] = credit(there, given), len(there), len(given)
    return table


def _read(tag: str) -> tuple[str, str]:
    """Its role, one of O, B, I, E, S, and its type, "_" where there is none."""
    return (_ROLES[tag[0]], tag[2:] or "_") if _has_role(tag) else ("I", tag)


def _has_role(tag: str) -> bool:
    return tag[:1] in _ROLES and tag[1:2] in ("", "-")
