"""The contract of a head: how one kind of answer is learnt from an encoder's vectors and read off its scores.

The training loop knows no task and no kind of answer; a head knows no network, optimiser or device.
"""

from typing import Any, ClassVar, NamedTuple, Protocol

import numpy as np
import torch
from numpy.typing import NDArray

from harness.examples import Answers, Examples, Input
from harness.training.tokenize import IntArray, Tokens, tokenise

Scores = NDArray[np.float32]


class Reader(NamedTuple):
    """The tokenizer of a network, and the most tokens that a text may have with it."""

    tokenizer: Any
    max_length: int
    types: bool
    """Whether the network has learnt which text of a pair a token is of."""

    def texts(self, inputs: tuple[Input, ...]) -> Tokens:
        """Texts or pairs, one row each."""
        return tokenise(self.tokenizer, inputs, self.max_length, types=self.types)


class Read(NamedTuple):
    """Inputs as tokens. `place` is what the head needs beside them to read answers off scores."""

    tokens: Tokens
    place: Any = None
    facts: dict[str, int] = {}
    """What was left out or taken apart, for the record."""


class Labelled(NamedTuple):
    """Tokens with what is to be learnt of them."""

    tokens: Tokens
    targets: NDArray[Any]
    """A row for each row of `tokens`; of a head of `each_token` a number beside each of `tokens.flat`, 0 for none."""
    facts: dict[str, int] = {}
    """As those of `Read`."""


class Head(Protocol):
    """One file in `harness/training/heads`. It keeps what it must remember of the train rows."""

    measure: ClassVar[str]
    """What `quality` is; larger is better."""
    each_token: ClassVar[bool]
    """Whether every token gets scores; else every text does."""
    width: int
    """Scores that are asked of the network."""

    def read(self, inputs: tuple[Input, ...]) -> Read:
        """Inputs as tokens, for predicting."""

    def learn(self, train: Examples) -> Labelled:
        """The train rows as tokens with targets. UserError where they hold nothing to learn."""

    def loss(self, scores: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """The mean over a batch: (rows, width) scores, or (rows, longest, width), against their targets."""

    def answers(self, scores: Scores, read: Read) -> Answers:
        """(n, width) scores, or (all tokens, width), to answers in the order of the inputs."""

    def quality(self, found: Any, told: Any) -> float:
        """How good answers are, for choosing the best epoch. There is at least one."""


def wanted(train: Labelled, rows: IntArray, *, each_token: bool) -> NDArray[Any]:
    """The targets of a batch, padded with 0 as its tokens are."""
    return train.tokens.padded(train.targets, rows) if each_token else train.targets[rows]
