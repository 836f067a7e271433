"""Sequence to sequence: an encoder reads a text, a decoder writes another one; learnt by teacher forcing.

The loop is that of every fine-tuning here; this module only tells it what a batch is and what is lost on it.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from harness.training.batches import IntArray, sorted_batches
from harness.training.generate_load import Generative
from harness.training.loop import History, Plan, Validation, fine_tune
from harness.training.machine import Machine
from harness.training.network import INFERENCE_TOKENS
from harness.training.tokenize import Padded, Tokens, readable, tokenise
from registry.progress import Progress, Step

IGNORED = -100
"""The target of padding: transformers' own mark for tokens that are not learnt."""


class Both(NamedTuple):
    """Texts with what is to be written of them, as tokens."""

    source: Tokens
    target: Tokens

    def __len__(self) -> int:
        return len(self.source)

    @property
    def lengths(self) -> IntArray:
        """What a row costs: the tokens that are read and those that are written."""
        return self.source.lengths + self.target.lengths

    @property
    def flat(self) -> NDArray[np.int32]:
        return self.source.flat

    @property
    def pad(self) -> int:
        return self.source.pad

    def batch(self, rows: IntArray) -> "BothPadded":
        return BothPadded(self.source.batch(rows), self.target.batch(rows))


class BothPadded(NamedTuple):
    source: Padded
    target: Padded


class _Learner(torch.nn.Module):
    """Gives, of a batch, the nats of each row's target."""

    def __init__(self, network: Any) -> None:
        super().__init__()
        self.network = network

    @property
    def backbone(self) -> "_Learner":
        return self

    def get_input_embeddings(self) -> None:
        """None: the word table is also what scores words, so all of it learns at every step."""

    def forward(self, batch: BothPadded, machine: Machine) -> torch.Tensor:
        """(rows,) summed over tokens."""
        wanted = machine.tensor(np.where(batch.target.mask == 1, batch.target.ids, IGNORED))
        found = self.network(
            input_ids=machine.tensor(batch.source.ids), attention_mask=machine.tensor(batch.source.mask), labels=wanted
        ).logits
        return torch.nn.functional.cross_entropy(
            found.float().transpose(1, 2), wanted, ignore_index=IGNORED, reduction="none"
        ).sum(1)


class _Forcing:
    """What the training loop asks of a head: the mean loss of a batch's tokens."""

    measure = "log_likelihood"
    each_token = False
    width = 1

    def loss(self, nats: torch.Tensor, tokens: torch.Tensor) -> torch.Tensor:
        return nats.sum() / tokens.sum()


class _Learnt(NamedTuple):
    """Rows with how many tokens each has to learn."""

    tokens: Any
    targets: IntArray


def both(ready: Generative, sources: Sequence[str], targets: Sequence[str], longest: int, most: int) -> Both:
    """At most `longest` tokens of a source and `most` of a target; the special tokens are the tokenizer's own."""
    read = tokenise(ready.tokenizer, tuple(sources), longest)
    encoded = [
        ready.tokenizer(text_target=readable(text), truncation=True, max_length=most).input_ids for text in targets
    ]
    return Both(read, _flat(encoded, read.pad))


def learn(ready: Generative, train: Both, validation: Both, plan: Plan, progress: Progress) -> dict[str, Any]:
    """Train the network in place; it ends as it was after the epoch that found the validation targets most probable.

    Gives plain facts. Raises TrainingDiverged.
    """
    learner: Any = _Learner(ready.network)
    head: Any = _Forcing()

    def measure(step: Step) -> float:
        return -_nats_a_token(learner, validation, ready.machine, step)

    learnt: Any = _Learnt(train, train.target.lengths)
    checked = Validation(len(validation), measure)
    history: History = fine_tune(learner, head, learnt, checked, plan, ready.machine, progress)
    ready.network.eval()
    return history.facts(head.measure)


@torch.inference_mode()
def write(ready: Generative, sources: Sequence[str], longest: int, most: int, beams: int, step: Step) -> "Texts":
    """What the model writes of each source: the most probable token after each other, or the best of `beams` texts."""
    tokens = tokenise(ready.tokenizer, tuple(sources), longest)
    settings = _settings(ready, most, beams)
    texts, count = [""] * len(sources), 0
    for rows in sorted_batches(tokens.lengths * beams, INFERENCE_TOKENS):
        batch = tokens.batch(rows)
        ids, mask = ready.machine.tensor(batch.ids), ready.machine.tensor(batch.mask)
        with ready.machine.autocast():
            found = ready.network.generate(input_ids=ids, attention_mask=mask, generation_config=settings)
        count += int((found != ready.pad).sum())
        said = ready.tokenizer.batch_decode(found, skip_special_tokens=True)
        for row, text in zip(rows, said, strict=True):
            texts[row] = text.strip()
        step.advance(len(rows))
    return Texts(tuple(texts), int(tokens.lengths.sum()), count, tokens.cut_texts)


class Texts(NamedTuple):
    """What was written, the tokens that were read and written, and how many sources lost their end."""

    texts: tuple[str, ...]
    read: int
    written: int
    cut: int


def _settings(ready: Generative, most: int, beams: int) -> Any:
    """The model's own settings that say how a text begins and ends; of those that say how it is searched, ours."""
    from transformers import GenerationConfig

    own = ready.network.generation_config
    kept = {
        name: getattr(own, name, None) for name in ("decoder_start_token_id", "forced_bos_token_id", "bos_token_id")
    }
    kept |= {name: getattr(own, name, None) for name in ("forced_eos_token_id", "eos_token_id", "bad_words_ids")}
    return GenerationConfig(**kept, pad_token_id=ready.pad, max_new_tokens=most, num_beams=beams, do_sample=False)


@torch.inference_mode()
def _nats_a_token(learner: _Learner, rows: Both, machine: Machine, step: Step) -> float:
    learner.eval()
    total = 0.0
    for batch in sorted_batches(rows.lengths, INFERENCE_TOKENS):
        with machine.autocast():
            total += float(learner(rows.batch(batch), machine).sum())
        step.advance(len(batch))
    return total / int(rows.target.lengths.sum())


def _flat(rows: list[list[int]], pad: int) -> Tokens:
    lengths = np.array([len(row) for row in rows], dtype=np.int64)
    flat = np.array([token for row in rows for token in row], dtype=np.int32)
    return Tokens(flat, np.cumsum(lengths) - lengths, lengths, pad, 0)
