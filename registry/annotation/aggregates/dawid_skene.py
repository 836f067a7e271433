"""A confusion matrix per annotator, found together with the answers: knows who takes what for what."""

from typing import ClassVar

import numpy as np

from registry.annotation.aggregation import Aggregated
from registry.annotation.deciding import decided
from registry.annotation.learning import PRIOR_SKILL, exact, panel, settled, shrunk
from registry.annotation.spec import Form, Ties
from registry.annotation.tally import tallied
from registry.annotation.votes import FloatArray, Votes
from registry.errors import UserError
from registry.frozen import Frozen

MOST_CELLS = 50_000_000
"""Of items times labels, and of annotators times labels times labels; either takes eight bytes a cell several times."""


class DawidSkene(Frozen):
    """Expectation maximisation from the shares of the votes on, over all labels; certainty is the posterior.

    Two things are added to the paper. A row of a matrix counts one vote more, spread as in the matrix of all together,
    so that what an annotator never did is not taken for impossible. And the answer is the likeliest of those that the
    item was given.
    """

    forms: ClassVar[tuple[Form, ...]] = ("single", "preference")
    version: ClassVar[int] = 1
    source: ClassVar[str] = "Dawid and Skene 1979, Maximum likelihood estimation of observer error-rates using EM"

    def combine(self, votes: Votes, ties: Ties) -> Aggregated:
        who, given = panel(votes, "dawid-skene"), tallied(votes)
        labels, items, counts = who.answers, votes.items, votes.counts
        if max(who.annotators * labels, len(counts)) * labels > MOST_CELLS:
            raise UserError(
                f"dawid-skene is for fewer labels: {labels:,} of them, {who.annotators - 1:,} annotators and "
                f"{len(counts):,} items have more than {MOST_CELLS:,} probabilities",
                do="Write `aggregate: one-coin` or `aggregate: mace`, which need few numbers for each annotator.",
            )

        thought = np.full((labels, labels), (1 - PRIOR_SKILL) / max(labels - 1, 1))
        np.fill_diagonal(thought, PRIOR_SKILL)

        def again(shares: FloatArray) -> FloatArray:
            """(labels, items) -> (labels, items)"""
            seen = np.stack([who.totals(np.repeat(row, counts)) for row in shares])
            overall = shrunk(seen[:, -1], seen[:, -1].sum(axis=1, keepdims=True), thought)
            logs = exact(np.log(shrunk(seen, seen.sum(axis=2, keepdims=True), overall[:, None])))
            priors = shrunk(shares[:, counts > 0].sum(axis=1), len(given.starts), 1 / labels)
            evidence = [np.bincount(items, row.ravel()[who.cells], len(counts)) for row in logs]
            scores = np.log(priors)[:, None] + np.stack(evidence)
            weights = np.exp(scores - scores.max(axis=0))
            return exact(weights / weights.sum(axis=0))

        start = np.zeros((labels, len(counts)))
        start[given.answers, given.items] = exact(given.shares(given.counts))
        return decided(votes, given, settled(start, again)[given.answers, given.items], ties)
