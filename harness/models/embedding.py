"""A frozen encoder and the cosine of its vectors: search, similarity and pairs without any training of weights.

A collection is read once: its vectors are kept in the store, named by weights and texts. The weights are a local folder
that the harness resolved; safetensors only. Importing this module does not import torch.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from harness.device import Device
from harness.examples import Answers, Examples, Input, Labels, Numbers, Pair, Rankings
from harness.kept import kept
from harness.methods.searching import documents, queries, rankings
from harness.metric import FloatArray, IntArray
from harness.model import Fitted, Model, Setting, Settled
from harness.weights import TAKEN
from registry.digest import digest, known_digest
from registry.errors import UserError
from registry.frozen import Frozen

if TYPE_CHECKING:
    from harness.training.vectors import Embedder

FOLDER = "vectors"
"""In the setting's cache."""
Vectors = NDArray[np.float32]


class EmbeddingRecipe(Frozen):
    """How a text becomes a vector."""

    max_length: int = Field(default=256, ge=4)
    """Tokens a text may have; the rest is cut off."""
    pooling: Literal["mean", "cls"] = "mean"
    """The mean over a text's tokens, or its first token's: as the weights were trained."""
    precision: Literal["auto", "bf16", "fp32"] = "auto"
    """`auto` is bf16 where the hardware computes it fast."""


class Line(NamedTuple):
    """What a number is, given a cosine."""

    slope: float
    intercept: float


class Threshold(NamedTuple):
    """The label from a cosine of `least` on, and the one below."""

    least: float
    above: int
    below: int


class Embedding(Model):
    """Documents by falling cosine to the query; numbers as a straight line of the cosine; two labels by a threshold.

    The line (least squares) and the threshold (most right answers) are those of the train rows. Without train rows
    the cosine itself is the number.
    """

    Recipe: ClassVar[type[Frozen]] = EmbeddingRecipe
    version: ClassVar[int] = 1
    tasks: ClassVar[tuple[str, ...]] = ("retrieval", "text-similarity", "text-pair")
    uses_weights: ClassVar[bool] = True
    needs_training_data: ClassVar[bool] = False

    def __init__(self, recipe: EmbeddingRecipe, setting: Setting) -> None:
        super().__init__(recipe, setting)
        self.embedder: Embedder | None = None
        self.read: Any = None
        """What fitting found: Line, Threshold, or the vectors of the collection."""

    @staticmethod
    def unfit(labels: tuple[str, ...]) -> str | None:
        """One threshold parts two labels."""
        return f"a cosine tells two labels apart, not {len(labels)}" if len(labels) not in (0, 2) else None

    @staticmethod
    def resolve(recipe: EmbeddingRecipe, device: Device) -> Settled:
        return {"device": device.kind, "precision": device.precise(recipe.precision), "attention": "eager"}

    def fit(self, train: Examples, validation: Examples) -> Fitted:  # noqa: ARG002
        """Read the collection, or learn what a cosine means. UserError without usable weights, documents or rows."""
        from harness.training.machine import Machine
        from harness.training.vectors import embedder

        if self.setting.weights is None:
            raise UserError("embedding needs weights", do="Give the model card `weights:` with a package, path or hub.")
        recipe, device = self.recipe, self.setting.device
        machine = Machine(device.kind, device.precise(recipe.precision))
        self.embedder = embedder(self.setting.weights, recipe.max_length, recipe.pooling, machine)
        found = {"retrieval": self._collection, "text-similarity": self._line, "text-pair": self._threshold}
        self.read = found[self.setting.task](train)
        facts = {"documents": len(self.read)} if self.setting.task == "retrieval" else self.read._asdict()
        return Fitted(0, self.embedder.parameters, facts | machine.cost())

    def predict(self, inputs: tuple[Input, ...]) -> Answers:
        """Rankings, numbers or labels, in the order of `inputs`."""
        if self.setting.task == "retrieval":
            return self._ranked(inputs)
        cosines = self._cosines(inputs, "evaluate")
        if isinstance(self.read, Line):
            return Numbers(self.read.intercept + self.read.slope * cosines)
        return Labels(np.where(cosines >= self.read.least, self.read.above, self.read.below).astype(np.int64))

    def _collection(self, train: Examples) -> Vectors:  # noqa: ARG002 - one of several ways to learn
        known, folder = documents(self.setting), self.setting.cache

        def make() -> Vectors:
            return self._vectors(known.texts, "read the collection")

        return make() if folder is None else kept(folder / FOLDER, self._about(known.texts), make)

    def _line(self, train: Examples) -> Line:
        if not len(train):
            return Line(1.0, 0.0)
        cosines, values = self._cosines(train.inputs, "train"), train.told(Numbers).values
        away = cosines - cosines.mean()
        slope = float(away @ values / (away @ away)) if away.any() else 0.0
        return Line(slope, float(values.mean() - slope * cosines.mean()))

    def _threshold(self, train: Examples) -> Threshold:
        if not len(train):
            raise UserError("a threshold is learnt from train rows, and the train split has none")
        return best_threshold(self._cosines(train.inputs, "train"), train.told(Labels).labels)

    def _ranked(self, inputs: tuple[Input, ...]) -> Rankings:
        asked = queries(inputs)
        found = self._vectors(tuple(query.text for query in asked), "read the queries")
        # From 0 to 2, as a ranking takes what is above 0.
        scores = (1.0 + (self.read @ vector).astype(np.float64) for vector in found)
        return rankings(asked, documents(self.setting), scores, self.setting.progress)

    def _cosines(self, inputs: tuple[Input, ...], title: str) -> FloatArray:
        """(n,) of pairs. A text that is in several pairs is read once."""
        pairs = cast("tuple[Pair, ...]", inputs)
        texts = tuple(dict.fromkeys(text for pair in pairs for text in pair))
        place = {text: number for number, text in enumerate(texts)}
        found = self._vectors(texts, title)
        first, second = (found[[place[pair[side]] for pair in pairs]] for side in (0, 1))
        cosines: FloatArray = (first * second).sum(axis=1, dtype=np.float64)
        return cosines

    def _vectors(self, texts: tuple[str, ...], title: str) -> Vectors:
        if self.embedder is None:
            raise RuntimeError("predict was called before fit")
        with self.setting.progress.step(title, len(texts), "texts") as step:
            return self.embedder.vectors(texts, step)

    def _about(self, texts: tuple[str, ...]) -> dict[str, Any]:
        """Everything that vectors depend on."""
        weights = self.setting.weights or Path()
        files = sorted({file for pattern in TAKEN for file in weights.glob(pattern)})
        return {
            "vectors": self.version,
            "weights": {file.name: known_digest(file) for file in files},
            "max_length": self.recipe.max_length,
            "pooling": self.recipe.pooling,
            "machine": self.resolve(self.recipe, self.setting.device),
            "texts": digest(texts),
        }


def best_threshold(cosines: FloatArray, labels: IntArray) -> Threshold:
    """The cut between two cosines, and the side of each label, that make most of (n,) labels of 0 and 1 right.

    Of equally good ones the lowest cut, with label 1 above it.
    """
    order = np.argsort(cosines, kind="stable")
    values, gold = cosines[order], labels[order]
    cuts = np.concatenate([[0], np.flatnonzero(np.diff(values) > 0) + 1, [len(values)]])
    ones = np.concatenate([[0], np.cumsum(gold)])[cuts]
    right = cuts - ones + gold.sum() - ones  # zeros below and ones above
    above = 1 if right.max() >= len(gold) - right.min() else 0
    cut = int(cuts[right.argmax() if above else right.argmin()])
    edges = np.concatenate([[-2.0], (values[1:] + values[:-1]) / 2, [2.0]])  # no cosine is beyond these
    return Threshold(float(edges[cut]), above, 1 - above)
