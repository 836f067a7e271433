"""A conditional random field over tokens and their neighbours (CRFsuite): the tagger that costs seconds.

Owns what a token is described by; learning is CRFsuite's. Refuses a train split without tokens.
"""

import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from pydantic import Field

from harness.device import Device
from harness.examples import Examples, Tags
from harness.methods.token_features import described, of_characters
from harness.model import Fitted, Model, Setting, Settled
from registry.errors import UserError
from registry.frozen import Frozen


class CrfRecipe(Frozen):
    """How freely weights are learnt, and for how long."""

    c1: float = Field(default=0.1, ge=0)
    """A larger value leaves fewer features with a weight (L1)."""
    c2: float = Field(default=0.01, ge=0)
    """A larger value keeps weights smaller (L2)."""
    max_iterations: int = Field(default=60, ge=1)
    """Passes over the train split (L-BFGS)."""


class Crf(Model):
    """A first-order linear chain, by L-BFGS, which draws nothing: another seed gives the same model."""

    Recipe: ClassVar[type[Frozen]] = CrfRecipe
    version: ClassVar[int] = 1
    tasks: ClassVar[tuple[str, ...]] = ("token-classification",)

    def __init__(self, recipe: CrfRecipe, setting: Setting) -> None:
        super().__init__(recipe, setting)
        self.tagger: Any = None
        self.by_character = False

    @staticmethod
    def resolve(recipe: CrfRecipe, device: Device) -> Settled:  # noqa: ARG004
        """CRFsuite comes with the installed package."""
        return {"python-crfsuite": version("python-crfsuite")}

    def fit(self, train: Examples, validation: Examples) -> Fitted:  # noqa: ARG002
        """Learn from train rows; the model is in a file for a moment only."""
        import pycrfsuite

        sentences, tags = _sentences(train.inputs), train.told(Tags).tags
        if not any(sentences):
            raise UserError("the crf family needs training rows, and the train split has no token")
        self.by_character = of_characters(sentences)
        trainer = pycrfsuite.Trainer("lbfgs", self.recipe.model_dump(), verbose=False)
        for tokens, right in zip(sentences, tags, strict=True):
            trainer.append(described(tokens, self.by_character), [str(tag) for tag in right])
        self.tagger = pycrfsuite.Tagger()
        with (
            self.setting.progress.step("train", self.recipe.max_iterations, "iterations") as step,
            tempfile.TemporaryDirectory() as folder,  # CRFsuite writes a file, and reads it as a whole
        ):
            trainer.message = lambda line: step.advance(int(trainer.logparser.feed(line) == "iteration"))
            trainer.train(str(Path(folder, "model")))
            self.tagger.open(str(Path(folder, "model")))
        steps = trainer.logparser.iterations
        weights = steps[-1]["active_features"] if steps else 0
        facts = {"characters": self.by_character, "steps": len(steps)}
        return Fitted(trainable_parameters=weights, total_parameters=weights, facts=facts)

    def predict(self, inputs: tuple[Any, ...]) -> Tags:
        """The likeliest sequence of tags for each sentence."""
        found = []
        with self.setting.progress.step("evaluate", len(inputs), "examples") as step:
            for tokens in _sentences(inputs):
                tags = self.tagger.tag(described(tokens, self.by_character)) if tokens else []
                found.append(np.array([int(tag) for tag in tags], dtype=np.int64))
                step.advance()
        return Tags(tuple(found))


def _sentences(inputs: tuple[Any, ...]) -> list[tuple[str, ...]]:
    return [sentence.tokens for sentence in inputs]
