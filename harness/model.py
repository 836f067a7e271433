"""The contract of a model family: fit on train and validation, predict from inputs alone.

A family is one file in `harness/models`; torch and transformers are imported inside its methods only, so
that a card can be checked without them.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from harness.device import Device
from registry.frozen import Frozen
from registry.progress import Progress


class NoRecipe(Frozen):
    """A family without anything to choose."""


class Pair(NamedTuple):
    """Two texts that are judged together."""

    text: str
    text_pair: str


Input = str | Pair
"""What a model sees of a row; all inputs of a run are of one kind, that of its task."""


@dataclass(frozen=True)
class Examples:
    """Labelled inputs. `labels[i]` is the index of the label of `texts[i]` in the card's label set."""

    texts: tuple[Input, ...]
    labels: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.texts)


@dataclass(frozen=True)
class Setting:
    """What a model may know besides data: the label set, the seed, the machine, where its weights lie."""

    labels: tuple[str, ...]
    seed: int
    device: Device
    progress: Progress
    weights: Path | None = None


@dataclass(frozen=True)
class Fitted:
    """What fitting cost and found. `facts` are plain JSON values for the record (steps, tokens, best epoch ...)."""

    trainable_parameters: int
    total_parameters: int
    facts: dict[str, Any] = field(default_factory=dict)


class Prediction(NamedTuple):
    """One row an input, in order: label indices (n,), and probabilities (n, labels) where the model has them."""

    labels: NDArray[np.int64]
    probabilities: NDArray[np.float32] | None


class Model(Protocol):
    """A family bound to a recipe and a setting; made anew for every run."""

    Recipe: ClassVar[type[Frozen]]
    version: ClassVar[int]
    """Changes when the same recipe gives other predictions."""
    uses_weights: ClassVar[bool]
    tasks: ClassVar[tuple[str, ...]]
    """Those whose inputs it can read."""
    needs_training_data: ClassVar[bool]
    """False for models that can be evaluated on a card without a train split."""

    def __init__(self, recipe: Any, setting: Setting) -> None: ...

    @staticmethod
    def unfit(labels: tuple[str, ...]) -> str | None:
        """Why this family makes no sense with a label set, told before anything runs; None where it does."""

    @staticmethod
    def uses_seed(recipe: Any) -> bool:
        """Whether another seed can give other predictions; where it cannot, one run stands for all seeds."""

    @staticmethod
    def resolve(recipe: Any, device: Device) -> dict[str, str | int | float | bool]:
        """Settings that the machine decides and that change results; part of a run's id.

        Precision, batch plan, compilation, versions of what learned nothing here but decides what is predicted.
        """

    def fit(self, train: Examples, validation: Examples) -> Fitted:
        """Learn. Both may be empty where `needs_training_data` is False. Selection may use validation only."""

    def predict(self, texts: tuple[Input, ...]) -> Prediction: ...
