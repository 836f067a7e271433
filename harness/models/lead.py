"""The first sentences of a text as its summary: for news and abstracts hard to beat."""

from typing import ClassVar

from pydantic import Field

from harness.examples import Examples, Input, Texts
from harness.model import Fitted, Model
from harness.texts.sentences import joined, sentences
from registry.frozen import Frozen


class LeadRecipe(Frozen):
    """How much is taken."""

    sentences: int = Field(default=3, ge=1)


class Lead(Model):
    """Learns nothing."""

    Recipe: ClassVar[type[Frozen]] = LeadRecipe
    version: ClassVar[int] = 1
    tasks: ClassVar[tuple[str, ...]] = ("summarisation",)
    needs_training_data: ClassVar[bool] = False

    def fit(self, train: Examples, validation: Examples) -> Fitted:  # noqa: ARG002
        return Fitted(trainable_parameters=0, total_parameters=0)

    def predict(self, inputs: tuple[Input, ...]) -> Texts:
        """All of a text that has fewer sentences."""
        texts = map(str, inputs)
        return Texts(tuple(joined(text, sentences(text)[: self.recipe.sentences]) for text in texts))
