"""The families that recommend: popularity, item-kNN and matrix factorisation."""

import numpy as np
import pytest

from harness.examples import Collection, Examples, History, Nothing
from harness.models.item_knn import ItemKnn
from harness.models.matrix_factorisation import MatrixFactorisation
from harness.models.popularity import Popularity
from registry.errors import UserError
from registry.progress import Silent

ITEMS = ("bread", "butter", "nails", "paint", "tape")
TABLE = np.array(
    [[1, 1, 0, 0, 0], [1, 1, 0, 0, 0], [1, 0, 0, 0, 0], [0, 0, 1, 1, 0], [0, 0, 1, 0, 0], [1, 0, 0, 0, 1]], dtype=float
)
FAMILIES = (Popularity, ItemKnn, MatrixFactorisation)


def histories(table, weight=1.0):
    chosen = [tuple(item for item, one in zip(ITEMS, row, strict=True) if one) for row in table]
    return tuple(History(f"u{number}", items, (weight,) * len(items)) for number, items in enumerate(chosen))


USERS = histories(TABLE)


def examples(users):
    return Examples(users, Nothing(len(users)))


@pytest.fixture
def recommender(setting):
    def make(family, users=USERS, seed=7, **recipe):
        known = Collection(ITEMS, ITEMS)
        model = family(family.Recipe(**recipe), setting(task="recommendation", collection=known, seed=seed))
        model.fit(examples(users), examples(()))
        return model

    return make


def asked(*items):
    return (History("new", items, (1.0,) * len(items)),)


def test_popularity_is_the_same_for_all_but_for_what_they_have(recommender):
    model = recommender(Popularity)
    assert model.predict(asked()).documents == (("bread", "butter", "nails", "paint", "tape"),)
    assert model.predict(asked("bread", "paint")).documents == (("butter", "nails", "tape"),)
    assert model.predict(()).documents == ()


@pytest.mark.parametrize("family", [ItemKnn, MatrixFactorisation])
def test_who_chose_nails_wants_paint_and_who_chose_nothing_what_is_popular(recommender, family):
    model = recommender(family)
    assert model.predict(asked("nails")).documents[0][0] == "paint"
    assert model.predict(asked("bread")).documents[0][0] == "butter"
    assert model.predict(asked()).documents == recommender(Popularity).predict(asked()).documents


def test_users_without_a_history_are_told(setting):
    class Listening(Silent):
        heard: list[str] = []

        def say(self, line):
            self.heard.append(line)

    known = Collection(ITEMS, ITEMS)
    model = Popularity(Popularity.Recipe(), setting(task="recommendation", collection=known, progress=Listening()))
    model.fit(examples(USERS), examples(()))
    model.predict(USERS)
    assert Listening.heard == []
    model.predict(asked() + USERS)
    assert Listening.heard == ["1 user of 7 without a history: popular items in their place"]


@pytest.mark.parametrize("family", FAMILIES)
def test_all_that_was_not_chosen_is_ranked_once(recommender, family):
    found = recommender(family).predict(USERS + asked("bread", "bread"))
    for row, ranking in zip([*TABLE, [1, 0, 0, 0, 0]], found.documents, strict=True):
        assert sorted(ranking) == [item for item, one in zip(ITEMS, row, strict=True) if not one]


@pytest.mark.parametrize("family", FAMILIES)
def test_ratings_are_ignored(recommender, family):
    told = [recommender(family, histories(TABLE, weight)).predict(histories(TABLE, weight)) for weight in (1.0, -3.5)]
    assert told[0] == told[1]


@pytest.mark.parametrize("family", FAMILIES)
def test_nothing_to_learn_from_and_unknown_items_are_told(recommender, family):
    with pytest.raises(UserError, match="nothing to learn from"):
        recommender(family, ())
    with pytest.raises(UserError, match="nothing to learn from"):
        recommender(family, histories([[0] * 5]))
    with pytest.raises(UserError, match='somebody chose "x", which'):
        recommender(family, asked("x"))


def test_likeness_is_the_shrunk_cosine_of_the_nearest(recommender):
    together = TABLE.T @ TABLE
    lengths = np.sqrt(np.diag(together))
    alike = together / (np.outer(lengths, lengths) + 2.0)
    np.fill_diagonal(alike, 0)
    model = recommender(ItemKnn, shrinkage=2.0)
    np.testing.assert_allclose(model.likeness.toarray(), alike.T, atol=1e-12)
    nearest = recommender(ItemKnn, shrinkage=2.0, neighbours=1).likeness.toarray()
    assert np.count_nonzero(nearest, axis=0).tolist() == [1, 1, 1, 1, 1]
    assert nearest[1, 0] == pytest.approx(alike[0, 1])


def test_vectors_are_those_of_the_paper(recommender):
    """Equation 4 with all matrices written out."""
    recipe = {"factors": 2, "alpha": 3.0, "regularisation": 0.5, "iterations": 3}
    others = np.random.default_rng(7).normal(0, 0.01, (5, 2))

    def solved(table, others):
        weights = [np.diag(1 + 3.0 * row) for row in table]
        ridge = 0.5 * np.eye(2)
        return np.array(
            [
                np.linalg.inv(others.T @ weight @ others + ridge) @ others.T @ weight @ row
                for weight, row in zip(weights, table, strict=True)
            ]
        )

    for _ in range(3):
        others = solved(TABLE.T, solved(TABLE, others))
    np.testing.assert_allclose(recommender(MatrixFactorisation, **recipe).vectors, others, rtol=1e-8)


def test_the_seed_and_nothing_else_decides(recommender):
    one, same, other = (recommender(MatrixFactorisation, seed=seed).vectors for seed in (1, 1, 2))
    assert (one == same).all()
    assert not np.allclose(one, other)
    assert MatrixFactorisation.uses_seed(None)
    assert not ItemKnn.uses_seed(None)


def test_of_a_large_collection_the_first_thousand_are_ranked(setting):
    ids = tuple(f"{number:05}" for number in range(10_001))
    model = Popularity(Popularity.Recipe(), setting(task="recommendation", collection=Collection(ids, ids)))
    model.fit(examples((History("a", ids[-1:], (1.0,)),)), examples(()))
    (ranking,) = model.predict(asked(ids[0])).documents
    assert len(ranking) == 1_000
    assert ranking[:2] == (ids[-1], ids[1])
