"""Texts with spans as tokens with labels, and tokens with labels as spans: how a model of texts is asked for spans.

Does not keep apart two spans of one label that touch, nor spans that overlap: a token has the
label of the first span that it is part of.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from registry.annotation.answers import Span, spelled
from registry.texts.tagging import TOKEN

OUTSIDE = ""
"""The label of a token that is in no span."""

AROUND = 3
"""How many tokens on either side a token is judged by."""


class Tokens(NamedTuple):
    """The tokens of one text, in order."""

    edges: list[tuple[int, int]]
    """Start and end in the text, in code points."""
    words: list[str]
    around: list[str]
    """Each token with those beside it."""

    def labelled(self, spans: Sequence[Span]) -> list[str]:
        """The label of each token."""
        return [
            next((label for begin, stop, label in spans if begin < end and start < stop), OUTSIDE)
            for start, end in self.edges
        ]

    def spelled(self, labels: Sequence[str]) -> str:
        """The spans that labels of the tokens come to, as the answer is spelled."""
        found = []
        for label, run in groupby(zip(labels, self.edges, strict=True), key=lambda pair: pair[0]):
            edges = [edge for _, edge in run]
            if label != OUTSIDE:
                found.append([edges[0][0], edges[-1][1], label])
        return str(spelled("spans", found))


def tokens(text: str) -> Tokens:
    """The tokens of a text; none where it is nothing but space."""
    matches = list(TOKEN.finditer(text))
    words = [match[0] for match in matches]
    around = [" ".join(words[max(place - AROUND, 0) : place + AROUND + 1]) for place in range(len(words))]
    return Tokens([match.span() for match in matches], words, around)
