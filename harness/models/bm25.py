"""BM25, by bm25s: what search engines do, and what neural retrievers have to beat.

Learns nothing from questions; the index is made of the collection alone. Documents are one field: a title counts as
much as any other words.
"""

from importlib.metadata import version
from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from harness.device import Device
from harness.examples import Examples, Input, Rankings
from harness.methods.searching import Stem, Terms, documents, indexed, queries, rankings, terms
from harness.metric import FloatArray
from harness.model import Fitted, Model, Setting, Settled
from registry.frozen import Frozen


class Bm25Recipe(Frozen):
    """The defaults are those of Lucene."""

    method: Literal["lucene", "robertson", "atire"] = "lucene"
    """Which formula (Kamphuis et al. 2020); all give 0 where no term is shared."""
    k1: float = Field(default=1.2, ge=0)
    """A larger value lets each repetition of a term count for longer."""
    b: float = Field(default=0.75, ge=0, le=1)
    """How much long documents are held back: 0 not at all, 1 in full."""
    stem: Stem = "auto"


class Bm25(Model):
    """An index over the terms of `harness.methods.searching`."""

    Recipe: ClassVar[type[Frozen]] = Bm25Recipe
    version: ClassVar[int] = 1
    tasks: ClassVar[tuple[str, ...]] = ("retrieval",)
    needs_training_data: ClassVar[bool] = False

    def __init__(self, recipe: Bm25Recipe, setting: Setting) -> None:
        super().__init__(recipe, setting)
        self.documents = documents(setting)
        self.index: Any = None

    @staticmethod
    def resolve(recipe: Bm25Recipe, device: Device) -> Settled:  # noqa: ARG004
        """The formulas come with the installed package."""
        return {"bm25s": version("bm25s")}

    def fit(self, train: Examples, validation: Examples) -> Fitted:  # noqa: ARG002
        """Index the collection."""
        from bm25s import BM25

        found = indexed(self.documents, self.recipe.stem, self.setting.languages)
        self.index = BM25(method=self.recipe.method, k1=self.recipe.k1, b=self.recipe.b)
        self.index.index(found, show_progress=False)
        facts = {"documents": len(found), "terms": len({term for text in found for term in text})}
        return Fitted(trainable_parameters=0, total_parameters=0, facts=facts)

    def predict(self, inputs: tuple[Input, ...]) -> Rankings:
        """Every query against every document."""
        asked = queries(inputs)
        texts = terms([query.text for query in asked], self.recipe.stem, self.setting.languages)
        return rankings(asked, self.documents, map(self._scores, texts), self.setting.progress)

    def _scores(self, query: Terms) -> FloatArray:
        known = [term for term in query if term in self.index.vocab_dict]
        if not known:
            return np.zeros(len(self.documents.ids))
        return np.asarray(self.index.get_scores(known), dtype=np.float64)
