"""What passes between tasks and models: inputs, the right answers to learn from, and the answers that models give.

All inputs of a run are of one kind, that of its task; so are all answers. Owns these shapes and nothing else.
"""

from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

Kind = TypeVar("Kind")
IntArray = NDArray[np.int64]
Probabilities = NDArray[np.float32]


class Pair(NamedTuple):
    """Two texts that are judged together."""

    text: str
    text_pair: str


class Question(NamedTuple):
    """A question and the passage that may hold its answer."""

    question: str
    text: str


class Tokens(NamedTuple):
    """A sentence as its words; each gets a tag."""

    tokens: tuple[str, ...]


class Query(NamedTuple):
    """What documents are looked for; `candidates` are the ids to rank, None for the whole collection."""

    text: str
    candidates: tuple[str, ...] | None = None


class History(NamedTuple):
    """What a user chose, oldest first, as ids of the collection; `weights` are ratings, 1 where there are none."""

    user: str
    items: tuple[str, ...]
    weights: tuple[float, ...]


class Clip(NamedTuple):
    """A recording: the bytes of a WAV file."""

    audio: bytes


Input = str | Pair | Question | Tokens | Query | History | Clip


class Collection(NamedTuple):
    """The documents or items of a version, in order of id."""

    ids: tuple[str, ...]
    texts: tuple[str, ...]


class Labels(NamedTuple):
    """One label an input: indexes (n,), and probabilities (n, labels) where the model has them."""

    labels: IntArray
    probabilities: Probabilities | None = None


class LabelSets(NamedTuple):
    """Any number of labels an input: (n, labels) of true and false, and a probability of each where there are any."""

    chosen: NDArray[np.bool_]
    probabilities: Probabilities | None = None


class Numbers(NamedTuple):
    """(n,) finite numbers."""

    values: NDArray[np.float64]


class Tags(NamedTuple):
    """A tag for each token: for each input its indexes (tokens,)."""

    tags: tuple[IntArray, ...]


class Texts(NamedTuple):
    """One text an input; "" is an answer, too: that there is none."""

    texts: tuple[str, ...]
    seconds: NDArray[np.float64] | None = None
    """What each took, where the model measures it."""


class References(NamedTuple):
    """For each input the texts of which any is right; none at all: the right answer is that there is none."""

    texts: tuple[tuple[str, ...], ...]


class Relevance(NamedTuple):
    """For each input the grades of documents by id, 1 or more; what is not named is not relevant."""

    grades: tuple[dict[str, int], ...]


class Rankings(NamedTuple):
    """For each input ids of documents, best first, each once."""

    documents: tuple[tuple[str, ...], ...]


class Likelihoods(NamedTuple):
    """(n,) how surprising each text is, in nats: minus the logarithm of the probability of all of it."""

    nats: NDArray[np.float64]


class Sounds(NamedTuple):
    """A recording an input, the bytes of WAV files, and the seconds that making each took."""

    audio: tuple[bytes, ...]
    seconds: NDArray[np.float64]


class Nothing(NamedTuple):
    """There is nothing to say beside the inputs: what they hold is learnt from."""

    rows: int


Answers = (
    Labels | LabelSets | Numbers | Tags | Texts | References | Relevance | Rankings | Likelihoods | Sounds | Nothing
)


@dataclass(frozen=True)
class Examples:
    """Inputs with the right answers, in one order."""

    inputs: tuple[Input, ...]
    answers: Answers

    def __len__(self) -> int:
        return len(self.inputs)

    def told(self, kind: type[Kind]) -> Kind:
        """The answers, which are of this kind by the task that they belong to. TypeError where they are of another."""
        if not isinstance(self.answers, kind):
            raise TypeError(f"the answers are {type(self.answers).__name__}, not {kind.__name__}")
        return self.answers
