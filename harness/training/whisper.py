"""Whisper networks: a folder that CTranslate2 converted (`model.bin`), or a checkpoint in safetensors.

Both are asked for the same: a transcript without time marks of one window of sound. Runs no code from the folder and
opens no socket. CTranslate2's own format holds numbers only; its networks run on the CPU in fp32.
"""

import math
import struct
from pathlib import Path
from typing import IO, Any, NamedTuple, Protocol

from harness.extras import lacking
from harness.texts.sounds import Samples, samples
from harness.training.load import LOCAL, check, check_fit, loading
from harness.training.machine import Machine, quiet
from registry.errors import UserError

RATE = 16_000
WINDOW = 30 * RATE
"""Samples that the network hears at once."""
CONVERTED = "model.bin"
NUMERALS = "0123456789%$£"
"""What tokens of numbers that are not written out hold, and of signs that are read as words."""


class Terms(NamedTuple):
    """How a transcript is looked for: `language` as ISO 639 writes it, for networks that know several."""

    language: str
    beams: int = 5
    numerals: bool = False


class Listener(Protocol):
    """A network that is ready to hear."""

    @property
    def parameters(self) -> int: ...

    def hear(self, window: Samples) -> str:
        """What is said in at most 30 seconds."""


def load(folder: Path, machine: Machine, terms: Terms) -> Listener:
    """The network in `folder`. UserError where it cannot be used, or does not know the language."""
    return _Converted(folder, terms) if (folder / CONVERTED).is_file() else _Checkpoint(folder, machine, terms)


def transcript(listener: Listener, audio: bytes) -> str:
    """What is said in a WAV file of any length, window by window; "" where it is empty."""
    sound = samples(audio, RATE)
    windows = [sound[start : start + WINDOW] for start in range(0, len(sound), WINDOW)]
    return " ".join(listener.hear(window).strip() for window in windows)


class _Converted:
    """Through CTranslate2."""

    def __init__(self, folder: Path, terms: Terms) -> None:
        try:
            from ctranslate2.models import Whisper
        except ImportError:
            raise lacking("ctranslate2", "speech") from None
        from tokenizers import Tokenizer
        from transformers import WhisperFeatureExtractor

        with loading(folder):
            self.parameters = _numbers_in(folder / CONVERTED)
            self._tokenizer = Tokenizer.from_str((folder / "tokenizer.json").read_text(encoding="utf-8"))
            self._model = Whisper(str(folder), device="cpu", compute_type="float32")
        self._features = WhisperFeatureExtractor(feature_size=self._model.n_mels)
        self._beams = terms.beams
        vocabulary = self._tokenizer.get_vocab()
        several = [_language(terms, vocabulary), "<|transcribe|>"] if self._model.is_multilingual else []
        self._prompt = ["<|startoftranscript|>", *several, "<|notimestamps|>"]
        self._silent = [-1, *([] if terms.numerals else _numerals(vocabulary))]

    def hear(self, window: Samples) -> str:
        from ctranslate2 import StorageView

        features = self._features(window, sampling_rate=RATE, return_tensors="np").input_features
        (found,) = self._model.generate(
            StorageView.from_array(features), [self._prompt], beam_size=self._beams, suppress_tokens=self._silent
        )
        return str(self._tokenizer.decode(found.sequences_ids[0], skip_special_tokens=True))


class _Checkpoint:
    """Through transformers."""

    def __init__(self, folder: Path, machine: Machine, terms: Terms) -> None:
        import transformers

        check(folder)
        with loading(folder):
            self._tokenizer = transformers.AutoTokenizer.from_pretrained(folder, **LOCAL)
            self._features = transformers.WhisperFeatureExtractor.from_pretrained(folder, **LOCAL)
            network, report = transformers.AutoModelForSpeechSeq2Seq.from_pretrained(
                folder, **LOCAL, use_safetensors=True, dtype="float32", output_loading_info=True
            )
        if network.config.model_type != "whisper":
            raise UserError(f"holds a {network.config.model_type}, not a Whisper network", where=str(folder))
        check_fit(folder, network, self._tokenizer, report)
        self._network, self._machine = network.to(machine.kind).eval(), machine
        self.parameters = sum(weight.numel() for weight in network.parameters())
        self._asked = self._asking(terms)

    def _asking(self, terms: Terms) -> dict[str, Any]:
        usual = self._network.generation_config
        vocabulary = self._tokenizer.get_vocab()
        silent = [] if terms.numerals else _numerals(vocabulary)
        asked: dict[str, Any] = {"num_beams": terms.beams, "do_sample": False, "return_timestamps": False}
        if silent:
            asked["suppress_tokens"] = sorted({*(usual.suppress_tokens or []), *silent})
        if getattr(usual, "is_multilingual", False):
            asked |= {"language": _language(terms, vocabulary), "task": "transcribe"}
        return asked

    def hear(self, window: Samples) -> str:
        import torch

        heard = self._features(window, sampling_rate=RATE, return_tensors="pt", return_attention_mask=True)
        with torch.inference_mode(), quiet():
            found = self._network.generate(**heard.to(self._machine.kind), **self._asked)
        return str(self._tokenizer.decode(found[0], skip_special_tokens=True))


def _language(terms: Terms, vocabulary: dict[str, int]) -> str:
    token = f"<|{terms.language.partition('-')[0].lower()}|>"
    if token not in vocabulary:
        raise UserError(f'this network does not know the language "{terms.language}"')
    return token


def _numerals(vocabulary: dict[str, int]) -> list[int]:
    words = ((token, place) for token, place in vocabulary.items() if not token.startswith("<|"))
    return sorted(place for token, place in words if set(token) & set(NUMERALS))


def _numbers_in(file: Path) -> int:
    """How many numbers the tensors of a converted network hold, read from the lists of their shapes."""
    with file.open("rb") as opened:
        _unpacked(opened, "<I")
        _skip_name(opened)
        _, tensors = _unpacked(opened, "<II")
        total = 0
        for _ in range(tensors):
            _skip_name(opened)
            (rank,) = _unpacked(opened, "<B")
            shape = _unpacked(opened, f"<{rank}I")
            _, length = _unpacked(opened, "<BI")
            total += math.prod(shape) if rank else 0
            opened.seek(length, 1)
    return total


def _skip_name(opened: IO[bytes]) -> None:
    (length,) = _unpacked(opened, "<H")
    opened.seek(length, 1)


def _unpacked(opened: IO[bytes], form: str) -> tuple[int, ...]:
    found = opened.read(struct.calcsize(form))
    if len(found) < struct.calcsize(form):
        raise ValueError(f"{CONVERTED} is cut short")
    return struct.unpack(form, found)
