"""An answer that stands in a passage: the place where it begins and the one where it ends.

A passage that is longer than the network can take is read in windows that overlap. Where a window lacks the answer,
its first token (BERT's [CLS]) is begin and end. That a passage has no answer is said only where train rows say it.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, ClassVar, NamedTuple, cast

import numpy as np
import torch
from numpy.lib.stride_tricks import sliding_window_view

from harness.examples import Examples, Input, Question, References, Texts
from harness.training.head import Labelled, Read, Reader, Scores
from harness.training.tokenize import IntArray, chunks, gathered, readable
from registry.errors import UserError

SHORTEST = 16
"""Tokens that a window must have at least, so that a question and some of a passage fit in."""
ALLOWED, BEGINS, ENDS = 1, 2, 4
"""What a token can be, as bits of its target: a place to choose at all, and the right ones."""
NOWHERE = (0, 0)
"""The characters of an answer that there is not."""


class Windows(NamedTuple):
    """Windows on passages, those of one question in a row, with the passage's place of each of their tokens."""

    texts: tuple[str, ...]
    questions: IntArray
    """(windows,) which question each is of."""
    begins: IntArray
    """Beside the flat tokens: where in the passage a token begins, in characters; -1 for what is not of the passage."""
    ends: IntArray


class SpansHead:
    """Two scores at each token: to begin and to end there. `longest` answer of the train rows, in tokens."""

    measure: ClassVar[str] = "exact_match"
    each_token: ClassVar[bool] = True
    width = 2

    def __init__(self, reader: Reader) -> None:
        if reader.max_length < SHORTEST:
            raise UserError(f"answers in passages need a max_length of {SHORTEST} or more, not {reader.max_length}")
        self.reader, self.longest, self.may_lack = reader, 1, False

    def read(self, inputs: tuple[Input, ...]) -> Read:
        questions = cast("tuple[Question, ...]", inputs)
        numbers: list[int] = []
        places = [np.zeros((0, 2), dtype=np.int64)]

        def encodings() -> Iterator[Any]:
            for chunk in chunks(list(enumerate(questions))):
                for number, encoding in self._windows(chunk):
                    numbers.append(number)
                    places.append(_places(encoding))
                    yield encoding

        tokens = gathered(encodings(), self.reader.tokenizer, types=self.reader.types)
        begins, ends = np.concatenate(places).T
        texts = tuple(one.text for one in questions)
        windows = Windows(texts, np.array(numbers, dtype=np.int64), begins, ends)
        return Read(replace(tokens, cut_texts=0), windows, {"windows": len(tokens)})

    def learn(self, train: Examples) -> Labelled:
        pairs = zip(cast("tuple[Question, ...]", train.inputs), train.told(References).texts, strict=True)
        located = [(one, _located(one.text, answers)) for one, answers in pairs]
        kept = [(one, place) for one, place in located if place is not None]
        if not any(place != NOWHERE for _, place in kept):
            raise UserError("no train row has an answer that stands in its passage", do="Check `answers` and `text`.")
        self.may_lack = any(place == NOWHERE for _, place in kept)
        tokens, windows, facts = self.read(tuple(one for one, _ in kept))
        targets = np.zeros(len(tokens.flat), dtype=np.int64)
        for start, length, number in zip(tokens.starts, tokens.lengths, windows.questions, strict=True):
            inside = slice(start, start + length)
            begin, end = _between(windows.begins[inside], windows.ends[inside], *kept[number][1])
            self.longest = max(self.longest, end - begin + 1)
            targets[inside] = _allowed(windows.begins[inside]) * ALLOWED
            targets[start + begin] |= BEGINS
            targets[start + end] |= ENDS
        return Labelled(tokens, targets, facts | {"answers_not_in_passage": len(train) - len(kept)})

    def loss(self, scores: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """Cross-entropy over the allowed tokens of each window, the mean of that of beginning and of ending."""
        open_to = scores.masked_fill((targets & ALLOWED == 0).unsqueeze(2), -torch.inf)
        right = torch.stack([targets & BEGINS, targets & ENDS], dim=2).argmax(dim=1)
        # Flat, because CUDA has no kernel for the other shape that always adds in one order.
        return torch.nn.functional.cross_entropy(open_to.transpose(1, 2).flatten(0, 1), right.flatten())

    def answers(self, scores: Scores, read: Read) -> Texts:
        """Of all windows the span that stands out most against its window's first token."""
        tokens, windows, _ = read
        best: list[tuple[float, str]] = [(-np.inf, "")] * len(windows.texts)
        for start, length, number in zip(tokens.starts, tokens.lengths, windows.questions, strict=True):
            inside = slice(start, start + length)
            begins, ends = windows.begins[inside], windows.ends[inside]
            found = _best(scores[inside], begins >= 0, self.longest)
            if found is not None and found.score > best[number][0]:
                best[number] = (found.score, windows.texts[number][begins[found.begin] : ends[found.end]].strip())
        return Texts(tuple("" if self.may_lack and score <= 0 else text for score, text in best))

    def quality(self, found: Any, told: Any) -> float:
        """The share of answers that equal one of the right ones."""
        pairs = zip(found.texts, told.texts, strict=True)
        return float(np.mean([text in (right or ("",)) for text, right in pairs]))

    def _windows(self, chunk: Any) -> Iterator[tuple[int, Any]]:
        """The encodings of questions with their passages; of a very long question the beginning."""
        most = self.reader.max_length // 4
        questions = [readable(one.question) for _, one in chunk]
        asked = self.reader.tokenizer(questions, add_special_tokens=False, truncation=True, max_length=most)
        for place, encoding in enumerate(asked.encodings):
            if encoding.overflowing:
                questions[place] = questions[place][: encoding.offsets[-1][1]]
        found = self.reader.tokenizer(
            questions, [readable(one.text) for _, one in chunk], truncation="only_second", stride=most,
            max_length=self.reader.max_length, return_overflowing_tokens=True,
        )  # fmt: skip
        numbers = (chunk[place][0] for place in found["overflow_to_sample_mapping"])
        return zip(numbers, found.encodings, strict=True)


class _Span(NamedTuple):
    score: float
    begin: int
    end: int


def _places(encoding: Any) -> IntArray:
    """(tokens, 2): the characters of the passage that each token stands for, -1 outside."""
    of_passage = np.array([side == 1 for side in encoding.sequence_ids], dtype=bool)
    return np.where(of_passage[:, None], np.array(encoding.offsets, dtype=np.int64).reshape(-1, 2), -1)


def _located(text: str, answers: tuple[str, ...]) -> tuple[int, int] | None:
    """Begin and end of the first answer that the passage has, where it stands first; NOWHERE where none is to be found.

    None where there are answers and the passage has none of them.
    """
    told = [answer.strip() for answer in answers if answer.strip()]
    known = ((text.find(answer), len(answer)) for answer in told)
    return next(((at, at + length) for at, length in known if at >= 0), None if told else NOWHERE)


def _between(begins: IntArray, ends: IntArray, begin: int, end: int) -> tuple[int, int]:
    """The first and last token of a window that hold the characters from begin to end; (0, 0) where it lacks any."""
    passage = np.flatnonzero(begins >= 0)
    inside = passage[(ends[passage] > begin) & (begins[passage] < end)]
    if not len(inside) or begins[passage[0]] > begin or ends[passage[-1]] < end:
        return 0, 0
    return int(inside[0]), int(inside[-1])


def _allowed(begins: IntArray) -> Any:
    """Tokens of the passage, and the first of all, which stands for no answer."""
    allowed = begins >= 0
    allowed[0] = True
    return allowed


def _best(scores: Scores, of_passage: Any, longest: int) -> _Span | None:
    """The best span of at most `longest` tokens in a window; None where no token is of the passage."""
    places = np.flatnonzero(of_passage)
    if not len(places):
        return None
    begin, end = scores[places].T
    ahead = sliding_window_view(np.concatenate([end, np.full(longest - 1, -np.inf)]), longest)
    last = ahead.argmax(axis=1)
    total = begin + ahead[np.arange(len(places)), last]
    first = int(total.argmax())
    score = float(total[first] - scores[0].sum())
    return _Span(score, int(places[first]), int(places[first + last[first]]))
