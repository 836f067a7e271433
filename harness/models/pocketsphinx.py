"""PocketSphinx, a classical recogniser of American English: hidden Markov models and a language model of trigrams.

Learns nothing; its models come with its package. Each clip is heard by itself: what was heard before changes nothing.
"""

from time import perf_counter
from typing import Any, ClassVar, cast

import numpy as np
from pydantic import Field, model_validator

from harness.device import Device
from harness.examples import Clip, Examples, Input, Texts
from harness.extras import installed, lacking
from harness.model import Fitted, Model, Setting, Settled
from harness.texts.sounds import samples, whole
from registry.errors import UserError, plural
from registry.frozen import Frozen, Text

RATE = 16_000
"""Samples a second that its models expect."""
SILENCE = np.zeros(RATE // 5, dtype=np.float32)
"""Put before and after: its models expect silence around speech, and lose most words of a clip that is cut close."""


class PocketsphinxRecipe(Frozen):
    """Its own vocabulary of 134,000 words, or a closed one."""

    words: tuple[Text, ...] = ()
    """All words that can be said, such as the ten digits; without them anything can."""
    several: bool = Field(default=False)
    """Only with `words`: a clip may hold any number of them, not just one."""

    @model_validator(mode="after")
    def _nothing_ignored(self) -> "PocketsphinxRecipe":
        if self.several and not self.words:
            raise ValueError("several has no effect without words")
        return self


class Pocketsphinx(Model):
    """Speech to text, small letters without punctuation."""

    Recipe: ClassVar[type[Frozen]] = PocketsphinxRecipe
    version: ClassVar[int] = 1
    tasks: ClassVar[tuple[str, ...]] = ("speech-recognition",)
    needs_training_data: ClassVar[bool] = False

    def __init__(self, recipe: PocketsphinxRecipe, setting: Setting) -> None:
        super().__init__(recipe, setting)
        self.decoder: Any = None

    @staticmethod
    def lacks() -> str | None:
        """The package, which an extra brings."""
        there = installed("pocketsphinx") != "none"
        return None if there else 'PocketSphinx is not installed: `pip install "cardbench[speech]"` brings it'

    @staticmethod
    def resolve(recipe: PocketsphinxRecipe, device: Device) -> Settled:  # noqa: ARG004
        """Its models come with the installed package, so its version decides what is heard."""
        return {"pocketsphinx": installed("pocketsphinx")}

    def fit(self, train: Examples, validation: Examples) -> Fitted:  # noqa: ARG002
        """Load. UserError without the package, or for words that it cannot pronounce."""
        try:
            from pocketsphinx import Decoder
        except ImportError:
            raise lacking("pocketsphinx", "speech") from None
        words = self.recipe.words
        self.decoder = Decoder(loglevel="FATAL", **({"lm": None} if words else {}))
        if words:
            self._close(words)
        return Fitted(trainable_parameters=0, total_parameters=0, facts={"words": len(words)})

    def _close(self, words: tuple[str, ...]) -> None:
        """Listen for these words alone."""
        unknown = [word for word in words if self.decoder.lookup_word(word) is None]
        if unknown:
            what = f"PocketSphinx does not know how {plural(len(unknown), 'word')} sound: {', '.join(unknown[:10])}"
            do = "Write words as its dictionary of English does: small letters, numbers in words."
            raise UserError(what, do=do)
        said = [(0, 1, 1 / len(words), word) for word in words]
        again = [(1, 0, 0.5)] if self.recipe.several else []
        self.decoder.add_fsg("words", self.decoder.create_fsg("words", 0, 1, [*said, *again]))
        self.decoder.activate_search("words")

    def predict(self, inputs: tuple[Input, ...]) -> Texts:
        """What is heard in each clip, and the seconds that it took."""
        texts, seconds = [], []
        with self.setting.progress.step("evaluate", len(inputs), "clips") as step:
            for clip in cast("tuple[Clip, ...]", inputs):
                begun = perf_counter()
                texts.append(self._heard(clip.audio))
                seconds.append(perf_counter() - begun)
                step.advance()
        return Texts(tuple(texts), np.array(seconds, dtype=np.float64))

    def _heard(self, audio: bytes) -> str:
        if self.decoder is None:
            raise RuntimeError("predict was called before fit")
        sound = whole(np.concatenate([SILENCE, samples(audio, RATE), SILENCE]))
        self.decoder.start_utt()
        self.decoder.process_raw(sound.tobytes(), full_utt=True)
        self.decoder.end_utt()
        best = self.decoder.hyp()
        return best.hypstr if best else ""
