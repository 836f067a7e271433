"""Votes of crowds whose true answers are known."""

from typing import NamedTuple

import numpy as np

from registry.annotation.votes import ANONYMOUS, Votes

LABELS = ("bad", "fair", "good")


class Crowd(NamedTuple):
    truth: np.ndarray
    votes: Votes


def crowd(seed, accuracies, items=200, labels=LABELS):
    """Every annotator votes on every item: the true label as often as `accuracies` say, else any other alike."""
    generator, annotators = np.random.default_rng(seed), len(accuracies)
    truth = generator.integers(len(labels), size=items)
    others = (truth[:, None] + generator.integers(1, len(labels), size=(items, annotators))) % len(labels)
    given = np.where(generator.random((items, annotators)) < np.array(accuracies), truth[:, None], others)
    names = tuple(f"annotator {number}" for number in range(annotators))
    offsets = np.arange(0, given.size + 1, annotators)
    return Crowd(
        truth, Votes(given.ravel().astype(float), offsets, np.tile(np.arange(annotators), items), names, labels)
    )


def planted(seed):
    """200 items, 3 labels, 5 annotators: three are right in 95 of 100 cases, and two in 10, less than chance."""
    return crowd(seed, [0.95, 0.95, 0.95, 0.1, 0.1])


def named(items, answers=LABELS):
    """Votes of items, each a list of (annotator, answer); None is anonymous."""
    given = [vote for item in items for vote in item]
    names = tuple(sorted({who for who, _ in given if who is not None}))
    who = [ANONYMOUS if who is None else names.index(who) for who, _ in given]
    return Votes(
        np.array([answers.index(answer) for _, answer in given], dtype=float),
        np.cumsum([0, *map(len, items)]),
        np.array(who, dtype=np.int64),
        names,
        tuple(answers),
    )


def anonymous(items, answers=LABELS):
    """Votes of items, each a list of answers."""
    return named([[(None, answer) for answer in item] for item in items], answers)._replace(annotators=None)


def numbers(items):
    """Votes of items, each a list of numbers."""
    values = np.array([vote for item in items for vote in item], dtype=float)
    return Votes(values, np.cumsum([0, *map(len, items)]))


def chosen(found):
    """The answers in words; None where there is none."""
    return [None if np.isnan(value) else found.answers[int(value)] for value in found.values]


def accuracy(found, truth):
    return float(np.mean(found.values == truth))
