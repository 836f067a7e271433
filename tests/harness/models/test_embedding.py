"""The embedding family on a toy network: nearest documents, lines and thresholds of cosines, and kept vectors."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.examples import Collection, Examples, Labels, Numbers, Pair, Query, Relevance
from harness.models.embedding import Embedding, EmbeddingRecipe, best_threshold
from registry.errors import UserError
from tests.tiny_encoder import FILLER

NOBODY = Examples((), Relevance(()))
DOCUMENTS = Collection(("a", "b", "c", "d"), ("good good good", "bad bad bad", "a b c", ""))


def search(setting, **changes) -> Embedding:
    model = Embedding(EmbeddingRecipe(), setting(task="retrieval", labels=(), collection=DOCUMENTS, **changes))
    model.fit(NOBODY, NOBODY)
    return model


def pairs(count: int) -> tuple[list[Pair], np.ndarray]:
    """Every other pair is a text with itself in another order, the others have nothing in common."""
    rng = np.random.default_rng(5)
    alike = np.arange(count) % 2
    found = []
    for same in alike:
        words = rng.choice(FILLER[:6], 5).tolist()
        found.append(Pair(" ".join(words), " ".join(rng.permutation(words) if same else ["good"] * 5)))
    return found, alike


def test_the_same_text_is_the_nearest_document_and_all_documents_are_ranked(setting):
    found = search(setting).predict((Query("bad bad bad"), Query("a b c"), Query("")))
    assert [ranking[0] for ranking in found.documents] == ["b", "c", "d"]
    assert all(sorted(ranking) == ["a", "b", "c", "d"] for ranking in found.documents)


def test_only_candidates_are_ranked_where_there_are_any(setting):
    found = search(setting).predict((Query("bad bad bad", ("c", "b")), Query("good", ())))
    assert found.documents == (("b", "c"), ())


def test_vectors_are_kept_and_read_again(setting, tmp_path):
    asked = (Query("good good"),)
    fresh = search(setting).predict(asked)
    assert search(setting, cache=tmp_path).predict(asked) == fresh
    (file,) = (tmp_path / "vectors").glob("*.npy")
    before = file.stat().st_ino
    assert search(setting, cache=tmp_path).predict(asked) == fresh
    assert file.stat().st_ino == before


@pytest.mark.parametrize("harm", [lambda data: data[:-7], lambda data: data[:-1] + b"x", lambda _: b""])
def test_torn_or_changed_vectors_are_made_anew(setting, tmp_path, harm):
    asked = (Query("good good"),)
    fresh = search(setting, cache=tmp_path).predict(asked)
    (file,) = (tmp_path / "vectors").glob("*.npy")
    whole = file.read_bytes()
    file.write_bytes(harm(whole))
    assert search(setting, cache=tmp_path).predict(asked) == fresh
    assert file.read_bytes() == whole


def test_other_texts_or_recipes_have_vectors_of_their_own(setting, tmp_path):
    search(setting, cache=tmp_path)
    other = setting(task="retrieval", labels=(), collection=Collection(("a",), ("good",)), cache=tmp_path)
    Embedding(EmbeddingRecipe(), other).fit(NOBODY, NOBODY)
    Embedding(EmbeddingRecipe(pooling="cls"), other).fit(NOBODY, NOBODY)
    assert len(list((tmp_path / "vectors").glob("*.npy"))) == 3


def test_similarity_is_a_straight_line_of_the_cosine(setting):
    texts, alike = pairs(60)
    model = Embedding(EmbeddingRecipe(), setting(task="text-similarity", labels=()))
    found = model.fit(Examples(tuple(texts), Numbers(1.0 + 3.0 * alike)), NOBODY)
    values = model.predict(tuple(texts)).values
    assert np.corrcoef(values, alike)[0, 1] > 0.8
    assert values.mean() == pytest.approx(2.5)
    assert json.loads(json.dumps(found.facts))["slope"] > 0
    assert found.trainable_parameters == 0 < found.total_parameters


def test_without_train_rows_the_cosine_is_the_number(setting):
    model = Embedding(EmbeddingRecipe(), setting(task="text-similarity", labels=()))
    model.fit(Examples((), Numbers(np.zeros(0))), NOBODY)
    same, other = model.predict((Pair("a b", "a b"), Pair("a b", "good"))).values
    assert same == pytest.approx(1, abs=1e-5)
    assert -1 <= other < same
    assert len(model.predict(()).values) == 0


def test_equal_cosines_or_numbers_give_the_mean(setting):
    model = Embedding(EmbeddingRecipe(), setting(task="text-similarity", labels=()))
    model.fit(Examples((Pair("a", "a"), Pair("a", "a")), Numbers(np.array([1.0, 4.0]))), NOBODY)
    np.testing.assert_allclose(model.predict((Pair("a", "b"), Pair("a", "a"))).values, 2.5)


@pytest.mark.parametrize("turned", [False, True])
def test_a_threshold_tells_two_labels_apart(setting, turned):
    texts, alike = pairs(60)
    labels = 1 - alike if turned else alike
    model = Embedding(EmbeddingRecipe(), setting(task="text-pair"))
    found = model.fit(Examples(tuple(texts[:40]), Labels(labels[:40])), NOBODY)
    assert (model.predict(tuple(texts[40:])).labels == labels[40:]).mean() > 0.9
    assert found.facts["above"] == (0 if turned else 1)


@given(st.lists(st.tuples(st.integers(-3, 3), st.integers(0, 1)), min_size=1, max_size=12))
def test_no_threshold_makes_more_labels_right(rows):
    cosines, labels = np.array([row[0] / 4 for row in rows]), np.array([row[1] for row in rows])
    found = best_threshold(cosines, labels)
    right = (np.where(cosines >= found.least, found.above, found.below) == labels).sum()
    cuts = [-2.0, 2.0, *cosines]
    assert right == max(((cosines >= cut) == (labels == above)).sum() for cut in cuts for above in (0, 1))


def test_what_it_cannot_do_is_told(setting):
    assert Embedding.unfit(("a", "b", "c")) == "a cosine tells two labels apart, not 3"
    assert Embedding.unfit(()) is None
    with pytest.raises(UserError, match="needs weights"):
        search(setting, weights=None)
    with pytest.raises(UserError, match="nothing to search"):
        Embedding(EmbeddingRecipe(), setting(task="retrieval", labels=())).fit(NOBODY, NOBODY)
    with pytest.raises(UserError, match="a threshold is learnt from train rows"):
        Embedding(EmbeddingRecipe(), setting(task="text-pair")).fit(Examples((), Labels(np.zeros(0))), NOBODY)
