"""Search by the number of different words that a document shares with the query: what every search must beat."""

from collections import defaultdict
from typing import ClassVar

import numpy as np

from harness.examples import Examples, Input, Rankings
from harness.methods.searching import Terms, documents, indexed, queries, rankings, terms
from harness.metric import FloatArray
from harness.model import Fitted, Model, NoRecipe, Setting


class OverlapSearch(Model):
    """All words count the same, rare or not; long documents share more of them. Words keep their endings."""

    version: ClassVar[int] = 1
    tasks: ClassVar[tuple[str, ...]] = ("retrieval",)
    needs_training_data: ClassVar[bool] = False

    def __init__(self, recipe: NoRecipe, setting: Setting) -> None:
        super().__init__(recipe, setting)
        self.documents = documents(setting)
        self.places = defaultdict[str, list[int]](list)

    def fit(self, train: Examples, validation: Examples) -> Fitted:  # noqa: ARG002
        """Note for each word the documents that it is in."""
        for place, text in enumerate(indexed(self.documents, "none", ())):
            for term in sorted(set(text)):
                self.places[term].append(place)
        facts = {"documents": len(self.documents.ids), "terms": len(self.places)}
        return Fitted(trainable_parameters=0, total_parameters=0, facts=facts)

    def predict(self, inputs: tuple[Input, ...]) -> Rankings:
        """Every query against every document."""
        asked = queries(inputs)
        texts = terms([query.text for query in asked], "none", ())
        return rankings(asked, self.documents, map(self._scores, texts), self.setting.progress)

    def _scores(self, query: Terms) -> FloatArray:
        shared = [place for term in set(query) for place in self.places.get(term, [])]
        return np.bincount(np.array(shared, dtype=np.int64), minlength=len(self.documents.ids)).astype(np.float64)
