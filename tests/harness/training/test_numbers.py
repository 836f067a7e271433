"""The probe against scikit-learn, and padded batches against the tokens they came from."""

import numpy as np
import torch

from harness.training.probe import fit_linear
from harness.training.tokenize import Tokens


def test_a_probe_agrees_with_scikit_learn():
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    rng = np.random.default_rng(0)
    vectors = rng.normal(3, 5, (200, 6)).astype(np.float32)
    gold = (vectors[:, :3] + rng.normal(0, 4, (200, 3))).argmax(axis=1)
    found = fit_linear(vectors, gold, 3, 0.5, torch.nn.functional.cross_entropy)
    oracle = LogisticRegression(C=0.5, tol=1e-10, max_iter=5_000)
    oracle.fit(StandardScaler().fit_transform(vectors.astype(np.float64)), gold)
    scores = vectors @ found.weight.T + found.bias
    ours = np.exp(scores - scores.max(axis=1, keepdims=True))
    ours /= ours.sum(axis=1, keepdims=True)
    theirs = oracle.predict_proba(StandardScaler().fit_transform(vectors.astype(np.float64)))
    np.testing.assert_allclose(ours, theirs, atol=1e-4)


def test_a_column_without_spread_does_no_harm():
    vectors = np.ones((4, 2), dtype=np.float32)
    vectors[:2, 0] = 0
    found = fit_linear(vectors, np.array([0, 0, 1, 1]), 2, 1.0, torch.nn.functional.cross_entropy)
    assert np.isfinite(found.weight).all()
    assert (vectors @ found.weight.T + found.bias).argmax(axis=1).tolist() == [0, 0, 1, 1]


def test_a_batch_is_padded_on_the_right():
    tokens = Tokens(np.array([5, 6, 7, 8, 9], dtype=np.int32), np.array([0, 2]), np.array([2, 3]), 0, 0)
    batch = tokens.batch(np.array([1, 0]))
    assert batch.ids.tolist() == [[7, 8, 9], [5, 6, 0]]
    assert batch.mask.tolist() == [[1, 1, 1], [1, 1, 0]]
