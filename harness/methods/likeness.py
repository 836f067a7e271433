"""From one number a pair, how alike its texts are, to the answers of a task: what is learnt is a cut or a line."""

from dataclasses import dataclass

import numpy as np

from harness.examples import Examples, Labels, Numbers, Probabilities
from harness.metric import FloatArray
from registry.errors import UserError


@dataclass(frozen=True)
class Cut:
    """Labels: those below a value and those from it on are told by how often each is there in the train split."""

    at: float
    below: Probabilities
    above: Probabilities
    """(labels,) both."""

    def answers(self, likeness: FloatArray) -> Labels:
        """(n,) -> the more frequent label of the side that each lies on, and the shares of all."""
        shares = np.where((likeness < self.at)[:, None], self.below, self.above)
        return Labels(shares.argmax(axis=1).astype(np.int64), shares)

    @property
    def facts(self) -> dict[str, float]:
        return {"cut": self.at}


@dataclass(frozen=True)
class Line:
    """Numbers: the straight line with the least squared error on the train split."""

    slope: float
    start: float

    def answers(self, likeness: FloatArray) -> Numbers:
        """(n,) -> (n,) of the unit that was learnt."""
        return Numbers(self.start + self.slope * likeness)

    @property
    def facts(self) -> dict[str, float]:
        return {"slope": self.slope, "start": self.start}


def learnt(likeness: FloatArray, train: Examples, labels: int, family: str) -> Cut | Line:
    """What fits the train rows best; `likeness` is (n,). UserError where there are none."""
    if not len(train):
        raise UserError(f"the {family} family needs training rows, and the train split has none")
    if isinstance(train.answers, Numbers):
        return _line(likeness, train.answers.values)
    return _cut(likeness, np.eye(labels)[train.told(Labels).labels])


def _line(likeness: FloatArray, values: FloatArray) -> Line:
    moved = likeness - likeness.mean()
    # Of equal numbers the mean can be another one by a rounding error, which is nothing to divide by.
    slope = float(moved @ values / (moved @ moved)) if likeness.min() < likeness.max() else 0.0
    return Line(slope, float(values.mean() - slope * likeness.mean()))


def _cut(likeness: FloatArray, member: FloatArray) -> Cut:
    """The cut with the most right answers on the train rows, the lowest of several; half way between two values.

    `member` is (n, labels) of ones and zeros. Where all values are equal everything lies above.
    """
    values, group = np.unique(likeness, return_inverse=True)
    counts = np.zeros((len(values), member.shape[1]))
    np.add.at(counts, group, member)
    below = np.vstack([np.zeros(member.shape[1]), counts.cumsum(axis=0)[:-1]])
    above = counts.sum(axis=0) - below
    best = int((below.max(axis=1) + above.max(axis=1)).argmax())
    at = (values[best - 1] + values[best]) / 2 if best else values[0]
    one, other = ((part / max(1, part.sum())).astype(np.float32) for part in (below[best], above[best]))
    return Cut(float(at), one if best else other, other)
