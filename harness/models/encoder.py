"""A pretrained encoder with a linear layer on top: all of it fine-tuned, or only that layer fitted.

What that layer learns follows from the answers of the task: labels, sets of labels, numbers, tags of words, spans of a
passage (`harness/training/heads`). The weights are a local folder that the harness resolved (a package, a folder, a hub
snapshot); safetensors only. Importing this module does not import torch, so that cards are checked without it.
"""

from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple

from pydantic import Field, model_validator

from harness.device import Device
from harness.examples import Answers, Examples, Input, Labels, LabelSets, Numbers, References, Tags
from harness.model import Fitted, Model, Setting, Settled
from registry.errors import UserError
from registry.frozen import Frozen
from registry.progress import Step

if TYPE_CHECKING:
    from harness.training.head import Head, Labelled, Read, Reader
    from harness.training.loop import Validation
    from harness.training.machine import Machine
    from harness.training.network import Network

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
    """`full` trains every weight; `probe` computes vectors of texts once and fits a linear layer on them."""
    epochs: int = Field(default=3, ge=1)
    """The best epoch on the validation rows is kept where there are several."""
    learning_rate: float = Field(default=1e-4, gt=0)
    """The highest one: it rises over the warm-up and falls to zero at the end."""
    tokens_per_batch: int = Field(default=1_024, ge=1)
    """A batch takes as many rows as fit, padding included, instead of a fixed number."""
    max_length: int = Field(default=256, ge=4)
    """Tokens a text may have; the rest is cut off, and how often that happened is recorded. Of a passage that answers
    questions nothing is lost: it is read in windows of this length."""
    warmup_ratio: float = Field(default=0.1, ge=0, lt=1)
    weight_decay: float = Field(default=0.01, ge=0)
    dropout: float = Field(default=0.0, ge=0, lt=1)
    """Every dropout in the network and the one before the linear layer; above 0, a step takes longer."""
    pooling: Literal["mean", "cls"] = "mean"
    """One vector a text: the mean over its tokens, or the first token's. Tags and spans read each token instead."""
    precision: Literal["auto", "bf16", "fp32"] = "auto"
    """`auto` is bf16 where the hardware computes it fast."""
    patience: int | None = Field(default=None, ge=1)
    """Stop after this many epochs that were no better on the validation rows."""
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

    network: "Network"
    head: "Head"
    machine: "Machine"

    def answers(self, read: "Read", step: Step) -> Answers:
        from harness.training.network import scores

        return self.head.answers(scores(self.network, read.tokens, self.machine, step), read)

    def validation(self, examples: Examples) -> "Validation":
        from harness.training.loop import Validation

        read = self.head.read(examples.inputs)

        def measure(step: Step) -> float:
            return self.head.quality(self.answers(read, step), examples.answers)

        return Validation(len(read.tokens), measure)


class Encoder(Model):
    """Fine-tuned or probed transformer encoder."""

    Recipe: ClassVar[type[Frozen]] = EncoderRecipe
    version: ClassVar[int] = 1
    tasks: ClassVar[tuple[str, ...]] = (
        "text-classification",
        "text-pair",
        "multilabel-classification",
        "text-regression",
        "text-similarity",
        "token-classification",
        "question-answering",
    )
    uses_weights: ClassVar[bool] = True

    def __init__(self, recipe: EncoderRecipe, setting: Setting) -> None:
        super().__init__(recipe, setting)
        self.ready: _Ready | None = None
        self.cut: dict[str, int] = {}
        """What was lost of the inputs that were predicted."""

    @staticmethod
    def uses_seed(recipe: EncoderRecipe) -> bool:
        # A probe starts at zero; only fine-tuning shuffles.
        return recipe.method == "full"

    @staticmethod
    def resolve(recipe: EncoderRecipe, device: Device) -> Settled:
        """Device, precision, attention kernel, and for `full` the batch plan."""
        settled: dict[str, str | int | float | bool] = {
            "device": device.kind,
            "precision": device.precise(recipe.precision),
            "attention": "eager",
        }
        return settled | ({"tokens_per_batch": recipe.tokens_per_batch} if recipe.method == "full" else {})

    def fit(self, train: Examples, validation: Examples) -> Fitted:
        """Learn from `train`. UserError without training rows or usable weights; TrainingDiverged."""
        from harness.training.machine import Machine

        if not len(train):
            raise UserError("an encoder needs training rows, and the train split has none")
        machine = Machine(self.setting.device.kind, self.setting.device.precise(self.recipe.precision))
        with machine.working(self.setting.seed):
            self.ready = ready = self._load(machine, train.answers)
            learn, check = ready.head.learn(train), ready.validation(validation)
            facts = (self._probe if self.recipe.method == "probe" else self._fine_tune)(ready, learn, check)
            facts |= {"cut_texts": learn.tokens.cut_texts, **learn.facts, **machine.cost()}
        sizes = [(weight.numel(), weight.requires_grad) for weight in ready.network.parameters()]
        learnt, total = sum(size for size, learns in sizes if learns), sum(size for size, _ in sizes)
        return Fitted(learnt, total, facts)

    def predict(self, inputs: tuple[Input, ...]) -> Answers:
        """Answers in the order of `inputs`; labels come with their probabilities."""
        if self.ready is None:
            raise RuntimeError("predict was called before fit")
        with self.ready.machine.working(self.setting.seed):
            read = self.ready.head.read(inputs)
            self.cut = {"cut_texts": read.tokens.cut_texts, **read.facts}
            with self.setting.progress.step("evaluate", len(read.tokens), "examples") as step:
                return self.ready.answers(read, step)

    def found(self) -> dict[str, Any]:
        return {f"predicted_{name}": count for name, count in self.cut.items()}

    def _load(self, machine: "Machine", answers: Answers) -> _Ready:
        from harness.training.head import Reader
        from harness.training.load import load
        from harness.training.network import Network, Reading

        if self.setting.weights is None:
            raise UserError(
                "an encoder needs weights", do="Give the model card `weights:` with a package, path or hub."
            )
        loaded = load(self.setting.weights, self.recipe.dropout)
        reader = Reader(loaded.tokenizer, min(self.recipe.max_length, loaded.max_length), loaded.tells_texts_apart)
        head = _head(answers, reader, len(self.setting.labels))
        if head.each_token and self.recipe.method == "probe":
            raise UserError(f"a probe reads one vector a text; {self.setting.task} needs `method: full`")
        reading: Reading = "tokens" if head.each_token else self.recipe.pooling
        network = Network(loaded.backbone, head.width, reading, self.recipe.dropout)
        return _Ready(network.to(machine.kind), head, machine)

    def _fine_tune(self, ready: _Ready, train: "Labelled", validation: "Validation") -> dict[str, Any]:
        from harness.training.loop import Plan, fine_tune

        recipe, head = self.recipe, ready.head
        plan = Plan(
            epochs=recipe.epochs, learning_rate=recipe.learning_rate, warmup_ratio=recipe.warmup_ratio,
            weight_decay=recipe.weight_decay, tokens_per_batch=recipe.tokens_per_batch,
            patience=recipe.patience, seed=self.setting.seed,
        )  # fmt: skip
        found = fine_tune(ready.network, head, train, validation, plan, ready.machine, self.setting.progress)
        return found.facts(head.measure)

    def _probe(self, ready: _Ready, train: "Labelled", validation: "Validation") -> dict[str, Any]:
        from harness.training.probe import probe

        strength, progress = self.recipe.C, self.setting.progress
        return probe(ready.network, ready.head, train, validation, strength, ready.machine, progress)


def _head(answers: Answers, reader: "Reader", labels: int) -> "Head":
    """What learns this kind of answers. TypeError for a kind that none learns."""
    from harness.training.heads.labels import LabelsHead
    from harness.training.heads.numbers import NumbersHead
    from harness.training.heads.sets import SetsHead
    from harness.training.heads.spans import SpansHead
    from harness.training.heads.tags import TagsHead

    match answers:
        case Labels():
            return LabelsHead(reader, labels)
        case LabelSets():
            return SetsHead(reader, labels)
        case Numbers():
            return NumbersHead(reader)
        case Tags():
            return TagsHead(reader, labels)
        case References():
            return SpansHead(reader)
    raise TypeError(f"an encoder does not learn {type(answers).__name__}")
