"""The sentence of the passage that is most like the question, as its answer: what reading has to beat.

It never says that there is no answer, unless the passage is empty.
"""

from collections.abc import Sequence
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from harness.examples import Examples, Texts
from harness.model import Fitted, Model
from harness.texts.answer_words import Words, words
from harness.texts.sentences import sentences
from registry.frozen import Frozen


class BestSentenceRecipe(Frozen):
    """What likeness is."""

    score: Literal["overlap", "bm25"] = "overlap"
    """`overlap`: how many words of the question the sentence holds; `bm25`: rare words count more, long sentences less.
    Rare is what few sentences of the same passage hold."""


class BestSentence(Model):
    """Han characters count as words. Of equals the first sentence is taken."""

    Recipe: ClassVar[type[Frozen]] = BestSentenceRecipe
    version: ClassVar[int] = 1
    tasks: ClassVar[tuple[str, ...]] = ("question-answering",)
    needs_training_data: ClassVar[bool] = False

    def fit(self, train: Examples, validation: Examples) -> Fitted:  # noqa: ARG002
        """There is nothing to learn."""
        return Fitted(trainable_parameters=0, total_parameters=0)

    def predict(self, inputs: tuple[Any, ...]) -> Texts:
        """A part of each passage, as it stands there."""
        likeness = {"overlap": _overlap, "bm25": _bm25}[self.recipe.score]
        found = []
        with self.setting.progress.step("evaluate", len(inputs), "examples") as step:
            for one in inputs:
                parts = [one.text[start:end] for start, end in sentences(one.text)]
                scores = likeness(words(one.question), [words(part) for part in parts])
                found.append(parts[int(scores.argmax())] if parts else "")
                step.advance()
        return Texts(tuple(found))


def _overlap(question: Words, parts: Sequence[Words]) -> NDArray[Any]:
    asked = set(question)
    return np.array([len(asked & set(part)) for part in parts])


def _bm25(question: Words, parts: Sequence[Words]) -> NDArray[Any]:
    """Lucene's variant with its usual k1 of 1.5 and b of 0.75."""
    from bm25s import BM25

    asked = [word for word in question if any(word in part for part in parts)]
    if not asked:
        return np.zeros(len(parts))
    index = BM25()
    index.index([list(part) for part in parts], show_progress=False)
    return np.asarray(index.get_scores(asked))
