"""Names that the train split holds, found again in other texts: how much of a task is looking names up."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np
from pydantic import Field

from harness.examples import Examples, Tags
from harness.model import Fitted, Model, Setting
from harness.texts.entities import entities, mark_entities
from registry.errors import UserError
from registry.frozen import Frozen

Phrase = tuple[str, ...]
Marks = tuple[int, ...]
"""The tags of a phrase."""
_LONGEST = 50
"""Tokens of a phrase that is looked up: what is longer is no name, and costs time with its square."""


class GazetteerRecipe(Frozen):
    """Which names are trusted."""

    least_share: float = Field(default=0.5, ge=0, le=1)
    """Of the times that a phrase is found in the train texts, the share in which it must be an entity. 0 takes every
    phrase that was one once."""


class Gazetteer(Model):
    """The longest phrase from the left that was an entity in the train split, with the tags that it had most often.

    Of a label set without `O`, in which every token belongs to an entity, this is segmentation by the longest known
    word; what is no part of one is then a word by itself.
    """

    Recipe: ClassVar[type[Frozen]] = GazetteerRecipe
    version: ClassVar[int] = 1
    tasks: ClassVar[tuple[str, ...]] = ("token-classification",)

    def __init__(self, recipe: GazetteerRecipe, setting: Setting) -> None:
        super().__init__(recipe, setting)
        self.known: dict[Phrase, Marks] = {}
        self.longest = 0
        self.outside = 0

    @staticmethod
    def unfit(labels: tuple[str, ...]) -> str | None:
        """Parts of speech are no entities."""
        if mark_entities(labels):
            return None
        return "the gazetteer family needs tags that mark entities, such as O, B-PER and I-PER"

    def fit(self, train: Examples, validation: Examples) -> Fitted:  # noqa: ARG002
        """Gather the entities. UserError without a training row."""
        if not len(train):
            raise UserError("the gazetteer family needs training rows, and the train split has none")
        labels, inputs = self.setting.labels, tuple[Any, ...](train.inputs)
        tagged = [(one.tokens, tuple(map(int, tags))) for one, tags in zip(inputs, train.told(Tags).tags, strict=True)]
        seen: dict[Phrase, Counter[Marks]] = defaultdict(Counter)
        for tokens, tags in tagged:
            for found in entities([labels[tag] for tag in tags]):
                if found.end - found.start <= _LONGEST:
                    seen[tokens[found.start : found.end]][tags[found.start : found.end]] += 1
        self.known = {phrase: min(marks, key=lambda one: (-marks[one], one)) for phrase, marks in seen.items()}
        self.outside = _outside(labels, self.known)
        self.longest = max(map(len, self.known), default=0)
        met = Counter(phrase for tokens, _ in tagged for _, phrase in self._matches(tokens))
        least = self.recipe.least_share
        self.known = {one: marks for one, marks in self.known.items() if seen[one].total() >= least * met[one]}
        return Fitted(trainable_parameters=0, total_parameters=0, facts={"phrases": len(self.known)})

    def predict(self, inputs: tuple[Any, ...]) -> Tags:
        """What is found, and elsewhere the tag of what is no entity."""
        return Tags(tuple(self._tags(one.tokens) for one in inputs))

    def _tags(self, tokens: Phrase) -> np.ndarray[Any, np.dtype[np.int64]]:
        tags = np.full(len(tokens), self.outside, dtype=np.int64)
        for start, phrase in self._matches(tokens):
            tags[start : start + len(phrase)] = self.known[phrase]
        return tags

    def _matches(self, tokens: Phrase) -> Iterator[tuple[int, Phrase]]:
        """Where known phrases begin; they do not overlap."""
        start = 0
        while start < len(tokens):
            ends = range(min(len(tokens), start + self.longest), start, -1)
            phrase = next((tokens[start:end] for end in ends if tokens[start:end] in self.known), None)
            if phrase is not None:
                yield start, phrase
            start += len(phrase or " ")


def _outside(labels: tuple[str, ...], known: dict[Phrase, Marks]) -> int:
    """`O`, or where there is none the tag that most entities of one token have."""
    if "O" in labels:
        return labels.index("O")
    alone = Counter(marks[0] for marks in known.values() if len(marks) == 1)
    return min(alone, key=lambda tag: (-alone[tag], tag), default=0)
