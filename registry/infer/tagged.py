"""Whether a text file holds tagged sentences: one token a line with its tags, or items such as `jury/nn`."""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

FEWEST = 2
"""Sentences, and different tags."""

REPEATED = 3
"""How often a tag is given on average: what differs more is no tag."""

COMMENTS = ("-DOCSTART-", "# ")

TAG = re.compile(r"""[A-Z0-9$.,:;'"`()#*_-]{1,8}|[A-Z]{1,4}[-_][\w-]{1,30}""")
"""O, B-PER, NN, VBZ: tags of one token a line are written in capitals; words are not."""

WORD_TAG = re.compile(r"[A-Za-z$.,:;'\"`()*+-][\w$.,:;'\"`()*+-]{0,15}")


class Tagged(NamedTuple):
    """Keys of a source entry, and what speaks for them."""

    keys: Mapping[str, Any]
    why: str


def sentences(text: str) -> Tagged | None:
    """None where the lines are anything else."""
    lines = text.split("\n")
    return _by_lines(lines) or _by_items(lines)


def _by_lines(lines: Sequence[str]) -> Tagged | None:
    comment = next((mark for mark in COMMENTS if any(line.startswith(mark) for line in lines)), None)
    fields = [re.findall(r"[^ \t\r]+", line) for line in lines if not (comment and line.startswith(comment))]
    rows = [one for one in fields if one]
    width = len(rows[0]) if rows else 0
    parted = sum(bool(one) and not before for before, one in pairwise(fields))
    if width < 2 or parted < FEWEST - 1 or any(len(one) != width for one in rows):
        return None
    if not _are_tags([one[-1] for one in rows], TAG):
        return None
    names = ["tokens", *(f"column_{number}" for number in range(2, width)), "tags"]
    options = {"columns": names, **({"comment": comment} if comment else {})}
    why = f"format: {width} fields a line, the last one a tag, and empty lines between sentences"
    return Tagged({"format": {"conll": options}}, why)


def _by_items(lines: Sequence[str]) -> Tagged | None:
    items = [item for line in lines for item in line.split()]
    several = sum(len(line.split()) > 1 for line in lines)
    for separator in "/_":
        parts = [item.rpartition(separator) for item in items]
        if (
            several >= FEWEST
            and all(token for token, _, _ in parts)
            and _are_tags([tag for *_, tag in parts], WORD_TAG)
        ):
            options = {} if separator == "/" else {"separator": separator}
            why = f"format: every word ends with {separator} and a tag"
            return Tagged({"format": {"tagged": options} if options else "tagged"}, why)
    return None


def _are_tags(tags: Sequence[str], pattern: re.Pattern[str]) -> bool:
    different = set(tags)
    are_few = len(different) >= FEWEST and len(different) * REPEATED <= len(tags)
    are_numbers = not any(letter.isalpha() for tag in different for letter in tag)
    return are_few and not are_numbers and all(map(pattern.fullmatch, different))
