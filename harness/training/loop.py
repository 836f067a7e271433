"""Fine-tuning: one readable loop over token-budget batches.

Not the Trainer of transformers: on the measured machine the loop is over twice as fast as its best setting,
and every choice that changes weights is visible here. Knows no task: what is learnt, and how good it is, a head says.
Keeps the best epoch by that, and refuses to go on when the loss or the gradients stop being numbers.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import torch

from harness.training.batches import IntArray, padded_tokens, training_batches
from harness.training.head import Head, Labelled, wanted
from harness.training.machine import Machine
from harness.training.network import Network
from harness.training.vocabulary import UsedRows, restore, shrink
from registry.errors import UserError
from registry.progress import Progress, Step

_CLIP = 1.0


class Validation(NamedTuple):
    """How good the network is now, by the head's measure, on so many rows that it does not learn from."""

    rows: int
    measure: Callable[[Step], float]


@dataclass(frozen=True)
class Plan:
    """What the recipe asks for. `warmup_ratio` is a share of all steps; `patience` counts epochs."""

    epochs: int
    learning_rate: float
    warmup_ratio: float
    weight_decay: float
    tokens_per_batch: int
    patience: int | None
    seed: int


@dataclass
class History:
    """What happened. `tokens` without padding; `seconds` spent on training steps alone."""

    steps: int = 0
    examples: int = 0
    tokens: int = 0
    padded: int = 0
    seconds: float = 0.0
    loss: list[float] = field(default_factory=list)
    validation: list[float] = field(default_factory=list)
    best_epoch: int = 1

    def epochs_since_best(self) -> int:
        return len(self.loss) - self.best_epoch

    def facts(self, measure: str) -> dict[str, Any]:
        """Plain values for the record: `loss` and the measure on validation rows have one entry an epoch."""
        return {
            "steps": self.steps,
            "epochs": len(self.loss),
            "best_epoch": self.best_epoch,
            "tokens": self.tokens,
            "padding_share": round(1 - self.tokens / self.padded, 4),
            "loss": self.loss,
            f"validation_{measure}": self.validation,
            "examples_per_second": round(self.examples / self.seconds, 1),
        }


class TrainingDiverged(UserError):
    """The loss or the gradients are no longer numbers: the weights are lost."""

    def __init__(self, epoch: int, step: int, learning_rate: float) -> None:
        self.epoch, self.step, self.learning_rate = epoch, step, learning_rate
        where = f"epoch {epoch}, step {step}, learning rate {learning_rate:.3g}"
        do = "Try a smaller learning_rate or a longer warmup_ratio."
        super().__init__(f"training diverged in {where}: the loss is not a finite number", do=do)


def fine_tune(
    network: Network,
    head: Head,
    train: Labelled,
    validation: Validation,
    plan: Plan,
    machine: Machine,
    progress: Progress,
) -> History:
    """Train `network` in place; it ends with the weights of the best epoch. Raises TrainingDiverged.

    The best epoch is the first with the highest validation measure, or the last one without validation rows.
    """
    used = shrink(network.backbone, train.tokens.flat, train.tokens.pad)
    try:
        return _epochs(_Trainer(network, head, plan, machine), used, train, validation, progress)
    finally:
        if used is not None:
            restore(network.backbone, used)


def _epochs(
    trainer: "_Trainer", used: UsedRows | None, train: Labelled, validation: Validation, progress: Progress
) -> History:
    plan, history, best = trainer.plan, History(), None
    lengths, budget = train.tokens.lengths, plan.tokens_per_batch
    epochs = [training_batches(lengths, budget, plan.seed, epoch) for epoch in range(plan.epochs)]
    trainer.steps = sum(map(len, epochs))
    for number, batches in enumerate(epochs, start=1):
        with progress.step(_title(number, plan.epochs), len(train.tokens), "examples") as step:
            trainer.epoch(train, batches, history, step)
        if validation.rows == 0:
            history.best_epoch = number
            continue
        if used is not None:
            used.write_back()
        with progress.step("evaluate", validation.rows, "examples") as step:
            found = validation.measure(step)
        history.validation.append(found)
        if found > max(history.validation[:-1], default=-math.inf):
            history.best_epoch = number
            best = trainer.snapshot() if number < plan.epochs else None
        elif plan.patience is not None and history.epochs_since_best() >= plan.patience:
            break
    if best is not None:
        trainer.go_back(best)
    return history


class _Trainer:
    """What lives from step to step: weights, optimiser and schedule."""

    def __init__(self, network: Network, head: Head, plan: Plan, machine: Machine) -> None:
        self.network, self.head, self.plan, self.machine, self.steps = network, head, plan, machine, 1
        self.weights = [weight for weight in network.parameters() if weight.requires_grad]
        self.optimiser = torch.optim.AdamW(_groups(self.weights, plan.weight_decay), lr=0.0, fused=True)

    def snapshot(self) -> list[torch.Tensor]:
        return [weight.detach().clone() for weight in self.weights]

    def go_back(self, snapshot: list[torch.Tensor]) -> None:
        with torch.no_grad():
            for weight, before in zip(self.weights, snapshot, strict=True):
                weight.copy_(before)

    def epoch(self, train: Labelled, batches: list[IntArray], history: History, progress: Step) -> None:
        """One pass over `batches`; what it cost and its mean loss an example go into `history`."""
        self.network.train()
        began, total = time.perf_counter(), 0.0
        for rows in batches:
            rate = self._set_rate(history.steps)
            loss, norm = self._step(train, rows)
            if not math.isfinite(loss + norm):
                raise TrainingDiverged(len(history.loss) + 1, history.steps + 1, rate)
            total += loss * len(rows)
            history.steps += 1
            progress.advance(len(rows))
        history.seconds += time.perf_counter() - began
        history.examples += len(train.tokens)
        history.tokens += int(train.tokens.lengths.sum())
        history.padded += padded_tokens(batches, train.tokens.lengths)
        history.loss.append(total / len(train.tokens))

    def _step(self, train: Labelled, rows: IntArray) -> tuple[float, float]:
        """Mean loss of the batch before the step, and the norm of its gradient before clipping."""
        machine, head = self.machine, self.head
        with machine.autocast():
            scores = self.network(train.tokens.batch(rows), machine)
        targets = machine.tensor(wanted(train, rows, each_token=head.each_token))
        loss = head.loss(scores.float(), targets)
        torch.autograd.backward(loss)
        norm = torch.nn.utils.clip_grad_norm_(self.weights, _CLIP)
        self.optimiser.step()
        self.optimiser.zero_grad()
        return loss.item(), norm.item()

    def _set_rate(self, step: int) -> float:
        """Up in a straight line over the warm-up, then down to zero in another."""
        warmup = round(self.plan.warmup_ratio * self.steps)
        share = (step + 1) / warmup if step < warmup else (self.steps - step) / (self.steps - warmup)
        for group in self.optimiser.param_groups:
            group["lr"] = self.plan.learning_rate * share
        return self.plan.learning_rate * share


def _groups(weights: list[torch.nn.Parameter], decay: float) -> list[dict[str, object]]:
    """Biases and layer norms, the weights of one dimension, do not decay (as in the BERT paper's code)."""
    return [
        {"params": [weight for weight in weights if weight.ndim > 1], "weight_decay": decay},
        {"params": [weight for weight in weights if weight.ndim < 2], "weight_decay": 0.0},
    ]


def _title(epoch: int, epochs: int) -> str:
    return "train" if epochs == 1 else f"train, epoch {epoch} of {epochs}"
