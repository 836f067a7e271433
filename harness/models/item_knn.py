"""Items like those that a user chose: two are alike where the same users chose both."""

from typing import Any, ClassVar

import numpy as np
from pydantic import Field

from harness.examples import Examples, Input, Rankings
from harness.methods.recommending import Table, histories, items, learnt, popularity, rankings
from harness.metric import FloatArray
from harness.model import Fitted, Model, Setting
from registry.frozen import Frozen


class ItemKnnRecipe(Frozen):
    """How likeness is measured, and of how many items."""

    neighbours: int = Field(default=100, ge=1)
    """Items that each item is like at most; the nearest are kept."""
    shrinkage: float = Field(default=10.0, ge=0)
    """Users that are added to the bottom of the fraction: a larger value distrusts what few users have in common."""


class ItemKnn(Model):
    """Likeness is users of both / (sqrt(users of one * users of the other) + shrinkage): the cosine, shrunk. A score is
    the sum over a user's items; ratings are ignored, and users without a history get what is popular.

    Source: Sarwar, Karypis, Konstan and Riedl 2001, "Item-based collaborative filtering recommendation algorithms".
    """

    Recipe: ClassVar[type[Frozen]] = ItemKnnRecipe
    version: ClassVar[int] = 1
    tasks: ClassVar[tuple[str, ...]] = ("recommendation",)

    def __init__(self, recipe: ItemKnnRecipe, setting: Setting) -> None:
        super().__init__(recipe, setting)
        self.items = items(setting)
        self.popular: FloatArray = np.zeros(0)
        self.likeness: Any = None

    def fit(self, train: Examples, validation: Examples) -> Fitted:  # noqa: ARG002
        """Compare items. UserError where the train split has no choices."""
        from scipy.sparse import vstack

        table = learnt(train, self.items)
        self.popular = popularity(table)
        both = (table.T @ table).tocsr()
        with self.setting.progress.step("train", both.shape[0], "items") as step:
            rows = []
            for item in range(both.shape[0]):
                rows.append(self._neighbours(both, item))
                step.advance()
        self.likeness = vstack(rows, format="csr").T.tocsr()
        facts = {"pairs": int(self.likeness.nnz)}
        return Fitted(trainable_parameters=int(self.likeness.nnz), total_parameters=int(self.likeness.nnz), facts=facts)

    def predict(self, inputs: tuple[Input, ...]) -> Rankings:
        """Items by how alike they are to all that a user chose."""
        return rankings(histories(inputs), self.items, self.popular, self._scores, self.setting.progress)

    def _scores(self, table: Table) -> FloatArray:
        found: FloatArray = (table @ self.likeness).toarray()
        return found

    def _neighbours(self, both: Any, item: int) -> Any:
        """(1, items): the likeness of the nearest items to one."""
        from scipy.sparse import csr_array

        begin, end = both.indptr[item : item + 2]
        others, shared = both.indices[begin:end], both.data[begin:end]
        alike = shared / (np.sqrt(self.popular[item] * self.popular[others]) + self.recipe.shrinkage)
        alike = np.where(others == item, 0.0, alike)
        nearest = np.lexsort((others, -alike))[: self.recipe.neighbours]
        nearest = nearest[alike[nearest] > 0]
        places = (np.zeros(len(nearest), dtype=np.int64), others[nearest])
        return csr_array((alike[nearest], places), shape=(1, both.shape[1]))
