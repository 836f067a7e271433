"""A tag for each word: the vector of its first subword decides.

Words that a long sentence loses to the limit of length, and those that a tokenizer makes nothing of (a lone control
character), get the most frequent tag of the train rows; how many words went that way is counted.
"""

from collections.abc import Iterator
from typing import Any, ClassVar, NamedTuple, cast

import numpy as np
import torch

from harness.examples import Examples, Input, Tags, Tokens
from harness.training.head import Labelled, Read, Reader, Scores
from harness.training.tokenize import IntArray, chunks, gathered, readable
from registry.errors import UserError


class Words(NamedTuple):
    """Where words went. `firsts`: for each word of all sentences its first subword in the flat tokens, -1 for none."""

    firsts: IntArray
    ends: IntArray
    """For each sentence but the last, where in `firsts` it ends."""


class TagsHead:
    """A score for each tag at each token; the highest at the first subword of a word is its tag."""

    measure: ClassVar[str] = "accuracy"
    each_token: ClassVar[bool] = True

    def __init__(self, reader: Reader, tags: int) -> None:
        self.reader, self.width, self.usual = reader, tags, 0

    def read(self, inputs: tuple[Input, ...]) -> Read:
        sentences = [[readable(word) for word in sentence.tokens] for sentence in cast("tuple[Tokens, ...]", inputs)]
        firsts = [np.zeros(0, dtype=np.int64)]
        start = 0

        def encodings() -> Iterator[Any]:
            nonlocal start
            tokenizer = self.reader.tokenizer
            for chunk in chunks(sentences):
                found = tokenizer(chunk, is_split_into_words=True, truncation=True, max_length=self.reader.max_length)
                for encoding, words in zip(found.encodings, chunk, strict=True):
                    firsts.append(_firsts(encoding, len(words), start))
                    start += max(1, len(encoding.ids))
                    yield encoding

        tokens = gathered(encodings(), self.reader.tokenizer, types=False)
        ends = np.cumsum([len(words) for words in sentences], dtype=np.int64)[:-1]
        words = Words(np.concatenate(firsts), ends)
        return Read(tokens, words, {"cut_words": int((words.firsts < 0).sum())})

    def learn(self, train: Examples) -> Labelled:
        tags = np.concatenate(train.told(Tags).tags)
        if not len(tags):
            raise UserError("the train rows have no tokens to learn tags from")
        self.usual = int(np.bincount(tags).argmax())
        tokens, words, facts = self.read(train.inputs)
        seen = words.firsts >= 0
        targets = np.zeros(len(tokens.flat), dtype=np.int64)
        targets[words.firsts[seen]] = tags[seen] + 1
        return Labelled(tokens, targets, facts)

    def loss(self, scores: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """Over the first subwords of the batch; 0 where it has none."""
        flat = scores.flatten(0, 1)
        total = torch.nn.functional.cross_entropy(flat, targets.flatten() - 1, ignore_index=-1, reduction="sum")
        return total / (targets > 0).sum().clamp(min=1)

    def answers(self, scores: Scores, read: Read) -> Tags:
        words: Words = read.place
        found = scores.argmax(axis=1) if len(scores) else np.zeros(1, dtype=np.int64)
        tags = np.where(words.firsts < 0, self.usual, found[words.firsts]).astype(np.int64)
        return Tags(tuple(np.split(tags, words.ends)) if len(read.tokens) else ())

    def quality(self, found: Any, told: Any) -> float:
        right = np.concatenate(found.tags) == np.concatenate(told.tags)
        return float(right.mean()) if len(right) else 1.0


def _firsts(encoding: Any, words: int, start: int) -> IntArray:
    """The place of the first token of each word, counted from `start`."""
    found = np.full(words, -1, dtype=np.int64)
    for place, word in reversed(list(enumerate(encoding.word_ids))):
        if word is not None:
            found[word] = start + place
    return found
