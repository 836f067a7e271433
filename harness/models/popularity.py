"""What most people chose, for everybody, without what one has chosen already: what any recommender must beat."""

from typing import ClassVar

import numpy as np

from harness.examples import Examples, Input, Rankings
from harness.methods.recommending import Table, histories, items, learnt, popularity, rankings
from harness.metric import FloatArray
from harness.model import Fitted, Model, NoRecipe, Setting


class Popularity(Model):
    """Counts the users of the train split; ratings are ignored."""

    version: ClassVar[int] = 1
    tasks: ClassVar[tuple[str, ...]] = ("recommendation",)

    def __init__(self, recipe: NoRecipe, setting: Setting) -> None:
        super().__init__(recipe, setting)
        self.items = items(setting)
        self.popular: FloatArray = np.zeros(0)

    def fit(self, train: Examples, validation: Examples) -> Fitted:  # noqa: ARG002
        """Count. UserError where the train split has no choices."""
        self.popular = popularity(learnt(train, self.items))
        facts = {"chosen_once_or_more": int(np.count_nonzero(self.popular))}
        return Fitted(trainable_parameters=0, total_parameters=0, facts=facts)

    def predict(self, inputs: tuple[Input, ...]) -> Rankings:
        """One order, but for what each user chose before."""
        return rankings(histories(inputs), self.items, self.popular, self._scores, self.setting.progress)

    def _scores(self, table: Table) -> FloatArray:
        """All the same, so that popularity alone decides."""
        return np.zeros(table.shape)
