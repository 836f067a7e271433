"""TF-IDF over word or character n-grams with a linear model: the baseline that costs a second.

Of pairs it counts the n-grams of either text, and those that they share. Where a text may have several labels, a model
of its own decides on each. Refuses training data with one label only, and texts in which no n-gram is left.
"""

from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import AfterValidator, Field

from harness.examples import Examples, Input, Labels, LabelSets, Numbers
from harness.methods.ngrams import Counting, ordered, vectors_of
from harness.model import Fitted, Model, Setting
from registry.errors import UserError
from registry.frozen import Frozen


class TfidfRecipe(Frozen):
    """What is counted and how freely it is weighted."""

    classifier: Literal["logreg", "svm", "ridge"] = "logreg"
    """Logistic regression, which gives probabilities; a linear support vector machine; or ridge regression, which is
    the one that predicts numbers."""
    analyzer: Literal["auto", "word", "char"] = "auto"
    """`auto`: characters where most letters of the train texts are Han, Kana or Hangul, else words."""
    ngrams: Annotated[tuple[int, int], AfterValidator(ordered)] = (1, 2)
    """Shortest and longest run of words or characters."""
    C: float = Field(default=10.0, gt=0)
    """A larger value allows larger weights (scikit-learn's C; 1 / (2 alpha) of its ridge regression)."""
    min_df: int = Field(default=1, ge=1)
    """Texts that an n-gram must be in to count."""
    sublinear_tf: bool = True
    """Count n occurrences as 1 + log(n)."""
    max_features: int | None = Field(default=200_000, ge=1)
    """Only the most frequent n-grams; null for all."""


class Tfidf(Model):
    """scikit-learn's TfidfVectorizer, and its LogisticRegression (lbfgs), LinearSVC (primal) or Ridge (conjugate
    gradients), none of which draws anything.
    """

    Recipe: ClassVar[type[Frozen]] = TfidfRecipe
    version: ClassVar[int] = 1
    tasks: ClassVar[tuple[str, ...]] = (
        "text-classification", "text-pair", "multilabel-classification", "text-regression", "text-similarity",
    )  # fmt: skip

    def __init__(self, recipe: TfidfRecipe, setting: Setting) -> None:
        super().__init__(recipe, setting)
        self.vectors: Any = None
        self.learnt: Any = None
        """A model; for label sets one for each label, or the answer where train always or never has the label."""
        self.kind: type = Labels

    def fit(self, train: Examples, validation: Examples) -> Fitted:  # noqa: ARG002
        """Learn from train rows; UserError where there is nothing to tell apart or to count."""
        recipe, self.kind = self.recipe, type(train.answers)
        self._check(train)
        counting = Counting(recipe.analyzer, recipe.ngrams, recipe.min_df, recipe.sublinear_tf, recipe.max_features)
        with self.setting.progress.step("train", len(train), "examples") as step:
            self.vectors = vectors_of(counting, train.inputs, "tfidf")
            vectors = self.vectors.of(train.inputs)
            self.learnt = self._learn(vectors, train)
            step.advance(len(train))
        learnt = self.learnt if isinstance(self.learnt, list) else [self.learnt]
        models = [one for one in learnt if not isinstance(one, bool)]
        size = int(sum(np.size(model.coef_) + np.size(model.intercept_) for model in models))
        facts = {"analyzer": self.vectors.analyzer, "features": int(vectors.shape[1])}
        return Fitted(trainable_parameters=size, total_parameters=size, facts=facts | _effort(models))

    def predict(self, inputs: tuple[Input, ...]) -> Labels | LabelSets | Numbers:
        """Of the kind that was learnt. Probabilities only from logistic regression, 0 for labels that train lacks."""
        answer: Any = {Labels: self._labels, LabelSets: self._sets, Numbers: self._numbers}[self.kind]
        with self.setting.progress.step("evaluate", len(inputs), "examples") as step:
            found: Labels | LabelSets | Numbers = answer(self.vectors.of(inputs) if inputs else None, len(inputs))
            step.advance(len(inputs))
        return found

    def _check(self, train: Examples) -> None:
        numbers = isinstance(train.answers, Numbers)
        if numbers and self.recipe.classifier != "ridge":
            what = f"tfidf with classifier: {self.recipe.classifier} tells labels apart; this task asks for numbers"
            raise UserError(what, do="Take a model card with `classifier: ridge`: tfidf-ridge is one.")
        if not len(train):
            raise UserError("tfidf needs training rows, and the train split has none")
        if isinstance(train.answers, Labels) and len(np.unique(train.answers.labels)) < 2:
            raise UserError("tfidf needs training rows of two labels or more", do="Compare with `majority` instead.")

    def _learn(self, vectors: Any, train: Examples) -> Any:
        answers = train.answers
        if isinstance(answers, Numbers):
            from sklearn.linear_model import Ridge

            return Ridge(alpha=0.5 / self.recipe.C, solver="sparse_cg").fit(vectors, answers.values)
        if isinstance(answers, LabelSets):
            return [self._one(vectors, column) for column in answers.chosen.T]
        return self._model().fit(vectors, train.told(Labels).labels)

    def _one(self, vectors: Any, gold: Any) -> Any:
        """A model of one label against its absence; its only answer where there is but one."""
        return bool(gold[0]) if gold.all() or not gold.any() else self._model().fit(vectors, gold)

    def _model(self) -> Any:
        from sklearn.linear_model import LogisticRegression, RidgeClassifier
        from sklearn.svm import LinearSVC

        if self.recipe.classifier == "svm":
            return LinearSVC(C=self.recipe.C, dual=False)
        if self.recipe.classifier == "ridge":
            return RidgeClassifier(alpha=0.5 / self.recipe.C, solver="sparse_cg")
        return LogisticRegression(C=self.recipe.C, max_iter=1_000, random_state=self.setting.seed)

    def _labels(self, vectors: Any, rows: int) -> Labels:
        if self.recipe.classifier != "logreg":
            labels = self.learnt.predict(vectors) if rows else np.zeros(0)
            return Labels(labels.astype(np.int64))
        found = np.zeros((rows, len(self.setting.labels)), dtype=np.float32)
        if rows:
            found[:, self.learnt.classes_] = self.learnt.predict_proba(vectors)
        return Labels(found.argmax(axis=1).astype(np.int64), found)

    def _sets(self, vectors: Any, rows: int) -> LabelSets:
        sure = self.recipe.classifier == "logreg"
        found = np.zeros((rows, len(self.learnt)), dtype=np.float32)
        for place, model in enumerate(self.learnt if rows else ()):
            if isinstance(model, bool):
                found[:, place] = model if sure else 2 * model - 1
            else:
                found[:, place] = model.predict_proba(vectors)[:, 1] if sure else model.decision_function(vectors)
        return LabelSets(found > (0.5 if sure else 0.0), found if sure else None)

    def _numbers(self, vectors: Any, rows: int) -> Numbers:
        return Numbers(self.learnt.predict(vectors) if rows else np.zeros(0))


def _effort(models: list[Any]) -> dict[str, Any]:
    """Steps of the solver, and whether it came to rest; nothing of ridge regression, which does not tell."""
    steps = [int(np.max(model.n_iter_)) for model in models if model.n_iter_ is not None]
    if not steps:
        return {}
    return {
        "steps": max(steps),
        "converged": all(one < model.max_iter for one, model in zip(steps, models, strict=True)),
    }
