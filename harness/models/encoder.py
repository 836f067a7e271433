"""A pretrained encoder and a classifier on top: all of it fine-tuned, or only the classifier fitted.

The weights are a local folder that the harness resolved (a package, a folder, a hub snapshot); safetensors
only. Importing this module does not import torch, so that cards are checked without it.
"""

from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple

import numpy as np
from pydantic import Field, model_validator

from harness.device import Device
from harness.examples import Examples, Input, Labels
from harness.model import Fitted, Model, Setting, Settled
from registry.errors import UserError
from registry.frozen import Frozen

if TYPE_CHECKING:
    from harness.training.load import Loaded
    from harness.training.loop import Labelled
    from harness.training.machine import Machine
    from harness.training.network import Classifier
    from harness.training.tokenize import Tokens

_ONLY_FULL = (
    "epochs",
    "learning_rate",
    "tokens_per_batch",
    "warmup_ratio",
    "weight_decay",
    "dropout",
    "patience",
)


class EncoderRecipe(Frozen):
    """How an encoder learns. Refuses a setting that the chosen method would ignore."""

    method: Literal["full", "probe"] = "full"
    """`full` trains every weight; `probe` computes vectors once and fits a linear classifier on them."""
    epochs: int = Field(default=3, ge=1)
    """The best epoch by validation accuracy is kept where there are several."""
    learning_rate: float = Field(default=1e-4, gt=0)
    """The highest one: it rises over the warm-up and falls to zero at the end."""
    tokens_per_batch: int = Field(default=1_024, ge=1)
    """A batch takes as many rows as fit, padding included, instead of a fixed number."""
    max_length: int = Field(default=256, ge=4)
    """Tokens a text may have; the rest is cut off, and how often that happened is recorded."""
    warmup_ratio: float = Field(default=0.1, ge=0, lt=1)
    weight_decay: float = Field(default=0.01, ge=0)
    dropout: float = Field(default=0.0, ge=0, lt=1)
    """Every dropout in the network and the one before the classifier; above 0, a step takes longer."""
    pooling: Literal["mean", "cls"] = "mean"
    """One vector a text: the mean over its tokens, or the first token's."""
    precision: Literal["auto", "bf16", "fp32"] = "auto"
    """`auto` is bf16 where the hardware computes it fast."""
    patience: int | None = Field(default=None, ge=1)
    """Stop after this many epochs without a better validation accuracy."""
    C: float = Field(default=0.01, gt=0)
    """Only for `probe`: a larger value allows larger weights (scikit-learn's C)."""

    @model_validator(mode="after")
    def _nothing_ignored(self) -> "EncoderRecipe":
        fields = type(self).model_fields
        for name in _ONLY_FULL if self.method == "probe" else ("C",):
            if getattr(self, name) != fields[name].default:
                raise ValueError(f"{name} has no effect with method: {self.method}")
        return self


class _Ready(NamedTuple):
    """What fitting leaves for predicting."""

    network: "Classifier"
    loaded: "Loaded"
    machine: "Machine"

    def tokens(self, texts: tuple[Input, ...], max_length: int) -> "Tokens":
        from harness.training.tokenize import tokenise

        loaded = self.loaded
        length = min(max_length, loaded.max_length)
        return tokenise(loaded.tokenizer, texts, length, types=loaded.tells_texts_apart)


class Encoder(Model):
    """Fine-tuned or probed transformer encoder."""

    Recipe: ClassVar[type[Frozen]] = EncoderRecipe
    version: ClassVar[int] = 1
    tasks: ClassVar[tuple[str, ...]] = ("text-classification", "text-pair")
    uses_weights: ClassVar[bool] = True

    def __init__(self, recipe: EncoderRecipe, setting: Setting) -> None:
        super().__init__(recipe, setting)
        self.ready: _Ready | None = None

    @staticmethod
    def uses_seed(recipe: EncoderRecipe) -> bool:
        # A probe starts at zero; only fine-tuning shuffles.
        return recipe.method == "full"

    @staticmethod
    def resolve(recipe: EncoderRecipe, device: Device) -> Settled:
        """Device, precision, attention kernel, and for `full` the batch plan."""
        settled: dict[str, str | int | float | bool] = {
            "device": device.kind,
            "precision": _precision(recipe, device),
            "attention": "eager",
        }
        return settled | ({"tokens_per_batch": recipe.tokens_per_batch} if recipe.method == "full" else {})

    def fit(self, train: Examples, validation: Examples) -> Fitted:
        """Learn from `train`. UserError without training rows or usable weights; TrainingDiverged."""
        from harness.training.machine import Machine

        if not len(train):
            raise UserError("an encoder needs training rows, and the train split has none")
        machine = Machine(self.setting.device.kind, _precision(self.recipe, self.setting.device))
        with machine.working(self.setting.seed):
            self.ready = ready = self._load(machine)
            learn, check = self._labelled(ready, train), self._labelled(ready, validation)
            facts = (self._probe if self.recipe.method == "probe" else self._fine_tune)(ready, learn, check)
            facts |= {"cut_texts": learn.tokens.cut_texts, **machine.cost()}
        sizes = [(weight.numel(), weight.requires_grad) for weight in ready.network.parameters()]
        learnt, total = sum(size for size, learns in sizes if learns), sum(size for size, _ in sizes)
        return Fitted(learnt, total, facts)

    def predict(self, inputs: tuple[Input, ...]) -> Labels:
        """Most probable labels and their softmax probabilities, in the order of `inputs`."""
        from harness.training.network import probabilities

        if self.ready is None:
            raise RuntimeError("predict was called before fit")
        network, _, machine = self.ready
        with machine.working(self.setting.seed):
            tokens = self.ready.tokens(inputs, self.recipe.max_length)
            with self.setting.progress.step("evaluate", len(inputs), "examples") as step:
                found = probabilities(network, tokens, machine, step)
        return Labels(found.argmax(axis=1).astype(np.int64), found)

    def _load(self, machine: "Machine") -> _Ready:
        from harness.training.load import load
        from harness.training.network import Classifier

        if self.setting.weights is None:
            raise UserError(
                "an encoder needs weights", do="Give the model card `weights:` with a package, path or hub."
            )
        loaded = load(self.setting.weights, self.recipe.dropout)
        labels = len(self.setting.labels)
        network = Classifier(loaded.backbone, labels, self.recipe.pooling, self.recipe.dropout)
        return _Ready(network.to(machine.kind), loaded, machine)

    def _labelled(self, ready: _Ready, examples: Examples) -> "Labelled":
        from harness.training.loop import Labelled

        return Labelled(ready.tokens(examples.inputs, self.recipe.max_length), examples.told(Labels).labels)

    def _fine_tune(self, ready: _Ready, train: "Labelled", validation: "Labelled") -> dict[str, Any]:
        from harness.training.loop import Plan, fine_tune

        recipe = self.recipe
        plan = Plan(
            epochs=recipe.epochs, learning_rate=recipe.learning_rate, warmup_ratio=recipe.warmup_ratio,
            weight_decay=recipe.weight_decay, tokens_per_batch=recipe.tokens_per_batch,
            patience=recipe.patience, seed=self.setting.seed,
        )  # fmt: skip
        return fine_tune(ready.network, train, validation, plan, ready.machine, self.setting.progress).facts()

    def _probe(self, ready: _Ready, train: "Labelled", validation: "Labelled") -> dict[str, Any]:
        from harness.training.probe import probe

        return probe(ready.network, train, validation, self.recipe.C, ready.machine, self.setting.progress)


def _precision(recipe: EncoderRecipe, device: Device) -> Literal["bf16", "fp32"]:
    return device.precision if recipe.precision == "auto" else recipe.precision
