"""What a model wrote, read as an answer of its task.

Owns what counts as a label, a number or "there is no answer" in free text. What cannot be read takes the usual answer,
and how often that happened is counted; where nothing can be read, that is an error.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from harness.examples import Answers, Examples, Labels, Numbers, Texts
from harness.generating.prompting import LABELLED, NUMBERED, SEPARATOR, plain
from registry.errors import UserError, clipped

NUMBER = re.compile(r"(?:(?<!\w)[-+])?(?:\d+(?:\.\d+)?|\.\d+)")
LETTER = "[0-9a-z_\u00df-\u052f\u1e00-\u1fff]"
"""Of a word that goes on: Latin, Greek and Cyrillic. Others are written without blanks, or add endings to words."""
THOUGHT = "</think>"
SHORT = (*LABELLED, *NUMBERED, "question-answering")
"""Tasks whose answer is one line."""
QUOTES = "\"'“”‘’「」"


class Read(NamedTuple):
    """The answers, and how many texts were none."""

    answers: Answers
    unreadable: int


class Reader(NamedTuple):
    """How the texts of one task are read."""

    task: str
    labels: tuple[str, ...] = ()
    nothing: str = ""
    """What stands for "there is no answer"."""
    usual: float | None = None
    """What stands for what cannot be read: the commonest label or the mean of the train split. None where there is no
    such split: then that of the readable answers."""

    @property
    def stop(self) -> str:
        """Where an answer ends in a text that goes on."""
        return "\n" if self.task in SHORT else SEPARATOR

    def read(self, texts: Sequence[str]) -> Read:
        """UserError where no text at all is an answer."""
        said = [spoken(text) for text in texts]
        if self.task in LABELLED:
            labels = [label_in(text, self.labels) for text in said]
            known = [label for label in labels if label is not None]
            stead = self._stead("label", said, Counter(known).most_common(1)[0][0] if known else None)
            settled = np.array([stead if label is None else label for label in labels], dtype=np.int64)
            return Read(Labels(settled), len(labels) - len(known))
        if self.task in NUMBERED:
            numbers = [number_in(text) for text in said]
            there = [number for number in numbers if number is not None]
            stead = self._stead("number", said, float(np.mean(there)) if there else None)
            values = np.array([stead if number is None else number for number in numbers], dtype=np.float64)
            return Read(Numbers(values), len(numbers) - len(there))
        if self.task == "question-answering":
            said = [self._short(text) for text in said]
        return Read(Texts(tuple(said)), 0)

    def _stead(self, what: str, said: list[str], readable: float | None) -> float:
        if said and readable is None:
            shown = f'none of {len(said)} answers holds a {what}; the first is "{clipped(said[0])}"'
            raise UserError(shown, do="Change the prompt, or take another model.")
        return (readable or 0) if self.usual is None else self.usual

    def _short(self, text: str) -> str:
        line = text.partition("\n")[0].strip().strip(QUOTES).strip()
        return "" if self.nothing and plain(line).strip(".。") == plain(self.nothing) else line


def usual_of(train: Examples) -> float | None:
    """The commonest label of the train split (the first of equals), the mean of its numbers; None without rows."""
    match train.answers:
        case Labels(labels) if len(labels):
            return int(np.bincount(labels).argmax())
        case Numbers(values) if len(values):
            return float(values.mean())
    return None


def spoken(text: str) -> str:
    """Without what a reasoning model thinks aloud before it answers; nothing where it did not come to an end."""
    thought, mark, answer = text.rpartition(THOUGHT)
    return (answer if mark else "" if thought or text.lstrip().startswith("<think>") else text).strip()


def label_in(text: str, names: Sequence[str]) -> int | None:
    """The label whose name comes first in a text, as a word of its own; of those, the longest."""
    said = plain(text)
    found = [(place, -len(name), number) for number, name in enumerate(names) if (place := _place(name, said)) >= 0]
    return min(found)[2] if found else None


def number_in(text: str) -> float | None:
    """The first number of a text."""
    found = NUMBER.search(unicodedata.normalize("NFKC", text).replace("−", "-"))
    number = float(found[0]) if found else math.nan
    return number if math.isfinite(number) else None


def _place(name: str, text: str) -> int:
    """Where a name begins as a word of its own; letters beside it make it another word, Han characters do not."""
    found = re.search(rf"(?<!{LETTER}){re.escape(plain(name))}(?!{LETTER})", text)
    return found.start() if found else -1
