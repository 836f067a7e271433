"""How much of their words two texts share: what a model of pairs has to beat that claims to understand them."""

from typing import Any, ClassVar, Literal

import numpy as np
import polars as pl

from harness.examples import Examples, Input, Labels, Numbers
from harness.methods import likeness
from harness.metric import FloatArray
from harness.model import Fitted, Model, Setting
from registry.frozen import Frozen
from registry.texts.words import CJK

_WORD = rf"[{CJK}]|[\w--[{CJK}]]+"
_RUN = rf"[{CJK}]+|[\w--[{CJK}]]+"
_WIDE, _NARROW = 2, 3
"""Characters of a run, with and without Han or Kana."""


class OverlapRecipe(Frozen):
    """What two texts may share."""

    unit: Literal["word", "character"] = "word"
    """Words, each Han or Kana character one; or parts of words: every three neighbouring characters, of Han and Kana
    every two."""


class Overlap(Model):
    """Jaccard's index of the words of both texts, cut or scaled to the answers as the train split has it best.

    Large and small, wide and narrow letters are one; marks do not count. Two texts without a word share nothing.
    """

    Recipe: ClassVar[type[Frozen]] = OverlapRecipe
    version: ClassVar[int] = 1
    tasks: ClassVar[tuple[str, ...]] = ("text-pair", "text-similarity")

    def __init__(self, recipe: OverlapRecipe, setting: Setting) -> None:
        super().__init__(recipe, setting)
        self.learnt: Any = None

    def fit(self, train: Examples, validation: Examples) -> Fitted:  # noqa: ARG002
        """Find the cut, or the line. UserError without training rows."""
        shared = self._shared(train.inputs)
        self.learnt = likeness.learnt(shared, train, len(self.setting.labels), "overlap")
        return Fitted(trainable_parameters=0, total_parameters=0, facts=self.learnt.facts)

    def predict(self, inputs: tuple[Input, ...]) -> Labels | Numbers:
        """By the shared words of each pair."""
        found: Labels | Numbers = self.learnt.answers(self._shared(inputs))
        return found

    def _shared(self, pairs: tuple[Any, ...]) -> FloatArray:
        """(n,) from 0 to 1."""
        first, second = (self._parts([pair[side] for pair in pairs]) for side in (0, 1))
        shares = [len(one & other) / max(1, len(one | other)) for one, other in zip(first, second, strict=True)]
        return np.array(shares, dtype=np.float64)

    def _parts(self, texts: list[str]) -> list[frozenset[str]]:
        """The different words of each text, or parts of words."""
        folded = pl.Series(texts, dtype=pl.String).str.normalize("NFKC").str.to_lowercase()
        if self.recipe.unit == "word":
            return [frozenset(words) for words in folded.str.extract_all(_WORD).to_list()]
        runs = folded.str.extract_all(_RUN)
        different = runs.explode().drop_nulls().unique()
        wide = different.str.contains(f"^[{CJK}]")
        parts = {run: _neighbours(run, _WIDE if apart else _NARROW) for run, apart in zip(different, wide, strict=True)}
        return [frozenset(part for run in text for part in parts[run]) for text in runs.to_list()]


def _neighbours(run: str, length: int) -> list[str]:
    """Every `length` characters that follow each other; all of a shorter run."""
    return [run[at : at + length] for at in range(len(run) - length + 1)] or [run]
