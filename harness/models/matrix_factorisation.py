"""Users and items as vectors whose products tell who chooses what: alternating least squares for choices."""

from typing import Any, ClassVar

import numpy as np
from pydantic import Field

from harness.examples import Examples, Input, Rankings
from harness.methods.recommending import Table, histories, items, learnt, popularity, rankings
from harness.metric import FloatArray
from harness.model import Fitted, Model, Setting
from registry.frozen import Frozen


class MatrixFactorisationRecipe(Frozen):
    """The names of the paper."""

    factors: int = Field(default=32, ge=1, le=1_000)
    """Numbers of a vector."""
    regularisation: float = Field(default=1.0, gt=0)
    """Lambda: a larger value keeps vectors short; with one too large for a small table nothing is left of them."""
    alpha: float = Field(default=1.0, gt=0)
    """How much surer a choice is than that nothing was chosen."""
    iterations: int = Field(default=10, ge=1)
    """Rounds of users, then items."""


class MatrixFactorisation(Model):
    """A choice is a 1 of confidence 1 + alpha, everything else a 0 of confidence 1; ratings are ignored.

    A user's vector is computed of his history when he is asked about, so that users who were not in the train split
    have one, too; without a history it is zero, and he gets what is popular.

    Source: Hu, Koren and Volinsky 2008, "Collaborative filtering for implicit feedback datasets".
    """

    Recipe: ClassVar[type[Frozen]] = MatrixFactorisationRecipe
    version: ClassVar[int] = 1
    tasks: ClassVar[tuple[str, ...]] = ("recommendation",)

    def __init__(self, recipe: MatrixFactorisationRecipe, setting: Setting) -> None:
        super().__init__(recipe, setting)
        self.items = items(setting)
        self.popular: FloatArray = np.zeros(0)
        self.vectors: FloatArray = np.zeros((0, 0))

    @staticmethod
    def uses_seed(recipe: Any) -> bool:  # noqa: ARG004
        """It begins with vectors by chance."""
        return True

    def fit(self, train: Examples, validation: Examples) -> Fitted:  # noqa: ARG002
        """Learn the vectors of items. UserError where the train split has no choices."""
        table = learnt(train, self.items)
        self.popular = popularity(table)
        shape = (len(self.items.ids), self.recipe.factors)
        self.vectors = np.random.default_rng(self.setting.seed).normal(0.0, 0.01, shape)
        turned = table.T.tocsr()
        with self.setting.progress.step("train", self.recipe.iterations, "iterations") as step:
            for _ in range(self.recipe.iterations):
                self.vectors = self._solved(turned, self._solved(table, self.vectors))
                step.advance()
        return Fitted(trainable_parameters=self.vectors.size, total_parameters=self.vectors.size)

    def predict(self, inputs: tuple[Input, ...]) -> Rankings:
        """Items by the product of their vectors with that of the user."""
        return rankings(histories(inputs), self.items, self.popular, self._scores, self.setting.progress)

    def _scores(self, table: Table) -> FloatArray:
        return self._solved(table, self.vectors) @ self.vectors.T

    def _solved(self, table: Table, others: FloatArray) -> FloatArray:
        """(rows of the table, factors): for each row the vector that fits it best beside fixed vectors of its columns.

        Equation 4 of the paper, with Y'CY = Y'Y + alpha * the vectors of what was chosen.
        """
        alpha = self.recipe.alpha
        always = others.T @ others + self.recipe.regularisation * np.eye(others.shape[1])
        found = np.zeros((table.shape[0], others.shape[1]))
        for row in range(table.shape[0]):
            own = others[table.indices[table.indptr[row] : table.indptr[row + 1]]]
            if len(own):
                found[row] = np.linalg.solve(always + alpha * own.T @ own, (1 + alpha) * own.sum(axis=0))
        return found
