"""Predictions of one label a text."""

import numpy as np
import polars as pl

from harness.examples import Labels
from harness.tasks.text_classification import TextClassification


class Untouchable(np.ndarray):
    """An array that cannot be turned into Python lists."""

    def tolist(self):
        raise AssertionError("Python per row")


def test_probabilities_become_lists_without_python_per_row():
    rows = pl.DataFrame({"id": ["b", "a"], "text": ["t", "u"], "label": ["x", "y"]})
    given = np.array([[0.25, 0.75], [0.5, 0.5]]).view(Untouchable)
    found = TextClassification().predictions(rows, Labels(np.array([1, 0]), given), ("x", "y"))
    assert found["probabilities"].dtype == pl.List(pl.Float32)
    assert found["probabilities"].to_list() == [[0.5, 0.5], [0.25, 0.75]]
    assert found["predicted"].to_list() == ["x", "y"]
