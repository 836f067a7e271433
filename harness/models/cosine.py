"""The cosine of two texts' TF-IDF vectors: shared words, of which rare ones count most."""

from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import AfterValidator

from harness.examples import Examples, Input, Labels, Numbers
from harness.methods import likeness
from harness.methods.ngrams import each, hashing, judged, ordered
from harness.metric import FloatArray
from harness.model import Fitted, Model, Setting
from registry.frozen import Frozen

_BUCKETS = 2**20
"""Numbers that n-grams are hashed to."""


class CosineRecipe(Frozen):
    """What is counted."""

    analyzer: Literal["auto", "word", "char"] = "auto"
    """`auto`: characters where most letters of the train texts are Han, Kana or Hangul, else words."""
    ngrams: Annotated[tuple[int, int], AfterValidator(ordered)] = (1, 2)
    """Shortest and longest run of words or characters."""


class Cosine(Model):
    """scikit-learn's TF-IDF, and the cosine cut or scaled to the answers as the train split has it best.

    N-grams are hashed: one that train does not have counts as the rarest of all, instead of not at all, which would
    make texts that are new look more alike than those that are known.
    """

    Recipe: ClassVar[type[Frozen]] = CosineRecipe
    version: ClassVar[int] = 1
    tasks: ClassVar[tuple[str, ...]] = ("text-pair", "text-similarity")

    def __init__(self, recipe: CosineRecipe, setting: Setting) -> None:
        super().__init__(recipe, setting)
        self.vectorizer: Any = None
        self.learnt: Any = None

    def fit(self, train: Examples, validation: Examples) -> Fitted:  # noqa: ARG002
        """Weigh n-grams by the different train texts, and find the cut or the line. UserError without training rows."""
        from sklearn.feature_extraction.text import TfidfTransformer
        from sklearn.pipeline import make_pipeline

        texts = tuple(dict.fromkeys(each(train.inputs)))
        analyzer = judged(self.recipe.analyzer, texts)
        counts = hashing(analyzer, self.recipe.ngrams, _BUCKETS)
        self.vectorizer = make_pipeline(counts, TfidfTransformer(sublinear_tf=True)).fit(texts or ("",))
        self.learnt = likeness.learnt(self._cosines(train.inputs), train, len(self.setting.labels), "cosine")
        return Fitted(trainable_parameters=0, total_parameters=0, facts={"analyzer": analyzer, **self.learnt.facts})

    def predict(self, inputs: tuple[Input, ...]) -> Labels | Numbers:
        """By the cosine of each pair."""
        found: Labels | Numbers = self.learnt.answers(self._cosines(inputs))
        return found

    def _cosines(self, pairs: tuple[Any, ...]) -> FloatArray:
        """(n,) from 0 to 1; 0 where a text has no n-gram."""
        if not pairs:
            return np.zeros(0)
        first, second = (self.vectorizer.transform([pair[side] for pair in pairs]) for side in (0, 1))
        return np.asarray(first.multiply(second).sum(axis=1), dtype=np.float64).ravel()
