"""Greedy matching of the tokens of two texts: what the metric `bertscore` measures."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from harness.device import Device
from harness.training.batches import sorted_batches
from harness.training.load import load
from harness.training.machine import Machine
from harness.training.network import INFERENCE_TOKENS, for_reading, vectors
from harness.training.tokenize import Tokens, tokenise

LINES = 64
"""Whose vectors are held at once."""


def greedy_f1(texts: Sequence[str], references: Sequence[str], weights: Path, device: Device) -> NDArray[np.float64]:
    """(n,) from 0 to 1: F1 of each text against its reference. UserError where the weights cannot be used."""
    machine = Machine(device.kind, device.precision)
    loaded = load(weights, 0.0)
    found = np.zeros(len(texts))
    with machine.working(0), torch.inference_mode():
        backbone = for_reading(loaded.backbone.to(machine.kind), machine)
        ends = torch.tensor(_ends(loaded.tokenizer))
        for start in range(0, len(texts), LINES):
            chunk = slice(start, start + LINES)
            both = (*texts[chunk], *references[chunk])
            tokens = tokenise(loaded.tokenizer, both, loaded.max_length)
            units = _units(backbone, tokens, machine)
            count = [~torch.isin(torch.from_numpy(ids), ends) for ids in np.split(tokens.flat, tokens.starts[1:])]
            half = len(both) // 2
            for line in range(half):
                found[start + line] = f1(units[line], units[half + line], count[line], count[half + line])
    return found


def f1(text: torch.Tensor, reference: torch.Tensor, of_text: torch.Tensor, of_reference: torch.Tensor) -> float:
    """Of (tokens, hidden) vectors of length 1, and which of these tokens count; 0 where none counts on a side.

    Precision and recall at or below 0 make an F1 of 0.
    """
    if not of_text.any() or not of_reference.any():
        return 0.0
    cosines = text @ reference.T
    precision = float(cosines[of_text].max(dim=1).values.mean())
    recall = float(cosines[:, of_reference].max(dim=0).values.mean())
    return min(1.0, 2 * precision * recall / (precision + recall)) if min(precision, recall) > 0 else 0.0


def _ends(tokenizer: Any) -> list[int]:
    """What a tokenizer puts before, between and behind texts. An unknown word is a word, too."""
    known = (tokenizer.cls_token_id, tokenizer.sep_token_id, tokenizer.bos_token_id, tokenizer.eos_token_id)
    return [number for number in known if number is not None]


def _units(backbone: torch.nn.Module, tokens: Tokens, machine: Machine) -> list[torch.Tensor]:
    """(tokens, hidden) of each text in fp32, every vector of length 1."""
    found: list[torch.Tensor] = [torch.empty(0)] * len(tokens)
    for rows in sorted_batches(tokens.lengths, INFERENCE_TOKENS):
        hidden = vectors(backbone, "tokens", tokens.batch(rows), machine).cpu()
        for row, one in zip(rows.tolist(), hidden, strict=True):
            found[row] = torch.nn.functional.normalize(one[: tokens.lengths[row]], dim=1)
    return found
