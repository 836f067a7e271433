"""Translation word by word, in the order of the source: IBM model 1, learnt from the train pairs.

Each word becomes the one that it most probably stands beside in a translation; words that were never seen, and
placeholders, stay as they are. What a model has beyond it is grammar.
"""

from importlib.metadata import version
from typing import ClassVar, NamedTuple

import numpy as np
from pydantic import Field

from harness.device import Device
from harness.examples import Examples, Input, Texts
from harness.methods.alignment import Table, model_1
from harness.methods.translating import parts, together
from harness.metric import IntArray
from harness.model import Fitted, Model, Setting, Settled
from harness.texts.placeholders import PLACEHOLDER
from registry.errors import UserError
from registry.frozen import Frozen

_LONGEST = 300
"""Words of a side; longer pairs teach little and cost much."""
_MOST_LINKS = 20_000_000
"""Source words times target words, summed over pairs: all are in memory together, in about a gigabyte."""


class WordAlignmentRecipe(Frozen):
    """How much is learnt from, and how long."""

    rounds: int = Field(default=10, ge=1, le=100)
    """Of expectation and maximisation."""
    max_pairs: int = Field(default=50_000, ge=1)
    """The first so many train pairs are learnt from, fewer where they are long."""


class WordAlignment(Model):
    """A dictionary with one translation a word. Source words are compared in small letters."""

    Recipe: ClassVar[type[Frozen]] = WordAlignmentRecipe
    version: ClassVar[int] = 1
    tasks: ClassVar[tuple[str, ...]] = ("translation",)

    def __init__(self, recipe: WordAlignmentRecipe, setting: Setting) -> None:
        super().__init__(recipe, setting)
        self.dictionary: dict[str, str] = {}

    @staticmethod
    def resolve(recipe: WordAlignmentRecipe, device: Device) -> Settled:  # noqa: ARG004
        """The library that tells Chinese words apart."""
        return {"jieba": version("jieba")}

    def fit(self, train: Examples, validation: Examples) -> Fitted:  # noqa: ARG002
        """Learn the dictionary. UserError where no train pair has words on both sides."""
        most = self.recipe.max_pairs
        sources = [_learnt(text) for text in parts([str(text).lower() for text in train.inputs[:most]])]
        targets = [_learnt(text) for text in parts(train.told(Texts).texts[:most])]
        usable = [
            pair for pair in zip(sources, targets, strict=True) if all(0 < len(side) <= _LONGEST for side in pair)
        ]
        if not usable:
            raise UserError("word_alignment needs train pairs with words on both sides, and the train split has none")
        usable = _that_fit(usable)
        with self.setting.progress.step("train", len(usable), "examples") as step:
            numbers, names = _numbered([source for source, _ in usable], 1), _numbered([text for _, text in usable], 0)
            table = model_1(numbers.sentences, names.sentences, self.recipe.rounds)
            self.dictionary = _likeliest(table, list(numbers.words), list(names.words))
            step.advance(len(usable))
        facts = {"words": len(self.dictionary), "pairs": len(usable), "left_out": len(sources) - len(usable)}
        pairs = len(table.probabilities)
        return Fitted(trainable_parameters=pairs, total_parameters=pairs, facts=facts)

    def predict(self, inputs: tuple[Input, ...]) -> Texts:
        texts = parts([str(text) for text in inputs])
        return Texts(tuple(together(self.dictionary.get(part.lower(), part) for part in text) for text in texts))


class _Numbered(NamedTuple):
    """One side of all pairs."""

    words: dict[str, int]
    """Each with its number, in order of appearance."""
    sentences: list[IntArray]


def _numbered(sentences: list[list[str]], first: int) -> _Numbered:
    words: dict[str, int] = {}
    for sentence in sentences:
        for word in sentence:
            words.setdefault(word, len(words) + first)
    return _Numbered(words, [np.array([words[word] for word in sentence], dtype=np.int64) for sentence in sentences])


def _that_fit(pairs: list[tuple[list[str], list[str]]]) -> list[tuple[list[str], list[str]]]:
    """The first pairs, as many as have no more links than memory is meant to hold."""
    links = np.cumsum([len(source) * len(target) for source, target in pairs])
    return pairs[: int(np.searchsorted(links, _MOST_LINKS, side="right"))]


def _learnt(text: list[str]) -> list[str]:
    return [part for part in text if not PLACEHOLDER.fullmatch(part)]


def _likeliest(table: Table, sources: list[str], targets: list[str]) -> dict[str, str]:
    """The most probable translation of each source word; of equals, the one that came first."""
    order = np.lexsort((table.targets, -np.round(table.probabilities, 12), table.sources))
    words, first = np.unique(table.sources[order], return_index=True)
    best = table.targets[order][first]
    return {sources[word - 1]: targets[target] for word, target in zip(words, best, strict=True) if word}
