"""The sentences of a text that are most like its other sentences, as its summary.

Sentences are nodes of a graph, weighted by likeness, and ranked as PageRank ranks pages: TextRank (Mihalcea and Tarau
2004) by words in common, LexRank (Erkan and Radev 2004) by the cosine of TF-IDF vectors. Chosen sentences keep the
order of the text.
"""

from collections import Counter
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from harness.examples import Examples, Input, Texts
from harness.metric import FloatArray
from harness.model import Fitted, Model, Setting
from harness.texts.sentences import joined, sentences
from harness.texts.words import words
from registry.frozen import Frozen

_MOST_SENTENCES = 1_000
"""Of a text; every one is compared with every other."""
_ROUNDS = 200
_CLOSE_ENOUGH = 1e-9


class TextrankRecipe(Frozen):
    """What likeness is, and how much is taken."""

    method: Literal["textrank", "lexrank"] = "textrank"
    sentences: int = Field(default=3, ge=1)
    damping: float = Field(default=0.85, gt=0, lt=1)
    """How much of a sentence's rank comes from its neighbours."""
    threshold: float = Field(default=0.1, ge=0, lt=1)
    """Of lexrank: a smaller cosine is none."""


class Textrank(Model):
    """Looks at no summary; lexrank learns from train texts how rare words are."""

    Recipe: ClassVar[type[Frozen]] = TextrankRecipe
    version: ClassVar[int] = 1
    tasks: ClassVar[tuple[str, ...]] = ("summarisation",)
    needs_training_data: ClassVar[bool] = False

    def __init__(self, recipe: TextrankRecipe, setting: Setting) -> None:
        super().__init__(recipe, setting)
        self.texts = 0
        self.known = Counter[str]()

    def fit(self, train: Examples, validation: Examples) -> Fitted:  # noqa: ARG002
        """Count in how many texts each word is."""
        self.texts = len(train)
        for found in words([str(text) for text in train.inputs]):
            self.known.update(set(found))
        return Fitted(trainable_parameters=0, total_parameters=0, facts={"words": len(self.known)})

    def predict(self, inputs: tuple[Input, ...]) -> Texts:
        found, cut = list[str](), 0
        with self.setting.progress.step("evaluate", len(inputs), "examples") as step:
            for text in map(str, inputs):
                spans = sentences(text)
                cut += len(spans) > _MOST_SENTENCES
                found.append(joined(text, self._chosen(text, spans[:_MOST_SENTENCES])))
                step.advance(1)
        if cut:
            self.setting.progress.say(f"textrank read the first {_MOST_SENTENCES:,} sentences only of {cut} texts")
        return Texts(tuple(found))

    def _chosen(self, text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
        if len(spans) <= self.recipe.sentences:
            return spans
        found = words([text[begin:end] for begin, end in spans])
        likeness = self._cosine(found) if self.recipe.method == "lexrank" else in_common(found)
        ranks = np.round(pagerank(likeness, self.recipe.damping), 9)  # equals stay in order
        best = sorted(np.argsort(-ranks, kind="stable")[: self.recipe.sentences])
        return [spans[place] for place in best]

    def _cosine(self, found: list[list[str]]) -> FloatArray:
        """(sentences, sentences); 0 below the threshold."""
        counts, vocabulary = table(found)
        rare = np.log((1 + self.texts) / (1 + np.array([self.known[word] for word in vocabulary]))) + 1
        vectors = counts * rare
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        vectors = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
        cosine: FloatArray = vectors @ vectors.T
        return np.where(cosine >= self.recipe.threshold, cosine, 0.0)


def in_common(found: list[list[str]]) -> FloatArray:
    """(sentences, sentences): words that both have, by the sum of the logarithms of their lengths."""
    there = np.minimum(table(found)[0], 1.0)
    lengths = np.log(np.maximum([len(sentence) for sentence in found], 1))
    norm = lengths[:, None] + lengths[None, :]
    likeness = np.divide(there @ there.T, norm, out=np.zeros_like(norm), where=norm > 0)
    np.fill_diagonal(likeness, 0.0)
    return likeness


def table(found: list[list[str]]) -> tuple[FloatArray, list[str]]:
    """How often each sentence has each word (sentences, words), and the words."""
    vocabulary = {word: place for place, word in enumerate(dict.fromkeys(word for part in found for word in part))}
    counts = np.zeros((len(found), len(vocabulary)))
    for row, sentence in enumerate(found):
        np.add.at(counts[row], [vocabulary[word] for word in sentence], 1.0)
    return counts, list(vocabulary)


def pagerank(weights: FloatArray, damping: float) -> FloatArray:
    """(n, n) symmetric weights, 0 or above -> (n,) ranks that sum to 1. A node without edges leads everywhere."""
    size = len(weights)
    totals = weights.sum(axis=1, keepdims=True)
    steps = np.divide(weights, totals, out=np.full_like(weights, 1 / size), where=totals > 0)
    ranks = np.full(size, 1 / size)
    for _ in range(_ROUNDS):
        following = (1 - damping) / size + damping * (ranks @ steps)
        if np.abs(following - ranks).sum() < _CLOSE_ENOUGH:
            return following
        ranks = following
    return ranks
