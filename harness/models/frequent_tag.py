"""The tag that each word had most often in the train split: what any tagger has to beat."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any, ClassVar

import numpy as np

from harness.examples import Examples, Tags
from harness.model import Fitted, Model, NoRecipe, Setting
from registry.errors import UserError


class FrequentTag(Model):
    """A word that was not seen is looked up in small letters; then it gets the most frequent tag of all.

    Where two tags are equally frequent, the first of the label set is taken.
    """

    version: ClassVar[int] = 1
    tasks: ClassVar[tuple[str, ...]] = ("token-classification",)

    def __init__(self, recipe: NoRecipe, setting: Setting) -> None:
        super().__init__(recipe, setting)
        self.of_word: dict[str, int] = {}
        self.of_lower: dict[str, int] = {}
        self.usual = 0

    def fit(self, train: Examples, validation: Examples) -> Fitted:  # noqa: ARG002
        """Count. UserError without a training token."""
        tags = [int(tag) for sentence in train.told(Tags).tags for tag in sentence]
        if not tags:
            raise UserError("the frequent_tag family needs training rows, and the train split has no token")
        sentences: tuple[Any, ...] = train.inputs
        words = [word for sentence in sentences for word in sentence.tokens]
        self.of_word = _most_frequent(zip(words, tags, strict=True))
        self.of_lower = _most_frequent(zip(map(str.lower, words), tags, strict=True))
        self.usual = int(np.bincount(tags).argmax())
        facts = {"words": len(self.of_word), "usual_tag": self.setting.labels[self.usual]}
        return Fitted(trainable_parameters=0, total_parameters=0, facts=facts)

    def predict(self, inputs: tuple[Any, ...]) -> Tags:
        """A tag for each token, whatever stands around it."""
        return Tags(tuple(np.array([self._tag(word) for word in one.tokens], dtype=np.int64) for one in inputs))

    def _tag(self, word: str) -> int:
        return self.of_word.get(word, self.of_lower.get(word.lower(), self.usual))


def _most_frequent(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    counts: dict[str, Counter[int]] = defaultdict(Counter)
    for word, tag in pairs:
        counts[word][tag] += 1
    return {word: min(found, key=lambda tag: (-found[tag], tag)) for word, found in counts.items()}
