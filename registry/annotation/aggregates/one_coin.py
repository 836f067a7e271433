"""One accuracy per annotator, found together with the answers: few votes each are enough to learn it."""

from typing import ClassVar

import numpy as np

from registry.annotation.aggregation import Aggregated
from registry.annotation.deciding import decided
from registry.annotation.learning import PRIOR_SKILL, exact, panel, posteriors, settled, shrunk
from registry.annotation.spec import Form, Ties
from registry.annotation.tally import tallied
from registry.annotation.votes import FloatArray, Votes
from registry.frozen import Frozen


class OneCoin(Frozen):
    """An annotator gives the answer with an accuracy of their own, and else any other label alike.

    Expectation maximisation from the shares of the votes on; all labels are equally likely beforehand. Certainty is the
    posterior. Who is wrong more often than by chance counts against what they say.
    """

    forms: ClassVar[tuple[Form, ...]] = ("single", "preference")
    version: ClassVar[int] = 1
    source: ClassVar[str] = "Zhang, Chen, Zhou and Jordan 2016, Spectral methods meet EM, section 3, one-coin model"

    def combine(self, votes: Votes, ties: Ties) -> Aggregated:
        who, given = panel(votes, "one-coin"), tallied(votes)
        cast, others = who.totals().sum(axis=1), max(who.answers - 1, 1)

        def again(shares: FloatArray) -> FloatArray:
            right = who.totals(shares[given.of_votes]).sum(axis=1)
            overall = shrunk(right[-1], cast[-1], PRIOR_SKILL)
            accuracy = shrunk(right, cast, overall)
            weights = exact(np.log(accuracy * others / (1 - accuracy)))
            return posteriors(given, given.sums(weights[who.of_votes]), who.answers)

        return decided(votes, given, settled(exact(given.shares(given.counts)), again), ties)
