"""TF-IDF over word or character n-grams with logistic regression: the baseline that costs a second.

Of pairs it counts the n-grams of either text, and those that they share.
Refuses training data with one label only, and texts in which no n-gram is left.
"""

from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from harness.examples import Examples, Input, Labels, Pair
from harness.model import Fitted, Model, Setting
from registry.errors import UserError
from registry.frozen import Frozen

_SAMPLE = 2_000
"""Texts, spread over the train split, and characters of each that the writing system is judged by."""


_WORD = r"(?u)\b\w+\b"
"""scikit-learn's own pattern drops words of one letter."""


class TfidfRecipe(Frozen):
    """What is counted and how freely it is weighted."""

    analyzer: Literal["auto", "word", "char"] = "auto"
    """`auto`: characters where most letters of the train texts are Han, kana or hangul, else words."""
    ngrams: tuple[int, int] = (1, 2)
    """Shortest and longest run of words or characters."""
    C: float = Field(default=10.0, gt=0)
    """A larger value allows larger weights (scikit-learn's C)."""
    min_df: int = Field(default=1, ge=1)
    """Texts that an n-gram must be in to count."""
    sublinear_tf: bool = True
    """Count n occurrences as 1 + log(n)."""
    max_features: int | None = Field(default=200_000, ge=1)
    """Only the most frequent n-grams; null for all."""

    @model_validator(mode="after")
    def _ordered(self) -> "TfidfRecipe":
        if not 1 <= self.ngrams[0] <= self.ngrams[1] <= 10:
            raise ValueError("ngrams: two numbers from 1 to 10, the first not above the second")
        return self


class Tfidf(Model):
    """scikit-learn's TfidfVectorizer and LogisticRegression (lbfgs, which has no randomness)."""

    Recipe: ClassVar[type[Frozen]] = TfidfRecipe
    version: ClassVar[int] = 1
    tasks: ClassVar[tuple[str, ...]] = ("text-classification", "text-pair")

    def __init__(self, recipe: TfidfRecipe, setting: Setting) -> None:
        super().__init__(recipe, setting)
        self.vectorizer: Any = None
        self.classifier: Any = None

    def fit(self, train: Examples, validation: Examples) -> Fitted:  # noqa: ARG002
        """Learn from train rows; UserError where there is nothing to tell apart or to count."""
        from sklearn.linear_model import LogisticRegression

        if len(np.unique(train.told(Labels).labels)) < 2:
            raise UserError("tfidf needs training rows of two labels or more", do="Compare with `majority` instead.")
        analyzer = self._analyzer(train.inputs)
        with self.setting.progress.step("train", len(train), "examples") as step:
            vectors = self._fit_vectors(analyzer, train.inputs)
            self.classifier = LogisticRegression(C=self.recipe.C, max_iter=1_000, random_state=self.setting.seed)
            self.classifier.fit(vectors, train.told(Labels).labels)
            step.advance(len(train))
        learnt = int(self.classifier.coef_.size + self.classifier.intercept_.size)
        facts = {
            "analyzer": analyzer,
            "features": int(vectors.shape[1]),
            "steps": int(self.classifier.n_iter_.max()),
            "converged": bool(self.classifier.n_iter_.max() < self.classifier.max_iter),
        }
        return Fitted(trainable_parameters=learnt, total_parameters=learnt, facts=facts)

    def predict(self, inputs: tuple[Input, ...]) -> Labels:
        """Probabilities of 0 for labels that were not in the train split."""
        found = np.zeros((len(inputs), len(self.setting.labels)), dtype=np.float32)
        if not inputs:
            return Labels(np.zeros(0, dtype=np.int64), found)
        with self.setting.progress.step("evaluate", len(inputs), "examples") as step:
            probabilities = self.classifier.predict_proba(self._vectors(inputs))
            found[:, self.classifier.classes_] = probabilities
            step.advance(len(inputs))
        return Labels(found.argmax(axis=1).astype(np.int64), found)

    def _analyzer(self, texts: tuple[Input, ...]) -> Literal["word", "char"]:
        if self.recipe.analyzer != "auto":
            return self.recipe.analyzer
        return "char" if mostly_without_spaces(_each(texts)) else "word"

    def _fit_vectors(self, analyzer: str, texts: tuple[Input, ...]) -> Any:
        """Learn the n-grams of all texts, and give those of `texts`."""
        from sklearn.feature_extraction.text import TfidfVectorizer

        recipe = self.recipe
        self.vectorizer = TfidfVectorizer(
            analyzer=analyzer, ngram_range=recipe.ngrams, min_df=recipe.min_df, dtype=np.float64,
            sublinear_tf=recipe.sublinear_tf, max_features=recipe.max_features,
            token_pattern=_WORD if analyzer == "word" else None,
        )  # fmt: skip
        try:
            self.vectorizer.fit(_each(texts))
        except ValueError as error:  # scikit-learn's only word for an empty vocabulary
            raise UserError(f"tfidf cannot count the train texts: {error}", do="Lower min_df.") from error
        return self._vectors(texts)

    def _vectors(self, texts: tuple[Input, ...]) -> Any:
        """(n, n-grams); of pairs (n, 3 n-grams): the first text, the second, and what both have in common."""
        if not isinstance(texts[0], Pair):
            return self.vectorizer.transform(texts)
        from scipy.sparse import hstack

        first, second = (self.vectorizer.transform([pair[side] for pair in texts]) for side in (0, 1))
        return hstack([first, second, first.minimum(second)], format="csr")


def _each(texts: tuple[Input, ...]) -> tuple[str, ...]:
    """Every text by itself, the two of a pair one after the other."""
    return tuple(part for text in texts for part in (text if isinstance(text, Pair) else (str(text),)))


def mostly_without_spaces(texts: tuple[str, ...]) -> bool:
    """Whether most letters are Han, kana or hangul, where spaces do not tell words apart."""
    letters = wide = 0
    for text in texts[:: max(1, len(texts) // _SAMPLE)]:
        kept = [ord(char) for char in text[:_SAMPLE] if char.isalpha()]
        letters += len(kept)
        wide += sum(_is_cjk(code) for code in kept)
    return wide * 2 > letters


def _is_cjk(code: int) -> bool:
    """Kana to Han and extension A, hangul, compatibility Han, and the Han extensions of planes 2 and 3."""
    return 0x3040 <= code <= 0x9FFF or 0xAC00 <= code <= 0xD7AF or 0xF900 <= code <= 0xFAFF or code >= 0x20000
