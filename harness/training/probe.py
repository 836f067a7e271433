"""A linear layer on fixed vectors, fitted in fp64, the same every time: the head's loss makes it a classifier or ridge.

Not scikit-learn's: this one keeps a row for every label of the card, also for labels without training rows.
"""

import time
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from harness.training.head import Head, Labelled
from harness.training.loop import Validation
from harness.training.machine import Machine
from harness.training.network import Network, features
from registry.progress import Progress

Loss = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


class Linear(NamedTuple):
    """Scores are `vectors @ weight.T + bias`; `weight` is (width, hidden), `bias` is (width,)."""

    weight: NDArray[np.float64]
    bias: NDArray[np.float64]
    steps: int


def fit_linear(
    vectors: NDArray[np.float32], gold: NDArray[Any], width: int, strength: float, mean_loss: Loss
) -> Linear:
    """Minimise the summed loss plus |weight|^2 / (2 strength) over standardised `vectors` (n, hidden).

    `strength` is the C of scikit-learn. The standardisation is folded into the answer, so that it applies to
    vectors as they come. Every weight starts at zero: there is no randomness.
    """
    mean = vectors.mean(axis=0, dtype=np.float64)
    spread = vectors.std(axis=0, dtype=np.float64)
    spread[spread == 0] = 1.0  # a constant column carries nothing; it must not become nan
    inputs, target = torch.from_numpy((vectors - mean) / spread), torch.from_numpy(gold.copy())
    weight = torch.zeros(width, vectors.shape[1], dtype=torch.float64, requires_grad=True)
    bias = torch.zeros(width, dtype=torch.float64, requires_grad=True)
    solver: torch.optim.Optimizer = torch.optim.LBFGS(
        [weight, bias], max_iter=500, tolerance_grad=1e-6, line_search_fn="strong_wolfe"
    )

    def loss() -> float:
        solver.zero_grad()
        scores = torch.nn.functional.linear(inputs, weight, bias)
        value = mean_loss(scores, target) + weight.square().sum() / (2 * strength * len(gold))
        torch.autograd.backward(value)
        return value.item()

    solver.step(loss)
    folded = weight.detach().numpy() / spread
    steps = int(solver.state[weight]["n_iter"])
    return Linear(folded, bias.detach().numpy() - folded @ mean, steps)


def probe(
    network: Network,
    head: Head,
    train: Labelled,
    validation: Validation,
    strength: float,
    machine: Machine,
    progress: Progress,
) -> dict[str, Any]:
    """Freeze the backbone of `network`, fit its linear layer on vectors that are computed once. Gives plain facts."""
    network.backbone.requires_grad_(False)
    began = time.perf_counter()
    with progress.step("train", len(train.tokens), "examples") as step:
        vectors = features(network.backbone, network.reading, train.tokens, machine, step)
        found = fit_linear(vectors, train.targets, head.width, strength, head.loss)
    seconds = time.perf_counter() - began
    with torch.no_grad():
        network.head.weight.copy_(torch.from_numpy(found.weight))
        network.head.bias.copy_(torch.from_numpy(found.bias))
    facts = {"steps": found.steps, "examples_per_second": round(len(train.tokens) / seconds, 1)}
    if validation.rows == 0:
        return facts
    with progress.step("evaluate", validation.rows, "examples") as step:
        return facts | {f"validation_{head.measure}": [validation.measure(step)]}
