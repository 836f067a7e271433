"""A number for each text or pair of texts: least squares on standardised numbers."""

from typing import Any, ClassVar

import numpy as np
import torch

from harness.examples import Examples, Input, Numbers
from harness.training.head import Labelled, Read, Reader, Scores


class NumbersHead:
    """One score; it counts standard deviations from the mean of the train rows, whatever the unit of the numbers."""

    measure: ClassVar[str] = "negative_rmse"
    each_token: ClassVar[bool] = False
    width = 1

    def __init__(self, reader: Reader) -> None:
        self.reader, self.mean, self.spread = reader, 0.0, 1.0

    def read(self, inputs: tuple[Input, ...]) -> Read:
        return Read(self.reader.texts(inputs))

    def learn(self, train: Examples) -> Labelled:
        values = train.told(Numbers).values
        self.mean, self.spread = float(values.mean()), float(values.std()) or 1.0
        standard = ((values - self.mean) / self.spread).astype(np.float32)
        return Labelled(self.read(train.inputs).tokens, standard[:, None])

    def loss(self, scores: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.mse_loss(scores, targets.to(scores))

    def answers(self, scores: Scores, read: Read) -> Numbers:  # noqa: ARG002 - the contract's signature
        return Numbers(scores[:, 0].astype(np.float64) * self.spread + self.mean)

    def quality(self, found: Any, told: Any) -> float:
        """Minus the root of the mean squared error, in the unit of the numbers."""
        return -float(np.sqrt(np.square(found.values - told.values).mean()))
