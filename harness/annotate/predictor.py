"""A model that is fitted on rows, asked about others and forgotten: for questions about data, not about models.

Nothing it says is recorded as a run. Refuses models that cannot read the rows or know the labels.
"""

from typing import Any, NamedTuple

import polars as pl

from harness import weights
from harness.device import Device, detect
from harness.examples import Labels
from harness.kinds import FAMILIES, TASKS
from harness.model import Setting
from harness.spec import ModelCard, model_card
from harness.weights import Weights
from harness.workspace import Workspace
from registry.errors import UserError
from registry.identity import part
from registry.progress import Progress


class Predictor(NamedTuple):
    """A model card with its weights at hand."""

    card: ModelCard
    weights: Weights | None
    device: Device
    progress: Progress

    @property
    def identity(self) -> dict[str, Any]:
        """All of it that decides predictions but for the seed, as plain JSON."""
        family, recipe = FAMILIES.get(self.card.family), self.card.recipe
        found = {"family": self.card.family, "version": family.version, "recipe": part(recipe)}
        settled = {"resolved": family.resolve(recipe, self.device)}
        return found | settled | ({"weights": self.weights.identity} if self.weights else {})

    @property
    def seeded(self) -> bool:
        """Whether another seed can give other predictions."""
        return bool(FAMILIES.get(self.card.family).uses_seed(self.card.recipe))

    def check(self, task: str, labels: tuple[str, ...]) -> None:
        """UserError where it cannot read the inputs of a task, or makes no sense with a label set."""
        family = FAMILIES.get(self.card.family)
        objection = family.unfit(labels) if task in family.tasks else f"cannot read the inputs of {task}"
        objection = "it starts a program, which only `bench run --allow-code` does" if family.runs_code else objection
        if objection:
            what = f"the model {self.card.name} cannot be asked: {objection}"
            raise UserError(what, do="`bench list models` shows the others.")

    def predict(
        self,
        task: str,
        labels: tuple[str, ...],
        learnt: tuple[pl.DataFrame, pl.DataFrame],
        asked: pl.DataFrame,
        seed: int,
    ) -> Labels:
        """What it says of `asked` after it learnt from train and validation rows, in order of the rows."""
        encode = TASKS.get(task)()
        folder = self.weights.folder if self.weights else None
        setting = Setting(task, labels, (), seed, self.device, self.progress, folder)
        model = FAMILIES.get(self.card.family)(self.card.recipe, setting)
        train, validation = (encode.examples(rows, labels) for rows in learnt)
        model.fit(train, validation)
        found = model.predict(encode.inputs(asked, asked.clear()))
        if not isinstance(found, Labels):
            raise UserError(f"the model {self.card.name} does not answer {task} with labels")
        return found


def predictor(name: str, workspace: Workspace) -> Predictor:
    """The model of a card. UserError where its weights cannot be had."""
    card = model_card(workspace.catalog, name)
    context = workspace.weights_context(name, offline=workspace.offline)
    return Predictor(card, weights.fetch(card.weights, context) if card.weights else None, detect(), workspace.progress)
