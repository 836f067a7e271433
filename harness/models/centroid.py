"""Nearest centroid in TF-IDF space (Rocchio): each label is the mean of its train texts, and the likest mean wins."""

from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import AfterValidator

from harness.examples import Examples, Input, Labels
from harness.methods.ngrams import Counting, ordered, vectors_of
from harness.model import Fitted, Model, Setting
from registry.errors import UserError
from registry.frozen import Frozen


class CentroidRecipe(Frozen):
    """What is counted."""

    analyzer: Literal["auto", "word", "char"] = "auto"
    """`auto`: characters where most letters of the train texts are Han, Kana or Hangul, else words."""
    ngrams: Annotated[tuple[int, int], AfterValidator(ordered)] = (1, 2)
    """Shortest and longest run of words or characters."""


class Centroid(Model):
    """The cosine of a text's vector to the mean vector of each label. Gives no probabilities: a cosine is none.

    A text without a known n-gram gets the most frequent label of the train split.
    """

    Recipe: ClassVar[type[Frozen]] = CentroidRecipe
    version: ClassVar[int] = 1
    tasks: ClassVar[tuple[str, ...]] = ("text-classification", "text-pair")

    def __init__(self, recipe: CentroidRecipe, setting: Setting) -> None:
        super().__init__(recipe, setting)
        self.vectors: Any = None
        self.centroids: Any = None
        """(labels, n-grams), sparse, of length 1; empty for a label that train lacks."""
        self.usual = 0

    def fit(self, train: Examples, validation: Examples) -> Fitted:  # noqa: ARG002
        """Learn from train rows. UserError where there are none, or nothing to count."""
        from scipy.sparse import csr_matrix
        from sklearn.preprocessing import normalize

        if not len(train):
            raise UserError("the centroid family needs training rows, and the train split has none")
        gold, labels = train.told(Labels).labels, len(self.setting.labels)
        with self.setting.progress.step("train", len(train), "examples") as step:
            self.vectors = vectors_of(Counting(self.recipe.analyzer, self.recipe.ngrams), train.inputs, "centroid")
            member = csr_matrix((np.ones(len(gold)), (gold, np.arange(len(gold)))), shape=(labels, len(gold)))
            self.centroids = normalize(member @ self.vectors.of(train.inputs))  # the sum points where the mean does
            step.advance(len(train))
        self.usual = int(np.bincount(gold).argmax())
        facts = {"analyzer": self.vectors.analyzer, "features": int(self.centroids.shape[1])}
        size = int(np.prod(self.centroids.shape))
        return Fitted(trainable_parameters=size, total_parameters=size, facts=facts)

    def predict(self, inputs: tuple[Input, ...]) -> Labels:
        """The label whose centroid is the likest, the first of several."""
        if not inputs:
            return Labels(np.zeros(0, dtype=np.int64))
        with self.setting.progress.step("evaluate", len(inputs), "examples") as step:
            likeness = (self.vectors.of(inputs) @ self.centroids.T).toarray()
            step.advance(len(inputs))
        labels = np.where(likeness.any(axis=1), likeness.argmax(axis=1), self.usual)
        return Labels(labels.astype(np.int64))
