"""A pretrained model that reads one text and writes another: as it comes, or every weight fine-tuned.

The weights are a folder of safetensors. Importing this module does not import torch.
"""

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field, field_validator, model_validator

from harness.device import Device
from harness.examples import Answers, Examples, Input, References, Texts
from harness.generating.prompting import PLACE, Prompt, Prompter, prompter
from harness.generating.reading import Reader
from harness.model import Fitted, Model, Setting, Settled
from registry.errors import UserError
from registry.frozen import Frozen, Text

if TYPE_CHECKING:
    from harness.training.generate_load import Generative
    from harness.training.seq2seq import Both

_ONLY_FULL = ("epochs", "learning_rate", "tokens_per_batch", "warmup_ratio", "weight_decay", "patience")


class Seq2seqRecipe(Frozen):
    """How it is asked and how it learns. Refuses a setting that the chosen method would ignore."""

    template: Text = "{text}"
    """What the model reads of a row, such as `summarize: {text}`; it may name {question}, {source} and {target}."""
    method: Literal["none", "full"] = "none"
    """`none` writes with the weights as they come, `full` trains every one of them first."""
    epochs: int = Field(default=3, ge=1)
    """The epoch that finds the validation answers most probable is kept where there are several."""
    learning_rate: float = Field(default=1e-4, gt=0)
    """The highest one: it rises over the warm-up and falls to zero at the end."""
    tokens_per_batch: int = Field(default=1_024, ge=1)
    """What is read and what is written, padding included."""
    warmup_ratio: float = Field(default=0.1, ge=0, lt=1)
    weight_decay: float = Field(default=0.01, ge=0)
    patience: int | None = Field(default=None, ge=1)
    """Stop after this many epochs that made the validation answers no more probable."""
    max_length: int = Field(default=512, ge=4)
    """Tokens that are read of a row; the rest is cut off, and how often that happened is recorded."""
    max_new_tokens: int = Field(default=128, ge=1)
    """Tokens that are written, and learnt, of an answer."""
    beams: int = Field(default=1, ge=1, le=16)
    """Texts that are followed at the same time; 1 takes the most probable token each time."""
    precision: Literal["auto", "bf16", "fp32"] = "auto"
    """`auto` is bf16 where the hardware computes it fast."""

    @field_validator("template")
    @classmethod
    def _usable(cls, template: str) -> str:
        Prompt(item=template)
        if "labels" in PLACE.findall(template):
            raise ValueError("names {labels}; this family answers with texts of its own")
        return template

    @model_validator(mode="after")
    def _nothing_ignored(self) -> "Seq2seqRecipe":
        for name in _ONLY_FULL if self.method == "none" else ():
            if getattr(self, name) != type(self).model_fields[name].default:
                raise ValueError(f"{name} has no effect with method: none")
        return self


class Seq2seq(Model):
    """A sequence-to-sequence transformer."""

    Recipe: ClassVar[type[Frozen]] = Seq2seqRecipe
    version: ClassVar[int] = 1
    tasks: ClassVar[tuple[str, ...]] = ("summarisation", "translation", "text-generation", "question-answering")
    uses_weights: ClassVar[bool] = True
    needs_training_data: ClassVar[bool] = False

    def __init__(self, recipe: Seq2seqRecipe, setting: Setting) -> None:
        super().__init__(recipe, setting)
        self.ready: Generative | None = None
        self.prompter: Prompter = prompter(
            Prompt(instruction="", item=recipe.template), setting.task, setting.labels, setting.languages
        )
        self.facts: dict[str, Any] = {}

    @staticmethod
    def uses_seed(recipe: Seq2seqRecipe) -> bool:
        return recipe.method == "full"

    @staticmethod
    def resolve(recipe: Seq2seqRecipe, device: Device) -> Settled:
        return {"device": device.kind, "precision": device.precise(recipe.precision)}

    def fit(self, train: Examples, validation: Examples) -> Fitted:
        """Load the weights, and train them for `full`. UserError without weights or rows; TrainingDiverged."""
        from harness.training.generate_load import load
        from harness.training.machine import Machine

        recipe, setting = self.recipe, self.setting
        learns = recipe.method == "full"
        if setting.weights is None:
            raise UserError("a sequence-to-sequence model needs weights", do="Give the model card `weights:`.")
        if learns and not len(train):
            raise UserError("fine-tuning needs training rows, and the train split has none")
        machine = Machine(setting.device.kind, setting.device.precise(recipe.precision))
        with machine.working(setting.seed):
            self.ready = ready = load(setting.weights, "seq2seq", machine, to_learn=learns)
            facts = self._learn(ready, train, validation) if learns else {}
            facts |= machine.cost()
        return Fitted(ready.parameters if learns else 0, ready.parameters, facts)

    def predict(self, inputs: tuple[Input, ...]) -> Answers:
        """What the model writes of each row, in the order of `inputs`."""
        from harness.training.decoder_prompts import harmless
        from harness.training.seq2seq import write

        if self.ready is None:
            raise RuntimeError("predict was called before fit")
        recipe, setting, sources = self.recipe, self.setting, self._sources(harmless(self.ready.tokenizer, inputs))
        with self.ready.machine.working(setting.seed), setting.progress.step("write", len(inputs), "answers") as step:
            found = write(self.ready, sources, self._longest(), recipe.max_new_tokens, recipe.beams, step)
        self.facts = {"prompt_tokens": found.read, "generated_tokens": found.written, "cut_texts": found.cut}
        return Reader(setting.task, nothing=self.prompter.nothing).read(found.texts).answers

    def found(self) -> dict[str, Any]:
        """Tokens that were read and written, rows that were cut."""
        return self.facts

    def _learn(self, ready: "Generative", train: Examples, validation: Examples) -> dict[str, Any]:
        from harness.training.loop import Plan
        from harness.training.seq2seq import learn

        recipe = self.recipe
        plan = Plan(
            epochs=recipe.epochs, learning_rate=recipe.learning_rate, warmup_ratio=recipe.warmup_ratio,
            weight_decay=recipe.weight_decay, tokens_per_batch=recipe.tokens_per_batch,
            patience=recipe.patience, seed=self.setting.seed,
        )  # fmt: skip
        return learn(ready, self._both(ready, train), self._both(ready, validation), plan, self.setting.progress)

    def _both(self, ready: "Generative", examples: Examples) -> "Both":
        from harness.training.decoder_prompts import harmless_examples
        from harness.training.seq2seq import both

        examples = harmless_examples(ready.tokenizer, examples)
        targets = _targets(examples.answers, self.prompter.nothing)
        return both(ready, self._sources(examples.inputs), targets, self._longest(), self.recipe.max_new_tokens)

    def _sources(self, inputs: tuple[Input, ...]) -> list[str]:
        return [self.prompter.dialogue(row).plain() for row in inputs]

    def _longest(self) -> int:
        told = self.ready.longest if self.ready else None
        return min(self.recipe.max_length, told or self.recipe.max_length)


def _targets(answers: Answers, nothing: str) -> list[str]:
    """What is to be written; of several right answers the first, and of none what stands for that."""
    match answers:
        case Texts(texts):
            return list(texts)
        case References(texts):
            return [some[0] if some else nothing for some in texts]
    return []
