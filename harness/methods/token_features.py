"""What a token is described by to a tagger that learns weights: itself, its parts, its neighbours.

Words by their letters, shape, beginnings and ends; single characters, as of a Chinese text, by the characters around
them and their pairs. Owns these descriptions; learns nothing.
"""

import re
from collections.abc import Sequence
from itertools import groupby

Description = list[str]
_BEFORE, _AFTER = "<s>", "</s>"
_LATIN, _DIGIT = re.compile(r"[A-Za-zＡ-Ｚａ-ｚ]"), re.compile(r"\d")


def of_characters(sentences: Sequence[Sequence[str]]) -> bool:
    """Whether nine of ten tokens are single characters."""
    lengths = [len(token) for sentence in sentences for token in sentence]
    return 10 * lengths.count(1) > 9 * len(lengths)


def described(tokens: Sequence[str], by_character: bool) -> list[Description]:
    """A description for every token of a sentence."""
    return _characters(tokens) if by_character else _words(tokens)


def shape(token: str) -> str:
    """Letters as X and x, digits as d, other marks as they are; of a run of equal ones, two at most: `Xxd`, `XX.XX`."""
    kinds = ("X" if char.isupper() else "x" if char.isalpha() else "d" if char.isdigit() else char for char in token)
    return "".join("".join(run)[:2] for _, run in groupby(kinds))


def _words(tokens: Sequence[str]) -> list[Description]:
    lower = [_BEFORE, _BEFORE, *(token.lower() for token in tokens), _AFTER, _AFTER]
    shapes = ["", "", *map(shape, tokens), "", ""]
    return [
        [
            "bias",
            f"w={token}",
            f"l={lower[at]}",
            f"s={shapes[at]}",
            *(f"p{size}={lower[at][:size]}" for size in (1, 2, 3)),
            *(f"e{size}={lower[at][-size:]}" for size in (1, 2, 3)),
            *(f"l{step}={lower[at + step]}" for step in (-2, -1, 1, 2)),
            *(f"s{step}={shapes[at + step]}" for step in (-1, 1)),
            f"l-1+0={lower[at - 1]}|{lower[at]}",
            f"l0+1={lower[at]}|{lower[at + 1]}",
            f"s-1+1={shapes[at - 1]}|{shapes[at]}|{shapes[at + 1]}",
        ]
        for at, token in enumerate(tokens, start=2)
    ]


def _characters(tokens: Sequence[str]) -> list[Description]:
    chars = [_BEFORE, _BEFORE, *tokens, _AFTER, _AFTER]
    kinds = ["", "", *map(_kind, tokens), "", ""]
    return [
        [
            "bias",
            *(f"c{step}={chars[at + step]}" for step in (-2, -1, 0, 1, 2)),
            *(f"c{step}+={chars[at + step]}{chars[at + step + 1]}" for step in (-2, -1, 0, 1)),
            f"c-1+1={chars[at - 1]}|{chars[at + 1]}",
            f"k={kinds[at - 1]}{kinds[at]}{kinds[at + 1]}",
        ]
        for at in range(2, len(tokens) + 2)
    ]


def _kind(token: str) -> str:
    """Digit, Latin letter, other letter (a Han character, say), or mark."""
    if _DIGIT.match(token):
        return "d"
    return "x" if _LATIN.match(token) else "h" if token.isalpha() else "."
