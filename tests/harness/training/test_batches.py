"""Batch plans hold every row once and stay in the budget, whatever the lengths."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from harness.training.batches import padded_tokens, sorted_batches, training_batches

LENGTHS = st.lists(st.integers(1, 300), max_size=200).map(lambda values: np.array(values, dtype=np.int64))


def holds(batches, lengths, budget):
    rows = np.concatenate(batches) if batches else np.zeros(0, dtype=np.int64)
    assert sorted(rows.tolist()) == list(range(len(lengths)))
    for batch in batches:
        assert len(batch) == 1 or len(batch) * lengths[batch].max() <= budget


@given(LENGTHS, st.integers(1, 1_000), st.integers(0, 2**40), st.integers(0, 5), st.integers(1, 50))
def test_training_batches(lengths, budget, seed, epoch, window):
    batches = training_batches(lengths, budget, seed, epoch, window)
    holds(batches, lengths, budget)
    again = training_batches(lengths, budget, seed, epoch, window)
    assert [batch.tolist() for batch in batches] == [batch.tolist() for batch in again]


@given(LENGTHS, st.integers(1, 1_000))
def test_sorted_batches(lengths, budget):
    batches = sorted_batches(lengths, budget)
    holds(batches, lengths, budget)
    longest = [int(lengths[batch].max()) for batch in batches]
    assert longest == sorted(longest, reverse=True)
    assert padded_tokens(batches, lengths) >= lengths.sum()


def test_epochs_and_seeds_differ_and_padding_is_small():
    lengths = np.random.default_rng(0).integers(5, 60, 5_000)
    first, second, other = (training_batches(lengths, 1_024, *at) for at in ((1, 0), (1, 1), (2, 0)))
    assert first[0].tolist() != second[0].tolist()
    assert first[0].tolist() != other[0].tolist()
    assert padded_tokens(first, lengths) < 1.05 * lengths.sum()
