"""A decoder at work: how probable texts and continuations are, and what it writes on its own.

Rows are sorted by length and share batches. What all prompts begin with is read once (its keys and values are kept).
Every batch is padded on the left, so that the last column is the place where an answer begins.
"""

import copy
import inspect
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from harness.training.batches import sorted_batches
from harness.training.generate_load import Generative
from registry.progress import Step

Row = Sequence[int]
BATCH_TOKENS = 2_048
"""Tokens in a batch, what is shared included, because its keys and values are copied for every row."""
BATCH_SCORES = 1 << 26
"""Numbers in a batch of which every token's distribution is needed: a quarter of a gigabyte in fp32."""
SHORTEST_SHARED = 16
"""A shorter beginning is not worth reading apart."""


class Written(NamedTuple):
    """What was written, and how many tokens that took."""

    texts: list[str]
    tokens: int


class Begun(NamedTuple):
    """Prompts that were read: where the next token's scores are, and what the network keeps of what it read."""

    scores: torch.Tensor
    """(n, vocabulary) logarithms of probabilities in fp32."""
    cache: Any
    mask: torch.Tensor
    """(n, read)."""


class Decoder:
    """Prompts in, probabilities or texts out; all of them of one run, since they share their beginning."""

    def __init__(self, ready: Generative, prompts: Sequence[Row]) -> None:
        """`prompts` as tokens, none of them empty."""
        self.ready, self.prompts = ready, prompts
        accepted = inspect.signature(ready.network.forward).parameters
        self.places, self.last = "position_ids" in accepted, "logits_to_keep" in accepted
        self.shared = _common(prompts)
        self.cache = self._shared_cache() if self.shared else None

    @torch.inference_mode()
    def continuations(self, options: Sequence[Sequence[Row]], step: Step) -> NDArray[np.float64]:
        """(n, options) log probability of each option behind each prompt. No option is empty."""
        found = np.zeros((len(self.prompts), len(options[0]) if options else 0))
        for rows in self._batches(max((len(one) for row in options for one in row), default=0)):
            begun = self._begin(rows)
            for number in range(found.shape[1]):
                found[rows, number] = self._score(begun, [options[row][number] for row in rows])
            step.advance(len(rows))
        return found

    @torch.inference_mode()
    def write(self, most: int, temperature: float, stop: str, step: Step) -> Written:
        """What follows each prompt: at most so many tokens, until the model ends it or `stop` was written."""
        texts, tokens = [""] * len(self.prompts), 0
        for rows in self._batches(most):
            written = self._continue(self._begin(rows), most, temperature, stop)
            for row, one in zip(rows, written, strict=True):
                text = self._text(one).lstrip()
                texts[row] = text.split(stop)[0] if stop else text
            tokens += sum(map(len, written))
            step.advance(len(rows))
        return Written(texts, tokens)

    def _batches(self, more: int) -> list[NDArray[np.int64]]:
        lengths = np.array([len(prompt) + more for prompt in self.prompts], dtype=np.int64)
        return sorted_batches(lengths, BATCH_TOKENS)

    def _shared_cache(self) -> Any:
        with torch.inference_mode():
            beginning = self._tensor([self.prompts[0][: self.shared]])
            return self._forward(beginning, torch.ones_like(beginning), None).past_key_values

    def _begin(self, rows: NDArray[np.int64]) -> Begun:
        rest = [self.prompts[row][self.shared :] for row in rows]
        width = max(map(len, rest))
        ids = self._tensor([[self.ready.pad] * (width - len(one)) + list(one) for one in rest])
        seen = [[1] * self.shared + [0] * (width - len(one)) + [1] * len(one) for one in rest]
        mask, cache = self._tensor(seen), copy.deepcopy(self.cache)
        if cache is not None:
            cache.batch_repeat_interleave(len(rows))
        found = self._forward(ids, mask, cache)
        return Begun(_logarithms(found), found.past_key_values, mask)

    def _score(self, begun: Begun, options: list[Row]) -> NDArray[np.float64]:
        """(n,) log probability of one option a row."""
        width = max(map(len, options))
        ids = self._tensor([list(one) + [self.ready.pad] * (width - len(one)) for one in options])
        there = self._tensor([[1] * len(one) + [0] * (width - len(one)) for one in options])
        found = begun.scores.gather(1, ids[:, :1])
        if width > 1:
            mask = torch.cat([begun.mask, there[:, :-1]], dim=1)
            after = self._forward(ids[:, :-1], mask, copy.deepcopy(begun.cache), every=True).logits
            told = after.float().log_softmax(-1).gather(2, ids[:, 1:, None]).squeeze(2)
            found = torch.cat([found, told * there[:, 1:]], dim=1)
        total: NDArray[np.float64] = found.double().sum(1).cpu().numpy()
        return total

    def _continue(self, begun: Begun, most: int, temperature: float, stop: str) -> list[list[int]]:
        scores, cache, mask = begun
        written: list[list[int]] = [[] for _ in range(len(scores))]
        alive = list(range(len(scores)))
        for number in range(1, most + 1):
            chosen = _chosen(scores, temperature).tolist()
            for row, token in zip(alive, chosen, strict=True):
                written[row].append(token)
            kept = [place for place, row in enumerate(alive) if not self._ended(written[row], stop)]
            if not kept or number == most:
                break
            if len(kept) < len(alive):
                cache.batch_select_indices(torch.tensor(kept, device=mask.device))
                mask, alive = mask[kept], [alive[place] for place in kept]
            mask = torch.cat([mask, mask.new_ones(len(kept), 1)], dim=1)
            found = self._forward(self._tensor([[chosen[place]] for place in kept]), mask, cache)
            scores, cache = _logarithms(found), found.past_key_values
        return written

    def _ended(self, written: list[int], stop: str) -> bool:
        if written[-1] in self.ready.ends:
            return True
        return bool(stop) and stop[-1] in self._text(written[-1:]) and stop in self._text(written).lstrip()

    def _text(self, tokens: list[int]) -> str:
        return str(self.ready.tokenizer.decode(tokens, skip_special_tokens=True))

    def _forward(self, ids: torch.Tensor, mask: torch.Tensor, cache: Any, *, every: bool = False) -> Any:
        """Logits of the last token, or of every one; positions count what is not padding."""
        asked: dict[str, Any] = {"input_ids": ids, "attention_mask": mask, "past_key_values": cache, "use_cache": True}
        if self.places:
            asked["position_ids"] = (mask.cumsum(1) - 1).clamp(min=0)[:, -ids.shape[1] :]
        if self.last and not every:
            asked["logits_to_keep"] = 1
        return self.ready.network(**asked)

    def _tensor(self, rows: list[Any]) -> torch.Tensor:
        return self.ready.machine.tensor(np.array(rows, dtype=np.int64))


class Window(NamedTuple):
    """Tokens that are read at once; the first `known` of them were counted before, or begin the text."""

    row: int
    tokens: Row
    known: int


def windows(rows: Sequence[Row], longest: int, stride: int) -> list[Window]:
    """Every token of a row but its first counts in one window, with at least `longest - stride` tokens before it
    wherever the row has them."""
    found = []
    for number, row in enumerate(rows):
        end = 1
        while end < len(row):
            last = min(len(row), longest if end == 1 else end + stride)
            first = max(0, last - longest)
            found.append(Window(number, row[first:last], end - first))
            end = last
    return found


@torch.inference_mode()
def surprise(ready: Generative, rows: Sequence[Row], longest: int, stride: int, step: Step) -> NDArray[np.float64]:
    """(n,) nats of each row of tokens behind its first one, which only begins it."""
    found = np.zeros(len(rows))
    parts = windows(rows, longest, stride)
    lengths = np.array([len(part.tokens) for part in parts], dtype=np.int64)
    budget = min(BATCH_TOKENS, max(1, BATCH_SCORES // ready.network.config.vocab_size))
    for batch in sorted_batches(lengths, budget):
        together = [parts[place] for place in batch]
        for part, nats in zip(together, _nats(ready, together), strict=True):
            found[part.row] += nats
        step.advance(len(batch))
    return found


def _nats(ready: Generative, batch: list[Window]) -> list[float]:
    width = max(len(part.tokens) for part in batch)
    padded = [list(part.tokens) + [ready.pad] * (width - len(part.tokens)) for part in batch]
    ids = ready.machine.tensor(np.array(padded, dtype=np.int64))
    read = ready.machine.tensor(np.array([[1] * len(p.tokens) + [0] * (width - len(p.tokens)) for p in batch]))
    logits = ready.network(input_ids=ids, attention_mask=read, use_cache=False).logits[:, :-1]
    lost = torch.nn.functional.cross_entropy(logits.transpose(1, 2).float(), ids[:, 1:], reduction="none")
    places = torch.arange(1, width, device=lost.device)
    known = ready.machine.tensor(np.array([part.known for part in batch]))
    counted = (places >= known[:, None]) & (read[:, 1:] == 1)
    return [float(nats) for nats in (lost.double() * counted).sum(1).cpu()]


def _chosen(scores: torch.Tensor, temperature: float) -> torch.Tensor:
    if temperature == 0:
        return scores.argmax(1)
    return torch.multinomial((scores / temperature).softmax(1), 1).squeeze(1)


def _logarithms(found: Any) -> torch.Tensor:
    scores: torch.Tensor = found.logits[:, -1].float().log_softmax(-1)
    return scores


def _common(prompts: Sequence[Row]) -> int:
    """Tokens that all prompts begin with, each of them having at least one more; 0 where that brings nothing."""
    if len(prompts) < 2:
        return 0
    least, most = min(map(list, prompts)), max(map(list, prompts))
    shared = next(
        (place for place, (one, other) in enumerate(zip(least, most, strict=False)) if one != other), len(least)
    )
    shared = min(shared, min(map(len, prompts)) - 1)
    return shared if shared >= SHORTEST_SHARED else 0
