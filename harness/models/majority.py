"""The most frequent label of the train split, for every text: what any model has to beat."""

from typing import ClassVar

import numpy as np

from harness.device import Device
from harness.model import Examples, Fitted, Input, NoRecipe, Prediction, Setting
from registry.errors import UserError
from registry.frozen import Frozen


class Majority:
    """Predicts one label; its probabilities are the label frequencies of the train split."""

    Recipe: ClassVar[type[Frozen]] = NoRecipe
    version: ClassVar[int] = 1
    tasks: ClassVar[tuple[str, ...]] = ("text-classification", "text-pair")
    uses_weights: ClassVar[bool] = False
    needs_training_data: ClassVar[bool] = True

    def __init__(self, recipe: NoRecipe, setting: Setting) -> None:  # noqa: ARG002
        self.setting = setting
        self.frequencies = np.zeros(len(setting.labels), dtype=np.float32)

    @staticmethod
    def unfit(labels: tuple[str, ...]) -> str | None:  # noqa: ARG004
        """Any label set will do."""
        return None

    @staticmethod
    def uses_seed(recipe: NoRecipe) -> bool:  # noqa: ARG004
        return False

    @staticmethod
    def resolve(recipe: NoRecipe, device: Device) -> dict[str, str | int | float | bool]:  # noqa: ARG004
        """Nothing here depends on the machine."""
        return {}

    def fit(self, train: Examples, validation: Examples) -> Fitted:  # noqa: ARG002
        """Count labels. UserError without training rows."""
        if not len(train):
            raise UserError("the majority family needs training rows, and the train split has none")
        counts = np.bincount(train.labels, minlength=len(self.setting.labels))
        self.frequencies = (counts / counts.sum()).astype(np.float32)
        label = int(counts.argmax())  # the first of several with the same count
        facts = {"label": self.setting.labels[label], "share": float(counts[label] / counts.sum())}
        return Fitted(trainable_parameters=0, total_parameters=0, facts=facts)

    def predict(self, texts: tuple[Input, ...]) -> Prediction:
        """The same answer for every text."""
        labels = np.full(len(texts), self.frequencies.argmax(), dtype=np.int64)
        return Prediction(labels, np.tile(self.frequencies, (len(texts), 1)))
