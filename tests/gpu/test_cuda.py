"""The CUDA path, for machines that have one: `make test-gpu`. It has not been run on a GPU yet."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from harness.device import Device
from harness.examples import Examples, Labels
from harness.model import Setting
from harness.models.encoder import Encoder, EncoderRecipe
from registry.progress import Silent
from tests import tiny_encoder

pytestmark = pytest.mark.gpu


@pytest.fixture(autouse=True)
def _a_device() -> None:
    import torch

    if not torch.cuda.is_available():
        pytest.skip("no CUDA device here")


@pytest.fixture
def fitted(tmp_path: Path) -> Callable[[str], Encoder]:
    folder = tiny_encoder.save(tmp_path / "tiny", ["good", "bad", *tiny_encoder.FILLER])
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 2, 400)
    texts = tuple(f"{('bad', 'good')[label]} {' '.join(rng.choice(tiny_encoder.FILLER, 4))}" for label in labels)

    def fit(precision: str) -> Encoder:
        names, device = ("negative", "positive"), Device("cuda", precision)
        setting = Setting("text-classification", names, ("en",), 1, device, Silent(), folder)
        model = Encoder(EncoderRecipe(epochs=3, learning_rate=1e-3), setting)
        model.fit(Examples(texts, Labels(labels)), Examples((), Labels(np.empty(0, dtype=np.int64))))
        return model

    return fit


@pytest.mark.parametrize("precision", ["bf16", "fp32"])
def test_fine_tuning_learns_on_cuda(fitted: Callable[[str], Encoder], precision: str) -> None:
    found = fitted(precision).predict(("good a b", "bad a b") * 20)
    assert (found.labels == np.array([1, 0] * 20)).mean() > 0.9


def test_the_same_seed_gives_the_same_answers(fitted: Callable[[str], Encoder]) -> None:
    texts = ("good a b", "bad c d", "a b c") * 20
    one, two = fitted("fp32").predict(texts), fitted("fp32").predict(texts)
    assert one.probabilities is not None
    assert two.probabilities is not None
    np.testing.assert_array_equal(one.probabilities, two.probabilities)
