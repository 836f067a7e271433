"""The answer with the most votes; of sets, spans and relations each part that more than half of the votes hold."""

from typing import ClassVar

from registry.annotation.aggregation import Aggregated
from registry.annotation.deciding import decided, decided_by_part
from registry.annotation.parts import LISTS
from registry.annotation.spec import Form, Ties
from registry.annotation.tally import tallied
from registry.annotation.votes import Votes
from registry.frozen import Frozen


class Majority(Frozen):
    """Every vote counts one. Certainty is the share of the votes, of parts that of the one that was decided closest.

    With parts the answer may be one that nobody gave, also that there is none. An item is tied where exactly half of
    its votes hold a part; then `first` means the first answer that was given to it and is right about all other parts,
    or the parts with more than half where there is none.
    """

    forms: ClassVar[tuple[Form, ...]] = ("single", "preference", "multi", "spans", "relations")
    version: ClassVar[int] = 1
    source: ClassVar[str] = ""

    def combine(self, votes: Votes, ties: Ties) -> Aggregated:
        if votes.form in LISTS:
            return decided_by_part(votes, ties)
        given = tallied(votes)
        return decided(votes, given, given.shares(given.counts), ties)
