"""Why a text is not YAML, in the words of somebody who wrote it; the parser's own words name its states.

Owns only the wording and the place: what is refused is the parser's decision.
"""

import re
from typing import NamedTuple

import yaml

WIDE_COLON = "："
QUOTE_ALL = "Put the whole text in one pair of quotes."


class Mistake(NamedTuple):
    """Line and column count from 1."""

    line: int
    column: int
    what: str
    do: str = ""


def explained(error: yaml.MarkedYAMLError, text: str) -> Mistake:
    """Where a mistake was made, which may be before the place where the parser noticed."""
    noticed, begun = (_place(mark) for mark in (error.problem_mark, error.context_mark))
    at = noticed or begun or (1, 1)
    line = _line(text, at[0])
    if line[at[1] - 1 : at[1]] == "\t":
        return Mistake(*at, "a tab cannot indent; use spaces")
    told = _from_where_it_began(str(error.context or ""), begun, text) if begun else None
    return told or _from_where_it_was_noticed(str(error.problem or ""), at, line)


def _from_where_it_began(context: str, at: tuple[int, int], text: str) -> Mistake | None:
    if context.endswith("a simple key"):
        return _no_colon(at, _line(text, at[0]))
    if context.endswith("a quoted scalar"):
        return Mistake(*at, "the quote that opens here is never closed")
    if context.endswith(("an alias", "an anchor")):
        return _first_character(at, _line(text, at[0]))
    if "flow" in context:
        return Mistake(*at, "the bracket that opens here is not closed, or a comma is missing in it")
    return None


def _from_where_it_was_noticed(problem: str, at: tuple[int, int], line: str) -> Mistake:
    if problem.startswith("mapping values are not allowed"):
        return Mistake(*at, 'a line has one ": " only, unless it stands in quotes', QUOTE_ALL)
    if problem.startswith("found character"):
        return _first_character(at, line)
    if problem != "did not find expected key":
        return Mistake(*at, f"is not YAML: {problem}")
    if line[: at[1] - 1].strip():
        return Mistake(*at, "nothing can follow the quote or bracket that closes before it", QUOTE_ALL)
    return Mistake(*at, "is not indented like any line that it could belong to")


def _no_colon(at: tuple[int, int], line: str) -> Mistake:
    if WIDE_COLON in line:
        column = line.index(WIDE_COLON) + 1
        return Mistake(at[0], column, f'"{WIDE_COLON}" is text to YAML; a key ends in ":" and a space')
    joined = re.match(r"\s*[\w-]+:(?=[^ ])", line)
    if joined:
        return Mistake(at[0], joined.end(), 'after ":" comes a plain space')
    return Mistake(*at, 'is neither a key nor part of the line before; a key ends in ":" and a space')


def _first_character(at: tuple[int, int], line: str) -> Mistake:
    return Mistake(*at, f'a text cannot begin with "{line[at[1] - 1 : at[1]]}" unless it stands in quotes', QUOTE_ALL)


def _place(mark: yaml.Mark | None) -> tuple[int, int] | None:
    return (mark.line + 1, mark.column + 1) if mark else None


def _line(text: str, number: int) -> str:
    lines = text.splitlines()
    return lines[number - 1] if 0 < number <= len(lines) else ""
