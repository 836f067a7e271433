"""Greedy matching held against the formula worked by hand, and what the metric measures with a toy network."""

import numpy as np
import polars as pl
import pytest
import torch

from harness.device import Device
from harness.metrics.bertscore import Bertscore
from harness.training.bertscore import f1, greedy_f1
from tests import tiny_encoder

CPU = Device("cpu", "fp32")


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    return tiny_encoder.save(tmp_path_factory.mktemp("bert"), ["good", "bad", "film", "中"])


def turned(*degrees: float) -> torch.Tensor:
    """Vectors of length 1 in the plane."""
    angles = torch.deg2rad(torch.tensor(degrees))
    return torch.stack([torch.cos(angles), torch.sin(angles)], dim=1)


def test_precision_recall_and_f1_by_hand():
    """cos 0 = 1, cos 60 = 1/2, cos 90 = 0: precision (1 + 1/2) / 2, recall (1 + 0 + 1/2) / 3 of the text's two."""
    everything = torch.ones(2, dtype=torch.bool), torch.ones(3, dtype=torch.bool)
    text, reference = turned(0, 120), turned(0, 60, -90)
    precision, recall = (1 + 0.5) / 2, (1 + 0.5 + 0) / 3
    expected = 2 * precision * recall / (precision + recall)
    assert f1(text, reference, *everything) == pytest.approx(expected, abs=1e-6)


def test_what_does_not_count_can_still_be_found():
    count = torch.tensor([False, True]), torch.tensor([False, True])
    # The counted token of the text lies upon the uncounted one of the reference; recall finds only 90 degrees or 60.
    assert f1(turned(90, 0), turned(0, 60), *count) == pytest.approx(2 * 1 * 0.8660254 / 1.8660254, abs=1e-6)


def test_what_points_away_scores_nothing():
    one = torch.ones(1, dtype=torch.bool)
    assert f1(turned(0), turned(180), one, one) == 0.0
    assert f1(turned(0), turned(90), one, one) == pytest.approx(0.0, abs=1e-6)


def test_lines_are_scored_in_their_order(weights):
    lines = pl.DataFrame(
        {
            "predicted": ["good film", "bad", "", "good", "good " * 500, "中 \ud800".replace("\ud800", "\ufffd")],
            "gold": ["good film", "good film", "good", "", "good", "好"],
        }
    )
    found = Bertscore().measure(lines, weights, CPU)
    assert found[0] == pytest.approx(1, abs=1e-5)
    assert 0 < found[1] < 1
    assert found[2] == found[3] == 0
    assert 0 < found[4] < 1
    alone = [
        greedy_f1([text], [reference], weights, CPU)[0] for text, reference in lines.select("predicted", "gold").rows()
    ]
    np.testing.assert_allclose(found, alone, atol=1e-5)
    assert Bertscore().measure(lines.clear(), weights, CPU).shape == (0,)


def test_precision_and_recall_change_places(weights):
    texts, others = ["good film bad", "bad"], ["film film", "good bad film good"]
    np.testing.assert_allclose(
        greedy_f1(texts, others, weights, CPU), greedy_f1(others, texts, weights, CPU), atol=1e-6
    )
