"""The same answer for every input, the best that the train split offers without a look at the texts."""

from typing import Any, ClassVar

import numpy as np

from harness.examples import Answers, Examples, Input, Labels, LabelSets, Numbers
from harness.model import Fitted, Model, NoRecipe, Setting
from registry.errors import UserError


class Majority(Model):
    """The most frequent label; of label sets each label that more than half of the rows have; of numbers the mean.

    Its probabilities are the shares of the labels in the train split.
    """

    version: ClassVar[int] = 1
    tasks: ClassVar[tuple[str, ...]] = (
        "text-classification", "text-pair", "multilabel-classification", "text-regression", "text-similarity",
    )  # fmt: skip

    def __init__(self, recipe: NoRecipe, setting: Setting) -> None:
        super().__init__(recipe, setting)
        self.answer: Any = None
        """As for one row."""

    def fit(self, train: Examples, validation: Examples) -> Fitted:  # noqa: ARG002
        """Count. UserError without training rows."""
        if not len(train):
            raise UserError("the majority family needs training rows, and the train split has none")
        answers = train.answers
        facts: dict[str, str | float] = {}
        if isinstance(answers, Numbers):
            self.answer = Numbers(np.array([answers.values.mean()]))
            facts = {"mean": float(answers.values.mean())}
        elif isinstance(answers, LabelSets):
            shares = answers.chosen.mean(axis=0).astype(np.float32)
            self.answer = LabelSets((shares > 0.5)[None], shares[None])
        else:
            counts = np.bincount(train.told(Labels).labels, minlength=len(self.setting.labels))
            label = int(counts.argmax())  # the first of several with the same count
            self.answer = Labels(np.array([label]), (counts / counts.sum()).astype(np.float32)[None])
            facts = {"label": self.setting.labels[label], "share": float(counts[label] / counts.sum())}
        return Fitted(trainable_parameters=0, total_parameters=0, facts=facts)

    def predict(self, inputs: tuple[Input, ...]) -> Answers:
        """The same answer for every input."""
        repeated = (None if part is None else np.repeat(part, len(inputs), axis=0) for part in self.answer)
        found: Answers = type(self.answer)(*repeated)
        return found
