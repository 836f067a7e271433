"""The contract of a model family: fit on train and validation, predict from inputs alone.

A family is one file in `harness/models`; torch and transformers are imported inside its methods only, so that a card
can be checked without them. What inputs and answers look like is `harness.examples`.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from harness.device import Device
from harness.examples import Answers, Collection, Examples, Input
from registry.frozen import Frozen
from registry.progress import Progress

Settled = dict[str, str | int | float | bool]


class NoRecipe(Frozen):
    """A family without anything to choose."""


@dataclass(frozen=True)
class Setting:
    """What a model may know besides examples: the question, the seed, the machine, where its weights lie."""

    task: str
    labels: tuple[str, ...]
    """The closed set of labels or tags, in the card's order; empty where answers are open."""
    languages: tuple[str, ...]
    """Of the card, in its order: a translation goes from the first to the second."""
    seed: int
    device: Device
    progress: Progress
    weights: Path | None = None
    project: Path = Path()
    """What paths in the model card are relative to."""
    collection: Collection | None = None
    """What is searched or recommended; None for tasks without."""
    cache: Path | None = None
    """A folder of the store for what is costly and the same for equal inputs; None where nothing may be kept."""
    offline: bool = False
    """Whether no socket may be opened."""
    references: Answers | None = None
    """The right answers of the rows that are to be predicted: only for a family that `reads_references`."""


@dataclass(frozen=True)
class Fitted:
    """What fitting cost and found. `facts` are plain JSON values for the record (steps, tokens, best epoch ...)."""

    trainable_parameters: int
    total_parameters: int
    facts: dict[str, Any] = field(default_factory=dict)


class Model:
    """A family bound to a recipe and a setting; made anew for every run. One class a file extends it."""

    Recipe: ClassVar[type[Frozen]] = NoRecipe
    version: ClassVar[int]
    """Changes when the same recipe gives other predictions."""
    tasks: ClassVar[tuple[str, ...]]
    """Those whose inputs it can read and whose answers it can give."""
    uses_weights: ClassVar[bool] = False
    needs_training_data: ClassVar[bool] = True
    """False for models that can be evaluated on a card without a train split."""
    runs_code: ClassVar[bool] = False
    """Whether it starts a program that a card names: it then runs with `--allow-code` only."""
    reads_references: ClassVar[bool] = False
    """Whether it sees the right answers: an upper bound to compare with, on no board a model."""

    def __init__(self, recipe: Any, setting: Setting) -> None:
        self.recipe, self.setting = recipe, setting

    @staticmethod
    def unfit(labels: tuple[str, ...]) -> str | None:  # noqa: ARG004 - most families take any label set
        """Why this family makes no sense with a label set, told before anything runs; None where it does."""
        return None

    @staticmethod
    def lacks() -> str | None:
        """What this machine lacks for the family, a program or an optional package; None where all is there."""
        return None

    @staticmethod
    def uses_seed(recipe: Any) -> bool:  # noqa: ARG004 - most families draw nothing
        """Whether another seed can give other predictions; where it cannot, one run stands for all seeds."""
        return False

    @staticmethod
    def resolve(recipe: Any, device: Device) -> Settled:  # noqa: ARG004 - most families leave nothing to the machine
        """Settings that the machine decides and that change results; part of a run's id.

        Precision, batch plan, compilation, versions of what learned nothing here but decides what is predicted.
        """
        return {}

    @staticmethod
    def program(recipe: Any) -> str:  # noqa: ARG004 - most families start none
        """The program that a family which `runs_code` starts, as one line for people; empty for none."""
        return ""

    @staticmethod
    def files(recipe: Any, project: Path) -> dict[str, str]:  # noqa: ARG004 - most recipes name none
        """The sha256 of each file of the project that the recipe names; part of a run's id."""
        return {}

    def fit(self, train: Examples, validation: Examples) -> Fitted:  # noqa: ARG002 - the contract
        """Learn. Both may be empty where `needs_training_data` is False. Selection may use validation only."""
        raise AttributeError(f"{type(self).__name__} lacks fit")

    def predict(self, inputs: tuple[Input, ...]) -> Answers:  # noqa: ARG002 - the contract
        """An answer for every input, in order, of the kind that the task asks for."""
        raise AttributeError(f"{type(self).__name__} lacks predict")

    def found(self) -> dict[str, Any]:
        """What predicting cost and found, asked for after it: plain JSON values beside those of `Fitted.facts`."""
        return {}
