"""Texts to vectors of length 1 by a frozen encoder: the cosine of two texts is the product of their vectors."""

from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from harness.training.head import Reader
from harness.training.load import load
from harness.training.machine import Machine
from harness.training.network import features
from registry.progress import Step

Vectors = NDArray[np.float32]


class Embedder(NamedTuple):
    """An encoder that only reads."""

    backbone: Any
    reader: Reader
    pooling: Literal["mean", "cls"]
    machine: Machine

    @property
    def parameters(self) -> int:
        return sum(weight.numel() for weight in self.backbone.parameters())

    def vectors(self, texts: tuple[str, ...], step: Step) -> Vectors:
        """(n, hidden), in the order of `texts`."""
        tokens = self.reader.texts(texts)
        with self.machine.working(0):
            found = features(self.backbone, self.pooling, tokens, self.machine, step)
        return found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), np.finfo(np.float32).tiny)


def embedder(weights: Path, max_length: int, pooling: Literal["mean", "cls"], machine: Machine) -> Embedder:
    """The encoder in a folder. UserError where it cannot be used."""
    loaded = load(weights, 0.0)
    reader = Reader(loaded.tokenizer, min(max_length, loaded.max_length), loaded.tells_texts_apart)
    return Embedder(loaded.backbone.to(machine.kind), reader, pooling, machine)
