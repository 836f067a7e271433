"""A language model of the few bytes before each byte: what any other has to surprise less than.

The distribution is `harness.methods.kneser_ney`. It knows no words, so that every script and every misspelling has a
probability.
"""

from typing import ClassVar

from pydantic import Field

from harness.examples import Examples, Input, Likelihoods
from harness.methods.kneser_ney import LONGEST, Level, learnt, nats
from harness.model import Fitted, Model, Setting
from registry.errors import UserError
from registry.frozen import Frozen


class NgramLmRecipe(Frozen):
    """How far it looks back."""

    order: int = Field(default=6, ge=1, le=LONGEST)
    """Bytes of the longest n-gram; a Han character has three."""


class NgramLm(Model):
    """Learns by counting, from the train split alone."""

    Recipe: ClassVar[type[Frozen]] = NgramLmRecipe
    version: ClassVar[int] = 1
    tasks: ClassVar[tuple[str, ...]] = ("language-modelling",)

    def __init__(self, recipe: NgramLmRecipe, setting: Setting) -> None:
        super().__init__(recipe, setting)
        self.levels: tuple[Level, ...] = ()

    def fit(self, train: Examples, validation: Examples) -> Fitted:  # noqa: ARG002
        """Count. UserError without training rows."""
        if not len(train):
            raise UserError("the ngram_lm family needs training rows, and the train split has none")
        texts = tuple(map(str, train.inputs))
        with self.setting.progress.step("train", len(texts), "examples") as step:
            self.levels = learnt(texts, self.recipe.order)
            step.advance(len(texts))
        counted = sum(len(level.grams) for level in self.levels)
        facts = {"bytes": sum(len(text.encode()) for text in texts), "ngrams": counted}
        return Fitted(trainable_parameters=counted, total_parameters=counted, facts=facts)

    def predict(self, inputs: tuple[Input, ...]) -> Likelihoods:
        return Likelihoods(nats(tuple(map(str, inputs)), self.levels, self.recipe.order))
