"""How much each answer is to be doubted, from what a model that did not learn it gives: confident learning.

Owns the one place where cleanlab is used, an optional part of the installation. Source: Northcutt, Jiang and Chuang,
Confident learning: estimating uncertainty in dataset labels, JAIR 2021; for numbers their residuals alone.
"""

import importlib
import warnings
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from registry.annotation.votes import BoolArray, FloatArray, IntArray
from registry.errors import UserError

EXTRA = "annotation"


class Doubt(NamedTuple):
    """What is to be said against answers."""

    score: FloatArray
    """(rows,), 0 to 1: the higher, the more doubtful."""
    wrong: BoolArray | None
    """(rows,): which ones confident learning takes for wrong; None where it does not say."""


def require() -> None:
    """UserError where cleanlab is missing: to be told before models are fitted, which may take long."""
    _cleanlab("rank")


def single(given: IntArray, probabilities: NDArray[Any]) -> Doubt:
    """Of one label each: `given` (rows,) are columns of `probabilities` (rows, labels)."""
    scores = _cleanlab("rank").get_label_quality_scores(given, probabilities, method="normalized_margin")
    return Doubt(1 - scores, _wrong("filter", given, probabilities))


def multi(given: BoolArray, probabilities: NDArray[Any]) -> Doubt:
    """Of sets of labels: `given` (rows, labels), and the probability that each label is in each set.

    A label that all sets have, or none, says nothing against any of them.
    """
    told = given.any(axis=0) & ~given.all(axis=0)
    if not told.any():
        return Doubt(np.zeros(len(given)), np.zeros(len(given), dtype=np.bool_))
    given, probabilities = given[:, told], probabilities[:, told]
    if given.shape[1] == 1:
        return single(given[:, 0].astype(np.int64), np.hstack([1 - probabilities, probabilities]))
    sets = [np.flatnonzero(row).tolist() for row in given]
    scores = _cleanlab("multilabel_classification.rank").get_label_quality_scores(sets, probabilities)
    return Doubt(1 - scores, _wrong("multilabel_classification.filter", sets, probabilities))


def tokens(given: IntArray, probabilities: NDArray[Any], starts: IntArray) -> Doubt:
    """Of the labels of tokens: `given` (tokens,), `probabilities` (tokens, labels). A text is as doubtful as its worst.

    `starts` (texts,) has the place of each text's first token; every text has one. Answers for texts.
    """
    labels = [part.tolist() for part in np.split(given, starts[1:])]
    parts = np.split(probabilities, starts[1:])
    scores, _ = _cleanlab("token_classification.rank").get_label_quality_scores(labels, parts)
    wrong = np.zeros(len(starts), dtype=np.bool_)
    wrong[[text for text, _ in _wrong("token_classification.filter", labels, parts)]] = True
    return Doubt(1 - scores, wrong)


def scale(given: FloatArray, expected: FloatArray) -> Doubt:
    """Of numbers (rows,), by how far each is from the one that is expected."""
    # Measured in their own spread: the score is exp(-distance), and far from 0 on a scale to 100 all would be 0.
    spread = float(given.std()) or 1.0
    rank = _cleanlab("regression.rank")
    return Doubt(1 - rank.get_label_quality_scores(given / spread, expected / spread, method="residual"), None)


def _wrong(module: str, given: Any, probabilities: Any) -> Any:
    """What confident learning takes for wrong. That it takes the only row of a label for right is no news to users."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return _cleanlab(module).find_label_issues(given, probabilities, n_jobs=1)


def _cleanlab(module: str) -> Any:
    try:
        return importlib.import_module(f"cleanlab.{module}")
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "cleanlab":
            raise
        do = f"`pip install 'cardbench[{EXTRA}]'` brings it."
        raise UserError("looking for wrong labels needs cleanlab, which is not installed", do=do) from None
