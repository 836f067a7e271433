"""The most frequent label of the train split, for every text: what any model has to beat."""

from typing import ClassVar

import numpy as np

from harness.examples import Examples, Input, Labels
from harness.model import Fitted, Model, NoRecipe, Setting
from registry.errors import UserError


class Majority(Model):
    """Predicts one label; its probabilities are the label frequencies of the train split."""

    version: ClassVar[int] = 1
    tasks: ClassVar[tuple[str, ...]] = ("text-classification", "text-pair")

    def __init__(self, recipe: NoRecipe, setting: Setting) -> None:
        super().__init__(recipe, setting)
        self.frequencies = np.zeros(len(setting.labels), dtype=np.float32)

    def fit(self, train: Examples, validation: Examples) -> Fitted:  # noqa: ARG002
        """Count labels. UserError without training rows."""
        if not len(train):
            raise UserError("the majority family needs training rows, and the train split has none")
        counts = np.bincount(train.told(Labels).labels, minlength=len(self.setting.labels))
        self.frequencies = (counts / counts.sum()).astype(np.float32)
        label = int(counts.argmax())  # the first of several with the same count
        facts = {"label": self.setting.labels[label], "share": float(counts[label] / counts.sum())}
        return Fitted(trainable_parameters=0, total_parameters=0, facts=facts)

    def predict(self, inputs: tuple[Input, ...]) -> Labels:
        """The same answer for every text."""
        labels = np.full(len(inputs), self.frequencies.argmax(), dtype=np.int64)
        return Labels(labels, np.tile(self.frequencies, (len(inputs), 1)))
