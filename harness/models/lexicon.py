"""Sentiment from word lists and rules (VADER, Hutto & Gilbert, ICWSM 2014): learns nothing, reads English.

Owns the way from VADER's compound score to labels. Refuses label sets other than negative, positive and,
optionally, neutral.
"""

from importlib.metadata import version
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from harness.device import Device
from harness.examples import Examples, Input, Labels
from harness.model import Fitted, Model, Setting, Settled
from registry.errors import UserError, plural
from registry.frozen import Frozen

_KNOWN = ("negative", "neutral", "positive")
_READ = 10_000
"""Characters of a text that are read. VADER's handling of "but" takes time that grows with the square of the
words: half a minute for 100,000 characters of it, a third of a second for this many."""


class LexiconRecipe(Frozen):
    """`threshold` is VADER's own: a compound score nearer to zero than this is neutral."""

    threshold: float = Field(default=0.05, ge=0, le=1)


class Lexicon(Model):
    """VADER's compound score in [-1, 1], cut into labels.

    With `neutral` in the label set: positive from `threshold` up, negative from `-threshold` down, neutral
    between. Without it the sign decides; a score of exactly 0 says nothing, and gets the more frequent of
    the train labels (the first of the label set on a tie and where there is no training data). Of a text
    longer than 10,000 characters only these many are read, which is told.
    """

    Recipe: ClassVar[type[Frozen]] = LexiconRecipe
    version: ClassVar[int] = 1
    tasks: ClassVar[tuple[str, ...]] = ("text-classification",)
    needs_training_data: ClassVar[bool] = False

    def __init__(self, recipe: LexiconRecipe, setting: Setting) -> None:
        _check(setting.labels)
        super().__init__(recipe, setting)
        self.undecided = setting.labels.index("neutral") if "neutral" in setting.labels else 0

    @staticmethod
    def unfit(labels: tuple[str, ...]) -> str | None:
        """VADER tells negative, positive and, where asked, neutral."""
        return _objection(labels)

    @staticmethod
    def resolve(recipe: LexiconRecipe, device: Device) -> Settled:  # noqa: ARG004
        """The lexicon and its rules come with the installed package, so its version decides what is found."""
        return {"vaderSentiment": version("vaderSentiment")}

    def fit(self, train: Examples, validation: Examples) -> Fitted:  # noqa: ARG002
        """Look up the more frequent train label for scores of 0, where there is no neutral label."""
        if "neutral" not in self.setting.labels and len(train):
            self.undecided = int(np.bincount(train.told(Labels).labels).argmax())
        facts = {"undecided": self.setting.labels[self.undecided]}
        return Fitted(trainable_parameters=0, total_parameters=0, facts=facts)

    def predict(self, inputs: tuple[Input, ...]) -> Labels:
        """Labels without probabilities: a compound score is not one."""
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

        score = SentimentIntensityAnalyzer().polarity_scores
        compounds = np.zeros(len(inputs))
        with self.setting.progress.step("evaluate", len(inputs), "examples") as step:
            for row, text in enumerate(inputs):
                compounds[row] = score(str(text)[:_READ])["compound"]
                step.advance()
        long = sum(len(text) > _READ for text in inputs)
        if long:
            self.setting.progress.say(f"lexicon read the first {_READ:,} characters only of {plural(long, 'text')}")
        return Labels(self._labels(compounds), None)

    def _labels(self, compounds: NDArray[np.float64]) -> NDArray[np.int64]:
        """(n,) compound scores -> (n,) label indices."""
        labels = self.setting.labels
        at = self.recipe.threshold if "neutral" in labels else 0.0
        positive, negative = compounds >= at, compounds <= -at
        decided = np.where(positive, labels.index("positive"), labels.index("negative"))
        silent = positive == negative  # neither, or both: a score of 0 at threshold 0
        return np.where(silent, self.undecided, decided).astype(np.int64)


def _objection(labels: tuple[str, ...]) -> str | None:
    unknown = [label for label in labels if label not in _KNOWN]
    missing = [label for label in ("negative", "positive") if label not in labels]
    if not unknown and not missing:
        return None
    told = f"does not know {', '.join(unknown)}" if unknown else f"needs the label {' and '.join(missing)}"
    return f"the lexicon family {told}: its labels are negative, positive and optionally neutral"


def _check(labels: tuple[str, ...]) -> None:
    objection = _objection(labels)
    if objection:
        do = "Leave this model out of the suite, or map the card's labels to these names."
        raise UserError(objection, do=do)
