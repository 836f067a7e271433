"""The most votes, each weighing as much as its annotator is often right: those who agree with the rest count more."""

from typing import ClassVar

from registry.annotation.aggregation import Aggregated
from registry.annotation.deciding import decided
from registry.annotation.learning import exact, panel, settled, shrunk
from registry.annotation.spec import Form, Ties
from registry.annotation.tally import tallied
from registry.annotation.votes import FloatArray, Votes
from registry.frozen import Frozen


class WeightedMajority(Frozen):
    """A vote weighs the share of its annotator's votes that are for the answer; a tied answer counts in part.

    Starts with equal weights and goes on until they settle. Certainty is the share of the weights on an item.
    """

    forms: ClassVar[tuple[Form, ...]] = ("single", "preference")
    version: ClassVar[int] = 1
    source: ClassVar[str] = "Wawa (worker agreement with aggregate) of Appen and Toloka's crowd-kit, repeated"

    def combine(self, votes: Votes, ties: Ties) -> Aggregated:
        who, given = panel(votes, "weighted-majority"), tallied(votes)
        cast = who.totals().sum(axis=1)

        def again(shares: FloatArray) -> FloatArray:
            right = who.totals(exact(given.lead(shares))[given.of_votes]).sum(axis=1)
            weights = exact(shrunk(right, cast, right[-1] / cast[-1]))
            return given.shares(given.sums(weights[who.of_votes]))

        return decided(votes, given, settled(given.shares(given.counts), again), ties)
