"""Any number of labels a text: each one yes or no by itself; micro F1 of the yes."""

from typing import Any, ClassVar

import numpy as np
import torch

from harness.examples import Examples, Input, LabelSets
from harness.training.head import Labelled, Read, Reader, Scores


class SetsHead:
    """A score for each label; those above one half after the sigmoid are the answer, which may be none."""

    measure: ClassVar[str] = "micro_f1"
    each_token: ClassVar[bool] = False

    def __init__(self, reader: Reader, labels: int) -> None:
        self.reader, self.width = reader, labels

    def read(self, inputs: tuple[Input, ...]) -> Read:
        return Read(self.reader.texts(inputs))

    def learn(self, train: Examples) -> Labelled:
        return Labelled(self.read(train.inputs).tokens, train.told(LabelSets).chosen.astype(np.float32))

    def loss(self, scores: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """Summed over the labels, as that of a logistic regression for each."""
        total = torch.nn.functional.binary_cross_entropy_with_logits(scores, targets.to(scores), reduction="sum")
        return total / len(scores)

    def answers(self, scores: Scores, read: Read) -> LabelSets:  # noqa: ARG002 - the contract's signature
        probabilities = torch.from_numpy(scores).sigmoid().numpy()
        return LabelSets(probabilities > 0.5, probabilities)

    def quality(self, found: Any, told: Any) -> float:
        """2 right / (found + told); 1 where there are no labels on either side."""
        both, either = (found.chosen & told.chosen).sum(), found.chosen.sum() + told.chosen.sum()
        return float(2 * both / either) if either else 1.0
