"""IBM model 1: what stands beside what in most pairs is its translation."""

import numpy as np

from harness.methods.alignment import model_1

HOUSE, THE, BOOK, A = 1, 2, 3, 4
HAUS, DAS, BUCH, EIN = 0, 1, 2, 3
SOURCES = [np.array([THE, HOUSE]), np.array([THE, BOOK]), np.array([A, BOOK])]
TARGETS = [np.array([DAS, HAUS]), np.array([DAS, BUCH]), np.array([EIN, BUCH])]


def probability(table, source, target):
    return table.probabilities[(table.sources == source) & (table.targets == target)].item()


def test_the_textbook_example_converges():
    table = model_1(SOURCES, TARGETS, rounds=50)
    for source, target in ((HOUSE, HAUS), (THE, DAS), (BOOK, BUCH), (A, EIN)):
        assert probability(table, source, target) > 0.95


def test_every_source_word_has_a_distribution_and_every_round_explains_more():
    def surprise(table):
        by_pair = {(s, t): p for s, t, p in zip(*table, strict=True)}
        each = (
            np.log(sum(by_pair[s, t] for s in (0, *source)) / (len(source) + 1))
            for source, target in zip(SOURCES, TARGETS, strict=True)
            for t in target
        )
        return -sum(each)

    tables = [model_1(SOURCES, TARGETS, rounds) for rounds in (1, 2, 5, 20)]
    for table in tables:
        np.testing.assert_allclose(np.bincount(table.sources, table.probabilities), 1)
    found = [surprise(table) for table in tables]
    assert found == sorted(found, reverse=True)
