"""Training only those rows of the word table that the train texts use.

The others never get a gradient, yet a plain optimiser reads and writes their weights and both of its moments
at every step: half of the memory traffic for MiniLM, nine tenths for a multilingual vocabulary. The result is
that of training the whole table, but for unused rows, which keep their weights instead of decaying.
"""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray


class UsedRows(torch.nn.Module):
    """Stands in for the word table while training. `write_back` brings the whole table up to date."""

    place: torch.Tensor

    def __init__(self, whole: torch.nn.Embedding, used: torch.Tensor) -> None:
        super().__init__()
        self.whole = whole.requires_grad_(False)
        self.used = used
        self.rows = torch.nn.Parameter(whole.weight.detach()[used].clone())
        place = torch.full((whole.num_embeddings,), -1, device=used.device)
        place[used] = torch.arange(len(used), device=used.device)
        self.place = place
        pad = -1 if whole.padding_idx is None else int(place[whole.padding_idx])
        self.padding = None if pad < 0 else pad

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """(rows, longest) token numbers -> (rows, longest, hidden). Only train texts while training."""
        if self.training:
            return torch.nn.functional.embedding(self.place[ids], self.rows, self.padding)
        found: torch.Tensor = self.whole(ids)
        return found

    def write_back(self) -> None:
        with torch.no_grad():
            self.whole.weight[self.used] = self.rows


def shrink(backbone: Any, tokens: NDArray[np.int32], pad: int) -> UsedRows | None:
    """Put `UsedRows` for `tokens` in place of the word table; None where it is not a plain table."""
    table = backbone.get_input_embeddings()
    if type(table) is not torch.nn.Embedding:  # a subclass may scale or clip
        return None
    device = table.weight.device
    used = torch.unique(torch.cat([torch.from_numpy(tokens), torch.tensor([pad])])).long().to(device)
    rows = UsedRows(table, used)
    backbone.set_input_embeddings(rows)
    return rows


def restore(backbone: Any, rows: UsedRows) -> None:
    """The whole table back in its place, with what was learnt."""
    rows.write_back()
    backbone.set_input_embeddings(rows.whole.requires_grad_(True))
