"""A pretrained decoder that is prompted, not trained: in its own words, or by how probable it finds each label.

Weights are a folder of safetensors or one GGUF file. Importing this module does not import torch.
"""

from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from harness.device import Device
from harness.examples import Answers, Examples, Input, Labels, Likelihoods
from harness.generating.prompting import INPUTS, LABELLED, Prompt, Prompter, prompter
from harness.generating.reading import Reader, usual_of
from harness.model import Fitted, Model, Setting, Settled
from registry.errors import UserError
from registry.frozen import Frozen

if TYPE_CHECKING:
    from harness.training.decoder_prompts import Encoder
    from harness.training.generate_load import Generative

MODELLING = "language-modelling"
LABEL_TOKENS = 32
"""Room that prompts leave for a label, where the network's own limit is near."""


class DecoderRecipe(Frozen):
    """How a decoder is asked."""

    prompt: Prompt = Prompt()
    shots: int = Field(default=0, ge=0, le=100)
    """Worked examples before each row, drawn from the train split by the seed; of labels, as many of each as can be."""
    chat: bool = True
    """Whether the tokenizer's chat template is used, where it has one."""
    answer: Literal["likelihood", "generate"] = "likelihood"
    """A label is the most probable one behind the prompt, or is read out of what the model writes."""
    length_normalised: bool = False
    """For `likelihood`: the mean over the tokens of a label instead of the sum, which favours short labels."""
    max_new_tokens: int = Field(default=128, ge=1)
    """Of an answer that the model writes."""
    temperature: float = Field(default=0.0, ge=0)
    """0 takes the most probable token; above, tokens are drawn by the seed."""
    max_length: int = Field(default=1_024, ge=16)
    """Tokens that a prompt may have; a longer row loses its end, and how often that happened is recorded. Of language
    modelling, tokens that are read at once."""
    stride: int = Field(default=512, ge=1)
    """Language modelling: tokens that a window of a longer text adds to the one before it."""
    precision: Literal["auto", "bf16", "fp32"] = "auto"
    """`auto` is bf16 where the hardware computes it fast."""


class Decoder(Model):
    """A prompted causal language model."""

    Recipe: ClassVar[type[Frozen]] = DecoderRecipe
    version: ClassVar[int] = 1
    tasks: ClassVar[tuple[str, ...]] = (*INPUTS, MODELLING)
    uses_weights: ClassVar[bool] = True
    needs_training_data: ClassVar[bool] = False

    def __init__(self, recipe: DecoderRecipe, setting: Setting) -> None:
        super().__init__(recipe, setting)
        self.ready: Generative | None = None
        self.prompter: Prompter | None = None
        self.usual: float | None = None
        self.facts: dict[str, Any] = {}

    @staticmethod
    def uses_seed(recipe: DecoderRecipe) -> bool:
        return recipe.shots > 0 or recipe.temperature > 0

    @staticmethod
    def resolve(recipe: DecoderRecipe, device: Device) -> Settled:
        return {"device": device.kind, "precision": device.precise(recipe.precision)}

    def fit(self, train: Examples, validation: Examples) -> Fitted:  # noqa: ARG002 - nothing is chosen
        """Load the weights and draw the worked examples. UserError where either cannot be had."""
        from harness.training.decoder_prompts import harmless_examples
        from harness.training.generate_load import load
        from harness.training.machine import Machine

        setting, recipe = self.setting, self.recipe
        if setting.weights is None:
            raise UserError("a decoder needs weights", do="Give the model card `weights:`.")
        if setting.task != MODELLING:
            blank = prompter(recipe.prompt, setting.task, setting.labels, setting.languages)
            self.prompter = blank
            self.usual = usual_of(train)
        machine = Machine(setting.device.kind, setting.device.precise(recipe.precision))
        with setting.progress.step("load weights"):
            self.ready = load(setting.weights, "decoder", machine)
        if self.prompter and recipe.shots:
            harmless = harmless_examples(self.ready.tokenizer, train)
            self.prompter = self.prompter.with_shots(harmless, recipe.shots, setting.seed)
        return Fitted(0, self.ready.parameters, {"chat": self._chats(), "shots": recipe.shots})

    def predict(self, inputs: tuple[Input, ...]) -> Answers:
        """Likelihoods, labels with probabilities, or what was read out of what the model wrote."""
        from harness.training.decoder_prompts import harmless

        if self.ready is None:
            raise RuntimeError("predict was called before fit")
        rows = harmless(self.ready.tokenizer, inputs)
        with self.ready.machine.working(self.setting.seed):
            if self.setting.task == MODELLING:
                found: Answers = self._surprise(rows)
            elif self.setting.task in LABELLED and self.recipe.answer == "likelihood":
                found = self._weighed(rows)
            else:
                found = self._written(rows)
            self.facts |= self.ready.machine.cost()
        return found

    def found(self) -> dict[str, Any]:
        """Tokens that were read and written, rows that were cut, answers that could not be read."""
        return self.facts

    def _surprise(self, rows: tuple[Input, ...]) -> Likelihoods:
        from harness.training.decoder import surprise

        ready, recipe = self._ready()
        tokens = [_begun(ready.tokenizer, str(row)) for row in rows]
        longest = min(recipe.max_length, ready.longest or recipe.max_length)
        self.facts = {"tokens": sum(map(len, tokens)) - len(tokens)}
        with self.setting.progress.step("read", len(rows), "texts") as step:
            return Likelihoods(surprise(ready, tokens, longest, min(recipe.stride, longest - 1), step))

    def _weighed(self, rows: tuple[Input, ...]) -> Labels:
        from harness.training.decoder import Decoder as Reading

        ready, _ = self._ready()
        encoder = self._encoder(LABEL_TOKENS)
        prompts = encoder.prompts(rows)
        choices = encoder.choices(prompts, encoder.prompter.labels)
        reading = Reading(ready, choices.prompts)
        with self.setting.progress.step("evaluate", len(rows), "examples") as step:
            weights = reading.continuations(choices.answers, step)
        if self.recipe.length_normalised:
            weights /= np.array([list(map(len, answers)) for answers in choices.answers]).reshape(weights.shape)
        self._count(choices.prompts, prompts.cut, reading.shared)
        return _labels(weights.reshape(len(rows), len(self.setting.labels)))

    def _written(self, rows: tuple[Input, ...]) -> Answers:
        from harness.training.decoder import Decoder as Reading

        ready, recipe = self._ready()
        encoder = self._encoder(recipe.max_new_tokens)
        reader = Reader(self.setting.task, encoder.prompter.labels, encoder.prompter.nothing, self.usual)
        prompts = encoder.prompts(rows)
        reading = Reading(ready, prompts.tokens)
        with self.setting.progress.step("write", len(rows), "answers") as step:
            stop = "" if encoder.chat else reader.stop
            written = reading.write(recipe.max_new_tokens, recipe.temperature, stop, step)
        answers, unreadable = reader.read(written.texts)
        self._count(prompts.tokens, prompts.cut, reading.shared)
        self.facts |= {"generated_tokens": written.tokens, "unreadable_answers": unreadable}
        return answers

    def _ready(self) -> "tuple[Generative, DecoderRecipe]":
        if self.ready is None:
            raise RuntimeError("predict was called before fit")
        return self.ready, self.recipe

    def _encoder(self, new_tokens: int) -> "Encoder":
        from harness.training.decoder_prompts import Encoder

        ready, recipe = self._ready()
        assert self.prompter is not None  # noqa: S101 - fit made it with `ready`
        room = (ready.longest or recipe.max_length + new_tokens) - new_tokens
        return Encoder(ready.tokenizer, self.prompter, min(recipe.max_length, room), self._chats())

    def _chats(self) -> bool:
        return bool(self.recipe.chat and self.ready and self.ready.tokenizer.chat_template)

    def _count(self, prompts: tuple[list[int], ...], cut: int, shared: int) -> None:
        self.facts = {"prompt_tokens": sum(map(len, prompts)), "shared_prompt_tokens": shared, "cut_texts": cut}


def _labels(weights: np.ndarray) -> Labels:
    """Logarithms of weights to labels, with weights that sum to 1."""
    shares = np.exp(weights - weights.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    return Labels(shares.argmax(axis=1).astype(np.int64), shares.astype(np.float32))


def _begun(tokenizer: Any, text: str) -> list[int]:
    """The tokens of a text behind the one that begins or, where there is none, ends texts."""
    begin = tokenizer.bos_token_id if tokenizer.bos_token_id is not None else tokenizer.eos_token_id
    return [0 if begin is None else begin, *tokenizer(text, add_special_tokens=False).input_ids]
