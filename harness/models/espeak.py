"""eSpeak NG, a formant synthesiser: the program `espeak-ng` where it is installed, called as a program of its own.

It is no dependency of this project and nothing of it is linked to. Owns how it is called, and what is said where it
is not there.
"""

import re
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from time import perf_counter
from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field

from harness.device import Device
from harness.examples import Examples, Input, Sounds
from harness.model import Fitted, Model, Setting, Settled
from harness.texts.sounds import Samples, wav
from registry.errors import UserError, clipped
from registry.frozen import Frozen, Text

PROGRAM = "espeak-ng"
VOICES = {"en": "en-us", "zh": "cmn"}
"""Languages whose voice is not called as the language is."""
PATIENCE = 120
"""Seconds for one text; it makes an hour of speech in that time."""
SILENCE: Samples = np.zeros(0, dtype=np.float32)
INSTALL = "Install espeak-ng: `apt-get install espeak-ng`, `dnf install espeak-ng` or `brew install espeak-ng`."


class EspeakRecipe(Frozen):
    """The voice and how fast it speaks."""

    voice: Annotated[Text, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_+-]*$", max_length=40)] | None = None
    """As `espeak-ng --voices` calls it, a variant after `+`: `en-gb+f3`. Without it, one of the card's language."""
    speed: int = Field(default=175, ge=80, le=450)
    """Words a minute, about."""


class Espeak(Model):
    """Text to speech: WAV files of 22,050 samples a second."""

    Recipe: ClassVar[type[Frozen]] = EspeakRecipe
    version: ClassVar[int] = 1
    tasks: ClassVar[tuple[str, ...]] = ("speech-synthesis",)
    needs_training_data: ClassVar[bool] = False

    def __init__(self, recipe: EspeakRecipe, setting: Setting) -> None:
        super().__init__(recipe, setting)
        language = setting.languages[0] if setting.languages else ""
        self.voice = recipe.voice or VOICES.get(language, language.lower())

    @staticmethod
    def lacks() -> str | None:
        """The program."""
        return None if shutil.which(PROGRAM) else f"{PROGRAM} is not installed here"

    @staticmethod
    def resolve(recipe: EspeakRecipe, device: Device) -> Settled:  # noqa: ARG004
        """What is said comes from the installed program, so its version decides."""
        return {PROGRAM: _version(shutil.which(PROGRAM))}

    def fit(self, train: Examples, validation: Examples) -> Fitted:  # noqa: ARG002
        """Look whether it is there. UserError where it is not, or where no voice speaks the language."""
        if not self.voice:
            raise UserError("the card names no language to speak", do="Give the card `languages:`, or a `voice:` here.")
        self._say("a")
        return Fitted(trainable_parameters=0, total_parameters=0, facts={"voice": self.voice})

    def predict(self, inputs: tuple[Input, ...]) -> Sounds:
        """A recording of each text, and the seconds that it took, with the start of the program."""
        made, seconds = [], []
        with self.setting.progress.step("evaluate", len(inputs), "texts") as step:
            for text in inputs:
                begun = perf_counter()
                made.append(self._say(str(text)))
                seconds.append(perf_counter() - begun)
                step.advance()
        return Sounds(tuple(made), np.array(seconds, dtype=np.float64))

    def _say(self, text: str) -> bytes:
        program = shutil.which(PROGRAM)
        if program is None:
            raise UserError(f"the program {PROGRAM} is not installed", do=f"{INSTALL} Then run the same command again.")
        with tempfile.TemporaryDirectory(prefix="cardbench-") as folder:
            out = Path(folder) / "said.wav"
            command = [program, "-v", self.voice, "-s", str(self.recipe.speed), "-b", "1", "-w", str(out), "--stdin"]
            _run(command, _plain(text))
            # Nothing is written for a text in which there is nothing to say.
            return out.read_bytes() if out.exists() else wav(SILENCE, 22_050)


def _plain(text: str) -> bytes:
    """Text that is read as it stands: `[[` would begin phonemes."""
    return text.replace("\0", " ").replace("[[", "[ [").encode("utf-8", "replace")


def _run(command: list[str], text: bytes) -> None:
    try:
        done = subprocess.run(command, input=text, capture_output=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        raise UserError(f"{PROGRAM} did not come to an end within {PATIENCE} seconds", where=_shown(text)) from None
    except OSError as error:
        raise UserError(f"{PROGRAM} cannot be started: {error.strerror or error}", do=INSTALL) from None
    if done.returncode:
        said = clipped(done.stderr.decode("utf-8", "replace").strip() or f"it ended with {done.returncode}")
        do = f"`{PROGRAM} --voices` lists its voices; name one in the model card: `recipe: {{voice: ...}}`."
        raise UserError(f"{PROGRAM} failed: {said}", where=_shown(text), do=do)


def _shown(text: bytes) -> str:
    return clipped(text.decode("utf-8", "replace"), 60)


@cache
def _version(program: str | None) -> str:
    """As the program tells it; "none" where it is not installed or does not tell."""
    if program is None:
        return "none"
    try:
        done = subprocess.run([program, "--version"], capture_output=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return "none"
    found = re.search(rb"\d+(\.\d+)+(-\w+)?", done.stdout)
    return found[0].decode() if found else "none"
