"""Texts that a model can tell apart, with some wrong labels among them, for tests that look for those."""

import random
from typing import NamedTuple

TOPICS = {
    "food": "bread soup cook spice oven salad butter recipe".split(),
    "law": "court judge trial statute jury appeal verdict lawyer".split(),
    "sport": "ball team goal match coach league striker pitch".split(),
}
PLAIN = "the a of and to in was for with on at by from it is this that after before while".split()


class Noisy(NamedTuple):
    """Rows (id, text, label), and the true label of those that bear another."""

    rows: list[tuple[str, str, str]]
    wrong: dict[str, str]


def noisy(count: int = 150, wrong: int = 8, seed: int = 3) -> Noisy:
    """Texts of three words of a topic among six others."""
    draw = random.Random(seed)
    labels = [draw.choice(list(TOPICS)) for _ in range(count)]
    texts = [text(draw, label) for label in labels]
    ids = [f"r{number:03}" for number in range(count)]
    chosen = sorted(draw.sample(range(count), wrong))
    given = list(labels)
    for place in chosen:
        given[place] = draw.choice([label for label in TOPICS if label != labels[place]])
    return Noisy(list(zip(ids, texts, given, strict=True)), {ids[place]: labels[place] for place in chosen})


def text(draw: random.Random, *labels: str) -> str:
    words = [*draw.sample(PLAIN, 6), *(word for label in labels for word in draw.sample(TOPICS[label], 3))]
    draw.shuffle(words)
    return " ".join(words)
