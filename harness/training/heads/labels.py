"""One label a text: softmax, cross-entropy, accuracy."""

from typing import Any, ClassVar

import numpy as np
import torch

from harness.examples import Examples, Input, Labels
from harness.training.head import Labelled, Read, Reader, Scores


class LabelsHead:
    """A score for each label; the most probable one is the answer."""

    measure: ClassVar[str] = "accuracy"
    each_token: ClassVar[bool] = False

    def __init__(self, reader: Reader, labels: int) -> None:
        self.reader, self.width = reader, labels

    def read(self, inputs: tuple[Input, ...]) -> Read:
        return Read(self.reader.texts(inputs))

    def learn(self, train: Examples) -> Labelled:
        return Labelled(self.read(train.inputs).tokens, train.told(Labels).labels)

    def loss(self, scores: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.cross_entropy(scores, targets)

    def answers(self, scores: Scores, read: Read) -> Labels:  # noqa: ARG002 - the contract's signature
        probabilities = torch.from_numpy(scores).softmax(dim=1).numpy()
        return Labels(probabilities.argmax(axis=1).astype(np.int64), probabilities)

    def quality(self, found: Any, told: Any) -> float:
        return float((found.labels == told.labels).mean())
