"""A pretrained network with a linear classifier on top, and everything it does without learning."""

import copy
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray

from harness.training.batches import IntArray, sorted_batches
from harness.training.machine import Machine
from harness.training.tokenize import Padded, Tokens
from registry.progress import Step

INFERENCE_TOKENS = 2_048
"""Tokens in a batch without gradients: twice the training budget was the fastest on the measured CPU."""


class Classifier(torch.nn.Module):
    """Tokens -> one vector a text -> dropout -> one score a label."""

    def __init__(self, backbone: Any, labels: int, pooling: Literal["mean", "cls"], dropout: float) -> None:
        super().__init__()
        self.backbone = backbone
        self.pooling = pooling
        self.dropout = torch.nn.Dropout(dropout)
        self.head = torch.nn.Linear(backbone.config.hidden_size, labels)
        torch.nn.init.normal_(self.head.weight, std=0.02)  # as BERT initialises its own layers
        torch.nn.init.zeros_(self.head.bias)
        for name, weight in backbone.named_parameters():
            weight.requires_grad_("pooler" not in name)  # computed by transformers, never used here

    def forward(self, batch: Padded, machine: Machine) -> torch.Tensor:
        """(rows, longest) token numbers -> (rows, labels) scores before softmax."""
        scores: torch.Tensor = self.head(self.dropout(_pooled(self.backbone, self.pooling, batch, machine)))
        return scores


def _pooled(backbone: Any, pooling: str, batch: Padded, machine: Machine) -> torch.Tensor:
    """(rows, longest) token numbers -> (rows, hidden) in fp32: the mean over what is not padding."""
    mask = machine.tensor(batch.mask)
    known = {"input_ids": machine.tensor(batch.ids), "attention_mask": mask}
    if batch.types is not None:
        known["token_type_ids"] = machine.tensor(batch.types)
    hidden: torch.Tensor = backbone(**known).last_hidden_state
    if pooling == "cls":
        return hidden[:, 0].float()
    weights = mask.unsqueeze(-1).float()
    return (hidden.float() * weights).sum(1) / weights.sum(1)


def features(network: Classifier, tokens: Tokens, machine: Machine, step: Step) -> NDArray[np.float32]:
    """(n, hidden) pooled vectors, in the order of `tokens`, with `network` as it is now.

    In bf16 a copy of the backbone is cast as a whole, which is faster than casting at every product
    (autocast); the vectors keep a cosine above .999 to those of fp32.
    """
    backbone = _for_reading(network.backbone, machine)
    out = np.zeros((len(tokens), network.head.in_features), dtype=np.float32)
    with torch.inference_mode():
        for rows in sorted_batches(tokens.lengths, INFERENCE_TOKENS):
            out[rows] = _pooled(backbone, network.pooling, tokens.batch(rows), machine).cpu().numpy()
            step.advance(len(rows))
    return out


def probabilities(network: Classifier, tokens: Tokens, machine: Machine, step: Step) -> NDArray[np.float32]:
    """(n, labels) softmax probabilities, in the order of `tokens`."""
    vectors = machine.tensor(features(network, tokens, machine, step))
    with torch.inference_mode():
        scores = torch.nn.functional.linear(vectors, network.head.weight, network.head.bias)
        return scores.softmax(dim=1).cpu().numpy()


def accuracy(network: Classifier, tokens: Tokens, labels: IntArray, machine: Machine, step: Step) -> float:
    """Share of `tokens` whose most probable label is theirs."""
    return float((probabilities(network, tokens, machine, step).argmax(1) == labels).mean())


def _for_reading(backbone: Any, machine: Machine) -> Any:
    """The network to read with, dropout off: itself in fp32, else a copy with weights in bf16."""
    if machine.precision == "fp32":
        return backbone.eval()
    return copy.deepcopy(backbone).to(torch.bfloat16).eval()
