"""Search by the cosine of TF-IDF vectors: as simple as BM25 and, on short collections, often as good.

Learns nothing from questions; the weights of terms are those of the collection.
"""

from typing import Any, ClassVar

from harness.examples import Examples, Input, Rankings
from harness.methods.searching import Stem, Terms, documents, indexed, queries, rankings, terms
from harness.metric import FloatArray
from harness.model import Fitted, Model, Setting
from registry.frozen import Frozen


class TfidfSearchRecipe(Frozen):
    """What is counted."""

    sublinear_tf: bool = True
    """Count n occurrences as 1 + log(n)."""
    stem: Stem = "auto"


class TfidfSearch(Model):
    """scikit-learn's TfidfVectorizer over the terms of `harness.methods.searching`."""

    Recipe: ClassVar[type[Frozen]] = TfidfSearchRecipe
    version: ClassVar[int] = 1
    tasks: ClassVar[tuple[str, ...]] = ("retrieval",)
    needs_training_data: ClassVar[bool] = False

    def __init__(self, recipe: TfidfSearchRecipe, setting: Setting) -> None:
        super().__init__(recipe, setting)
        self.documents = documents(setting)
        self.vectorizer: Any = None
        self.vectors: Any = None

    def fit(self, train: Examples, validation: Examples) -> Fitted:  # noqa: ARG002
        """Weigh the terms of the collection."""
        from sklearn.feature_extraction.text import TfidfVectorizer

        found = indexed(self.documents, self.recipe.stem, self.setting.languages)
        self.vectorizer = TfidfVectorizer(analyzer=list, sublinear_tf=self.recipe.sublinear_tf)
        self.vectors = self.vectorizer.fit_transform(found)
        facts = {"documents": len(found), "terms": len(self.vectorizer.vocabulary_)}
        return Fitted(trainable_parameters=0, total_parameters=0, facts=facts)

    def predict(self, inputs: tuple[Input, ...]) -> Rankings:
        """Every query against every document."""
        asked = queries(inputs)
        texts = terms([query.text for query in asked], self.recipe.stem, self.setting.languages)
        return rankings(asked, self.documents, map(self._scores, texts), self.setting.progress)

    def _scores(self, query: Terms) -> FloatArray:
        found: FloatArray = (self.vectors @ self.vectorizer.transform([query]).T).toarray()[:, 0]
        return found
