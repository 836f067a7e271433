"""Annotators who now and then spam, each in a way of their own: finds those who do not look at the text."""

from typing import ClassVar

import numpy as np

from registry.annotation.aggregation import Aggregated
from registry.annotation.deciding import decided
from registry.annotation.learning import exact, panel, posteriors, settled
from registry.annotation.spec import Form, Ties
from registry.annotation.tally import tallied
from registry.annotation.votes import FloatArray, Votes
from registry.frozen import Frozen

HONEST, SPAM = 0.5, 10.0
"""The priors of the paper: Beta(.5, .5) on how often somebody spams, Dirichlet(10) on the labels of who does."""


class Mace(Frozen):
    """An annotator gives the answer, or spams: then a label comes whatever the text, from frequencies of their own.

    Variational Bayes with the priors of the paper. It starts from the shares of the votes, not at random, so that
    there is nothing to repeat with other seeds. All labels are equally likely beforehand. Certainty is the posterior.
    """

    forms: ClassVar[tuple[Form, ...]] = ("single", "preference")
    version: ClassVar[int] = 1
    source: ClassVar[str] = "Hovy, Berg-Kirkpatrick, Vaswani and Hovy 2013, Learning whom to trust with MACE"

    def combine(self, votes: Votes, ties: Ties) -> Aggregated:
        who, given = panel(votes, "mace"), tallied(votes)
        cast = who.totals()

        def odds(honest: FloatArray) -> FloatArray:
            """(annotators, answers): how much likelier a vote is an honest one than spam; from sums for each vote."""
            meant = who.totals(honest)
            spam = cast - meant
            copied = digamma(meant.sum(axis=1, keepdims=True) + HONEST)
            spammed = digamma(spam.sum(axis=1, keepdims=True) + HONEST)
            label = digamma(spam + SPAM) - digamma(spam.sum(axis=1, keepdims=True) + SPAM * who.answers)
            return np.exp(copied - spammed - label)

        def believed(ratio: FloatArray) -> FloatArray:
            """(cells,): the posterior."""
            weights = exact(np.log1p(ratio)).ravel()
            return posteriors(given, given.sums(weights[who.cells]), who.answers)

        def again(honest: FloatArray) -> FloatArray:
            ratio = odds(honest)
            return exact(believed(ratio)[given.of_votes] * (ratio / (1 + ratio)).ravel()[who.cells])

        honest = settled(exact(given.shares(given.counts)[given.of_votes] * who.answers / (who.answers + 1)), again)
        return decided(votes, given, believed(odds(honest)), ties)


def digamma(x: FloatArray) -> FloatArray:
    """The derivative of log gamma for positive numbers, to about 1e-12 (Abramowitz and Stegun 6.3.5 and 6.3.18)."""
    below = sum(1 / (x + step) for step in range(8))
    large = 1 / (x + 8) ** 2
    series = large * (1 / 12 - large * (1 / 120 - large * (1 / 252 - large * (1 / 240 - large / 132))))
    return np.log(x + 8) - 0.5 / (x + 8) - series - below
