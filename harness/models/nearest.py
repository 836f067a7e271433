"""The answer that the most similar train text has: a translation memory, or a support desk that repeats itself.

Similar is the cosine of TF-IDF vectors. It says nothing new, so what a model has beyond it is what it has learnt.
"""

from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field, field_validator

from harness.examples import Examples, Input, Texts
from harness.methods.ngrams import Counting, Vectors, ordered, vectors_of
from harness.model import Fitted, Model, Setting
from registry.errors import UserError
from registry.frozen import Frozen

_AT_A_TIME = 256
"""Texts that are compared with all of the train split at once."""


class NearestRecipe(Frozen):
    """What is compared."""

    analyzer: Literal["auto", "word", "char"] = "auto"
    """`auto`: characters where most letters of the train texts are Han, Kana or Hangul, else words."""
    ngrams: tuple[int, int] = (1, 2)
    """Shortest and longest run of words or characters."""
    min_df: int = Field(default=1, ge=1)
    """Texts that an n-gram must be in to count."""

    _ordered = field_validator("ngrams")(ordered)


class Nearest(Model):
    """Of train texts that are equally near, the first; of those that share nothing with a text, the first, too."""

    Recipe: ClassVar[type[Frozen]] = NearestRecipe
    version: ClassVar[int] = 1
    tasks: ClassVar[tuple[str, ...]] = ("translation", "text-generation", "summarisation")

    def __init__(self, recipe: NearestRecipe, setting: Setting) -> None:
        super().__init__(recipe, setting)
        self.vectors: Any = None
        self.train: Any = None
        self.answers: tuple[str, ...] = ()

    def fit(self, train: Examples, validation: Examples) -> Fitted:  # noqa: ARG002
        """Keep the answers. UserError without training rows, or where no n-gram is left of their texts."""
        if not len(train):
            raise UserError("the nearest family needs training rows, and the train split has none")
        counting = Counting(self.recipe.analyzer, self.recipe.ngrams, self.recipe.min_df)
        found: Vectors = vectors_of(counting, train.inputs, "nearest")
        self.vectors, self.train = found, found.of(train.inputs)
        self.answers = train.told(Texts).texts
        facts = {"analyzer": found.analyzer, "features": int(self.train.shape[1])}
        return Fitted(trainable_parameters=0, total_parameters=0, facts=facts)

    def predict(self, inputs: tuple[Input, ...]) -> Texts:
        found = list[str]()
        with self.setting.progress.step("evaluate", len(inputs), "examples") as step:
            for first in range(0, len(inputs), _AT_A_TIME):
                batch = inputs[first : first + _AT_A_TIME]
                found += [self.answers[place] for place in self._nearest(batch)]
                step.advance(len(batch))
        return Texts(tuple(found))

    def _nearest(self, batch: tuple[Input, ...]) -> list[int]:
        similarity = (self.vectors.of(batch) @ self.train.T).toarray()
        return list(np.round(similarity, 12).argmax(axis=1))
