"""Clusters of what pairs join."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from registry.near.components import Forest, components
from tests.registry.near.reference import clusters

PAIRS = st.lists(st.tuples(st.integers(0, 19), st.integers(0, 19)), max_size=40)


@given(PAIRS)
def test_a_cluster_is_named_by_its_smallest_member(pairs: list[tuple[int, int]]) -> None:
    left, right = (np.array([pair[side] for pair in pairs], dtype=np.int64) for side in (0, 1))
    assert components(20, left, right).tolist() == clusters(20, pairs)


@given(PAIRS, st.integers(0, 40))
def test_joining_in_portions_is_joining_at_once(pairs: list[tuple[int, int]], cut: int) -> None:
    left, right = (np.array([pair[side] for pair in pairs], dtype=np.int64) for side in (0, 1))
    forest = Forest(20)
    forest.join(left[cut:], right[cut:])
    forest.join(left[:cut], right[:cut])
    assert forest.roots(np.arange(20)).tolist() == clusters(20, pairs)


def test_a_chain_of_a_hundred_thousand_is_one_cluster() -> None:
    chain = np.arange(100_000)
    assert not components(len(chain), chain[1:], chain[:-1]).any()
