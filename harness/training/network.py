"""The network: a pretrained backbone with one linear layer on top, and reading with it without learning."""

import copy
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray

from harness.training.batches import sorted_batches
from harness.training.machine import Machine
from harness.training.tokenize import Padded, Tokens
from registry.progress import Step

INFERENCE_TOKENS = 2_048
"""Tokens in a batch without gradients: twice the training budget was the fastest on the measured CPU."""

Reading = Literal["mean", "cls", "tokens"]
"""What of a text gets scores: the mean over its tokens, its first token, or each of its tokens."""


class Network(torch.nn.Module):
    """Tokens -> one vector a text, or one a token -> dropout -> `width` scores for each."""

    def __init__(self, backbone: Any, width: int, reading: Reading, dropout: float) -> None:
        super().__init__()
        self.backbone = backbone
        self.reading = reading
        self.dropout = torch.nn.Dropout(dropout)
        self.head = torch.nn.Linear(backbone.config.hidden_size, width)
        torch.nn.init.normal_(self.head.weight, std=0.02)  # as BERT initialises its own layers
        torch.nn.init.zeros_(self.head.bias)
        for name, weight in backbone.named_parameters():
            weight.requires_grad_("pooler" not in name)  # computed by transformers, never used here

    def forward(self, batch: Padded, machine: Machine) -> torch.Tensor:
        """(rows, longest) token numbers -> (rows, width) scores, or (rows, longest, width)."""
        scores: torch.Tensor = self.head(self.dropout(vectors(self.backbone, self.reading, batch, machine)))
        return scores


def vectors(backbone: Any, reading: Reading, batch: Padded, machine: Machine) -> torch.Tensor:
    """(rows, longest) token numbers -> (rows, hidden) or (rows, longest, hidden), in fp32."""
    mask = machine.tensor(batch.mask)
    known = {"input_ids": machine.tensor(batch.ids), "attention_mask": mask}
    if batch.types is not None:
        known["token_type_ids"] = machine.tensor(batch.types)
    hidden: torch.Tensor = backbone(**known).last_hidden_state
    if reading == "tokens":
        return hidden.float()
    if reading == "cls":
        return hidden[:, 0].float()
    weights = mask.unsqueeze(-1).float()
    return (hidden.float() * weights).sum(1) / weights.sum(1)


def features(backbone: Any, reading: Reading, tokens: Tokens, machine: Machine, step: Step) -> NDArray[np.float32]:
    """(n, hidden) vectors of texts, in the order of `tokens`, with the backbone as it is now."""
    backbone = for_reading(backbone, machine)
    out = np.zeros((len(tokens), backbone.config.hidden_size), dtype=np.float32)
    with torch.inference_mode():
        for rows in sorted_batches(tokens.lengths, INFERENCE_TOKENS):
            out[rows] = vectors(backbone, reading, tokens.batch(rows), machine).cpu().numpy()
            step.advance(len(rows))
    return out


def scores(network: Network, tokens: Tokens, machine: Machine, step: Step) -> NDArray[np.float32]:
    """(n, width), in the order of `tokens`; where each token is read, (tokens, width) in that of `tokens.flat`."""
    if network.reading == "tokens":
        return _token_scores(network, tokens, machine, step)
    found = machine.tensor(features(network.backbone, network.reading, tokens, machine, step))
    with torch.inference_mode():
        return _scored(network, found).cpu().numpy()


def _token_scores(network: Network, tokens: Tokens, machine: Machine, step: Step) -> NDArray[np.float32]:
    backbone = for_reading(network.backbone, machine)
    out = np.zeros((len(tokens.flat), network.head.out_features), dtype=np.float32)
    with torch.inference_mode():
        for rows in sorted_batches(tokens.lengths, INFERENCE_TOKENS):
            found = _scored(network, vectors(backbone, "tokens", tokens.batch(rows), machine))
            places, values = tokens.flattened(found.cpu().numpy(), rows)
            out[places] = values
            step.advance(len(rows))
    return out


def _scored(network: Network, found: torch.Tensor) -> torch.Tensor:
    return torch.nn.functional.linear(found, network.head.weight, network.head.bias)


def for_reading(backbone: Any, machine: Machine) -> Any:
    """The network to read with, dropout off: itself in fp32, else a copy with weights in bf16.

    A copy that is cast as a whole is faster than casting at every product (autocast); the vectors keep a cosine above
    .999 to those of fp32.
    """
    if machine.precision == "fp32":
        return backbone.eval()
    return copy.deepcopy(backbone).to(torch.bfloat16).eval()
