"""The best summary that can be made of a text's own sentences, chosen by someone who knows the reference.

No model: an upper bound for all that extract. Sentences are added while they raise the sum of ROUGE-1 and ROUGE-2
(Nallapati, Zhai and Zhou 2017, section 3), which finds a good set and not always the best.
"""

from collections import Counter
from typing import ClassVar, NamedTuple

from pydantic import Field

from harness.examples import Examples, Input, Texts
from harness.model import Fitted, Model
from harness.texts.rouge import overlap
from harness.texts.sentences import joined, sentences
from harness.texts.words import runs, words
from registry.frozen import Frozen

Grams = Counter[tuple[str, ...]]


class ExtractiveOracleRecipe(Frozen):
    """How much may be taken."""

    sentences: int | None = Field(default=None, ge=1)
    """null: as many as raise the value."""


class _Bags(NamedTuple):
    """The words and word pairs of a sentence."""

    ones: Grams
    twos: Grams

    def __or__(self, other: "_Bags") -> "_Bags":
        return _Bags(self.ones + other.ones, self.twos + other.twos)


class ExtractiveOracle(Model):
    """Reads the references of what it is asked."""

    Recipe: ClassVar[type[Frozen]] = ExtractiveOracleRecipe
    version: ClassVar[int] = 1
    tasks: ClassVar[tuple[str, ...]] = ("summarisation",)
    needs_training_data: ClassVar[bool] = False
    reads_references: ClassVar[bool] = True

    def fit(self, train: Examples, validation: Examples) -> Fitted:  # noqa: ARG002
        return Fitted(trainable_parameters=0, total_parameters=0)

    def predict(self, inputs: tuple[Input, ...]) -> Texts:
        """In the order of the text; "" where no sentence has a word of the reference."""
        references = self.setting.references
        if not isinstance(references, Texts):
            raise TypeError("the oracle was given no references")
        found = list[str]()
        with self.setting.progress.step("evaluate", len(inputs), "examples") as step:
            for text, reference in zip(map(str, inputs), references.texts, strict=True):
                spans = sentences(text)
                best = self._best([text[begin:end] for begin, end in spans], reference)
                found.append(joined(text, [spans[place] for place in best]))
                step.advance(1)
        return Texts(tuple(found))

    def _best(self, texts: list[str], reference: str) -> list[int]:
        right, *parts = (_Bags(runs(one, 1), runs(one, 2)) for one in words([reference, *texts]))
        left = {place for place, part in enumerate(parts) if part.ones & right.ones}
        chosen, taken, value = list[int](), _Bags(Counter(), Counter()), 0.0
        while left and len(chosen) < (self.recipe.sentences or len(parts)):
            worth = {place: _worth(taken | parts[place], right) for place in left}
            best = min(left, key=lambda place: (-worth[place], place))
            if worth[best] <= value:
                break
            chosen.append(best)
            left.discard(best)
            taken, value = taken | parts[best], worth[best]
        return sorted(chosen)


def _worth(said: _Bags, right: _Bags) -> float:
    return overlap(right.ones, said.ones) + overlap(right.twos, said.twos)
