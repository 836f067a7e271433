"""A toy world: a BERT of two layers made on the spot, and texts in which one word decides."""

import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from harness.device import Device
from harness.examples import Examples, Labels
from harness.model import Setting
from registry.progress import Silent
from tests import tiny_encoder
from tests.tiny_encoder import FILLER


@pytest.fixture(scope="session")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with config.json, model.safetensors and a tokenizer."""
    return tiny_encoder.save(tmp_path_factory.mktemp("tiny-bert"), ["good", "bad", *FILLER])


def examples(count: int, seed: int, labels: int = 2) -> Examples:
    """Texts of 3 to 12 words; label 1 has "good" among them, label 0 "bad"."""
    rng = np.random.default_rng(seed)
    gold = rng.integers(0, labels, count)
    texts = []
    for label in gold:
        words = rng.choice(FILLER, rng.integers(2, 12)).tolist()
        words.insert(int(rng.integers(0, len(words) + 1)), ("bad", "good")[label])
        texts.append(" ".join(words))
    return Examples(tuple(texts), Labels(gold.astype(np.int64)))


@pytest.fixture(autouse=True)
def _one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads that wait for each other are slower than one on a toy network, and slowest on a busy machine."""
    monkeypatch.setenv("OMP_NUM_THREADS", "1")


@pytest.fixture(autouse=True)
def _nothing_leaves_this_machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whoever opens a socket looks a host up first, even one that is a number."""
    asked: list[Any] = []
    look = socket.getaddrinfo

    def watched(host: Any, *rest: Any, **named: Any) -> Any:
        asked.append(host)
        return look(host, *rest, **named)

    monkeypatch.setattr(socket, "getaddrinfo", watched)
    yield
    assert set(asked) <= {"127.0.0.1", "localhost"}


@pytest.fixture
def toy() -> Callable[..., Examples]:
    return examples


@pytest.fixture
def setting(weights: Path) -> Callable[..., Setting]:
    """A setting on the CPU in fp32, with what a test changes."""

    def make(**changes: Any) -> Setting:
        usual = {"task": "text-classification", "languages": ("en",), "labels": ("negative", "positive"), "seed": 7}
        usual |= {"device": Device("cpu", "fp32")}
        return Setting(**{**usual, "progress": Silent(), "weights": weights, **changes})

    return make
