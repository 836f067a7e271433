"""Whisper (Radford et al. 2022), a recogniser of many languages, as it was trained; nothing is learnt here.

Weights are a folder in CTranslate2's format, or a checkpoint in safetensors; both are `harness.training.whisper`.
Recordings longer than 30 seconds are heard window by window.
"""

from time import perf_counter
from typing import TYPE_CHECKING, ClassVar, cast

import numpy as np
from pydantic import Field

from harness.device import Device
from harness.examples import Clip, Examples, Input, Texts
from harness.model import Fitted, Model, Setting, Settled
from registry.errors import UserError
from registry.frozen import Frozen

if TYPE_CHECKING:
    from harness.training.whisper import Listener


class WhisperRecipe(Frozen):
    """How a transcript is looked for."""

    beams: int = Field(default=5, ge=1, le=20)
    """Transcripts that are followed at once; 1 takes the most probable word each time."""
    numerals: bool = False
    """Whether numbers may be written as digits. Where references have them in words, "7" is wrong."""


class Whisper(Model):
    """Speech to text, with capitals and punctuation."""

    Recipe: ClassVar[type[Frozen]] = WhisperRecipe
    version: ClassVar[int] = 1
    tasks: ClassVar[tuple[str, ...]] = ("speech-recognition",)
    uses_weights: ClassVar[bool] = True
    needs_training_data: ClassVar[bool] = False

    def __init__(self, recipe: WhisperRecipe, setting: Setting) -> None:
        super().__init__(recipe, setting)
        self.listener: Listener | None = None

    @staticmethod
    def resolve(recipe: WhisperRecipe, device: Device) -> Settled:  # noqa: ARG004
        return {"device": device.kind, "precision": "fp32"}

    def fit(self, train: Examples, validation: Examples) -> Fitted:  # noqa: ARG002
        """Load. UserError without weights or packages, or for a language that the network does not know."""
        from harness.training.machine import Machine
        from harness.training.whisper import Terms, load

        if self.setting.weights is None:
            raise UserError("whisper needs weights", do="Give the model card `weights:` with a package, path or hub.")
        language = self.setting.languages[0] if self.setting.languages else "en"
        terms = Terms(language, self.recipe.beams, self.recipe.numerals)
        self.listener = load(self.setting.weights, Machine(self.setting.device.kind, "fp32"), terms)
        return Fitted(trainable_parameters=0, total_parameters=self.listener.parameters)

    def predict(self, inputs: tuple[Input, ...]) -> Texts:
        """What is heard in each clip, and the seconds that it took."""
        from harness.training.whisper import transcript

        if self.listener is None:
            raise RuntimeError("predict was called before fit")
        texts, seconds = [], []
        with self.setting.progress.step("evaluate", len(inputs), "clips") as step:
            for clip in cast("tuple[Clip, ...]", inputs):
                begun = perf_counter()
                texts.append(transcript(self.listener, clip.audio))
                seconds.append(perf_counter() - begun)
                step.advance()
        return Texts(tuple(texts), np.array(seconds, dtype=np.float64))
