"""Hashed n-grams, averaged, and a linear layer, trained together by gradient descent: fastText's supervised model.

Joulin et al. 2017, "Bag of tricks for efficient text classification". Unlike fastText words and n-grams share the
buckets, and a bucket that train never met says nothing of a text.
"""

from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import AfterValidator, Field

from harness.examples import Examples, Input, Labels, LabelSets
from harness.methods.ngrams import each, hashing, judged, ordered
from harness.metric import FloatArray
from harness.model import Fitted, Model, Setting
from registry.errors import UserError
from registry.frozen import Frozen


class HashedRecipe(Frozen):
    """What is counted, and how it is learnt."""

    analyzer: Literal["auto", "word", "char"] = "auto"
    """`auto`: characters where most letters of the train texts are Han, Kana or Hangul, else words."""
    ngrams: Annotated[tuple[int, int], AfterValidator(ordered)] = (1, 2)
    """Shortest and longest run of words or characters."""
    buckets: int = Field(default=2**20, ge=1, le=2**24)
    """Numbers that n-grams are hashed to; with few of them different n-grams are taken for one."""
    dimensions: int = Field(default=10, ge=1, le=1_000)
    """Of the vector of a bucket, and of a text."""
    epochs: int = Field(default=10, ge=1)
    learning_rate: float = Field(default=1.0, gt=0)
    """At the start; it falls to zero in a straight line."""


class Hashed(Model):
    """One label by softmax, or each of several by a sigmoid of its own. Order of rows and first vectors are drawn.

    Every text ends with one more n-gram that all have: it alone speaks where train met none of the others.
    """

    Recipe: ClassVar[type[Frozen]] = HashedRecipe
    version: ClassVar[int] = 1
    tasks: ClassVar[tuple[str, ...]] = ("text-classification", "multilabel-classification")

    def __init__(self, recipe: HashedRecipe, setting: Setting) -> None:
        super().__init__(recipe, setting)
        self.hasher: Any = None
        self.met = np.zeros(0, dtype=np.int64)
        """The buckets of the train texts, in order."""
        self.vectors = np.zeros((0, 0))
        """(met and the end, dimensions)"""
        self.layer = np.zeros((0, 0))
        """(labels, dimensions)"""
        self.several = False

    @staticmethod
    def uses_seed(recipe: HashedRecipe) -> bool:  # noqa: ARG004 - whatever it says
        return True

    def fit(self, train: Examples, validation: Examples) -> Fitted:  # noqa: ARG002
        """One row after the other, every row once an epoch. UserError without training rows."""
        if not len(train):
            raise UserError("the hashed family needs training rows, and the train split has none")
        analyzer = judged(self.recipe.analyzer, each(train.inputs))
        self.hasher = hashing(analyzer, self.recipe.ngrams, self.recipe.buckets)
        self.met = np.unique(self._counts(train.inputs).indices)
        self._descend(self._shares(train.inputs), self._gold(train))
        size = self.vectors.size + self.layer.size
        return Fitted(size, size, {"analyzer": analyzer, "buckets": len(self.met)})

    def predict(self, inputs: tuple[Input, ...]) -> Labels | LabelSets:
        """With probabilities."""
        if not inputs:
            found = np.zeros((0, len(self.layer)), dtype=np.float32)
        with self.setting.progress.step("evaluate", len(inputs), "examples") as step:
            if inputs:
                found = self._probabilities(self._shares(inputs) @ self.vectors @ self.layer.T).astype(np.float32)
            step.advance(len(inputs))
        if self.several:
            return LabelSets(found > 0.5, found)
        return Labels(found.argmax(axis=1).astype(np.int64), found)

    def _counts(self, inputs: tuple[Input, ...]) -> Any:
        """(n, buckets), sparse."""
        return self.hasher.transform(each(inputs))

    def _shares(self, inputs: tuple[Input, ...]) -> Any:
        """(n, met and the end), sparse: what each n-gram is of a text."""
        from scipy.sparse import hstack
        from sklearn.preprocessing import normalize

        ends = np.ones((len(inputs), 1))
        return normalize(hstack([self._counts(inputs)[:, self.met], ends], format="csr"), norm="l1")

    def _gold(self, train: Examples) -> FloatArray:
        """(n, labels) of ones and zeros."""
        self.several = isinstance(train.answers, LabelSets)
        if self.several:
            return train.told(LabelSets).chosen.astype(np.float64)
        return np.eye(len(self.setting.labels))[train.told(Labels).labels]

    def _probabilities(self, scores: FloatArray) -> FloatArray:
        """(..., labels) -> (..., labels)"""
        if self.several:
            return 1 / (1 + np.exp(-np.clip(scores, -500, 500)))
        powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=-1, keepdims=True))

    def _descend(self, texts: Any, gold: FloatArray) -> None:
        """Gradient descent on the cross-entropy, one text a step."""
        recipe, drawn = self.recipe, np.random.default_rng(self.setting.seed)
        vectors = drawn.uniform(-1 / recipe.dimensions, 1 / recipe.dimensions, (texts.shape[1], recipe.dimensions))
        layer = np.zeros((gold.shape[1], recipe.dimensions))
        steps, done = recipe.epochs * len(gold), 0
        with self.setting.progress.step("train", steps, "examples") as step:
            for _ in range(recipe.epochs):
                for row in drawn.permutation(len(gold)):
                    own = slice(texts.indptr[row], texts.indptr[row + 1])
                    buckets, shares = texts.indices[own], texts.data[own]
                    text = shares @ vectors[buckets]
                    error = self._probabilities(layer @ text) - gold[row]
                    error *= recipe.learning_rate * (1 - done / steps)
                    vectors[buckets] -= shares[:, None] * (error @ layer)
                    layer -= error[:, None] * text
                    done += 1
                step.advance(len(gold))
        self.vectors, self.layer = vectors, layer
