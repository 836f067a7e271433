"""The families that count words, on each kind of answer that they can give."""

import numpy as np
import pytest

from harness.examples import Examples, Labels, LabelSets, Numbers, Pair
from harness.models.centroid import Centroid
from harness.models.cosine import Cosine
from harness.models.hashed import Hashed
from harness.models.majority import Majority
from harness.models.overlap import Overlap
from harness.models.tfidf import Tfidf
from registry.errors import UserError

NOTHING = Examples((), Labels(np.zeros(0, dtype=np.int64)))
COLOURS = ("red", "green", "blue")
TEXTS = tuple(f"{one} {other} thing" for one in COLOURS for other in COLOURS)
SETS = np.array([[colour in text for colour in COLOURS] for text in TEXTS])
PAIRS = (
    Pair("the red car", "The red bus"),
    Pair("the red car", "a blue sky"),
    Pair("one green tree", "one green tree!"),
    Pair("one green tree", "no such word"),
)
CLASSIFIERS = ("logreg", "svm", "ridge")


def numbered(inputs, values):
    return Examples(tuple(inputs), Numbers(np.array(values, dtype=float)))


def labelled(inputs, gold):
    return Examples(tuple(inputs), Labels(np.array(gold)))


def test_majority_gives_the_labels_that_most_rows_have_and_their_shares(setting):
    chosen = np.array([[True, True], [True, False], [True, True], [False, False]])
    model = Majority(Majority.Recipe(), setting(labels=("a", "b")))
    model.fit(Examples(tuple("wxyz"), LabelSets(chosen)), NOTHING)
    found = model.predict(("one", "two"))
    assert found.chosen.tolist() == [[True, False]] * 2
    assert found.probabilities.tolist() == [[0.75, 0.5]] * 2


def test_majority_gives_the_mean_of_numbers(setting):
    model = Majority(Majority.Recipe(), setting(labels=()))
    assert model.fit(numbered("xyz", [1, 2, 6]), NOTHING).facts == {"mean": 3.0}
    assert model.predict(("one", "two")).values.tolist() == [3.0, 3.0]
    assert model.predict(()).values.tolist() == []


@pytest.mark.parametrize("classifier", CLASSIFIERS)
def test_tfidf_decides_on_each_label_by_itself(setting, classifier):
    model = Tfidf(Tfidf.Recipe(classifier=classifier, ngrams=(1, 1)), setting(labels=COLOURS))
    model.fit(Examples(TEXTS * 2, LabelSets(np.vstack([SETS, SETS]))), NOTHING)
    found = model.predict(TEXTS)
    assert found.chosen.tolist() == SETS.tolist()
    assert (found.probabilities is None) == (classifier != "logreg")
    assert model.predict(()).chosen.shape == (0, 3)


@pytest.mark.parametrize("classifier", CLASSIFIERS)
def test_tfidf_answers_as_always_where_train_always_or_never_has_a_label(setting, classifier):
    sets = np.column_stack([SETS[:, 0], np.ones(len(SETS), bool), np.zeros(len(SETS), bool)])
    model = Tfidf(Tfidf.Recipe(classifier=classifier), setting(labels=("red", "always", "never")))
    model.fit(Examples(TEXTS, LabelSets(sets)), NOTHING)
    assert model.predict(TEXTS).chosen[:, 1:].tolist() == [[True, False]] * len(TEXTS)
    assert model.fit(Examples(TEXTS, LabelSets(sets[:, 1:])), NOTHING).trainable_parameters == 0
    assert model.predict(TEXTS).chosen.tolist() == [[True, False]] * len(TEXTS)


@pytest.mark.parametrize("classifier", CLASSIFIERS)
def test_tfidf_tells_three_labels_apart(setting, classifier):
    gold = [COLOURS.index(text.split()[0]) for text in TEXTS]
    model = Tfidf(Tfidf.Recipe(classifier=classifier), setting(labels=COLOURS))
    model.fit(labelled(TEXTS, gold), NOTHING)
    assert model.predict(TEXTS).labels.tolist() == gold
    assert (model.predict(TEXTS).probabilities is None) == (classifier != "logreg")
    assert model.predict(()).labels.tolist() == []


def test_tfidf_predicts_numbers_by_ridge_regression_and_by_nothing_else(setting):
    values = [text.count("red") - text.count("blue") for text in TEXTS]
    model = Tfidf(Tfidf.Recipe(classifier="ridge", ngrams=(1, 1), sublinear_tf=False), setting(labels=()))
    model.fit(numbered(TEXTS, values), NOTHING)
    assert np.corrcoef(model.predict(TEXTS).values, values)[0, 1] > 0.95
    assert model.predict(()).values.tolist() == []
    with pytest.raises(UserError, match="this task asks for numbers"):
        Tfidf(Tfidf.Recipe(), setting(labels=())).fit(numbered(TEXTS, values), NOTHING)


@pytest.mark.parametrize("family", [Centroid, Hashed, Tfidf])
def test_the_families_that_learn_refuse_to_learn_from_nothing(setting, family):
    with pytest.raises(UserError, match="needs training rows"):
        family(family.Recipe(), setting()).fit(NOTHING, NOTHING)


def test_the_nearest_centroid_is_that_of_the_words_a_label_has(setting):
    model = Centroid(Centroid.Recipe(), setting(labels=("sea", "unseen", "land")))
    train = labelled(("salt waves", "waves and wind", "a green field", "field of corn", "corn"), [0, 0, 2, 2, 2])
    assert model.fit(train, NOTHING).facts["analyzer"] == "word"
    found = model.predict(("the waves", "green corn", "nothing known", ""))
    assert found.labels.tolist() == [0, 2, 2, 2]
    assert found.probabilities is None
    assert model.predict(()).labels.tolist() == []


def test_the_nearest_centroid_reads_chinese_by_characters(setting):
    model = Centroid(Centroid.Recipe(), setting())
    model.fit(labelled(("很糟糕的片子", "太糟糕了", "这部电影很好看", "非常好看"), [0, 0, 1, 1]), NOTHING)
    assert model.predict(("好看的电影", "糟糕")).labels.tolist() == [1, 0]


def test_hashed_ngrams_learn_labels_and_are_the_same_for_the_same_seed(setting, toy):
    def run(seed):
        model = Hashed(Hashed.Recipe(), setting(seed=seed))
        model.fit(toy(80, 1), NOTHING)
        return model.predict((*toy(20, 2).inputs, "", "\ud800"))

    found = run(1)
    assert found.labels[:20].tolist() == toy(20, 2).answers.labels.tolist()
    assert found.probabilities.sum(axis=1) == pytest.approx(1)
    assert (found.probabilities == run(1).probabilities).all()
    assert (found.probabilities != run(2).probabilities).any()
    assert Hashed.uses_seed(Hashed.Recipe())


def test_hashed_ngrams_learn_sets_of_labels(setting):
    model = Hashed(Hashed.Recipe(epochs=60, ngrams=(1, 1)), setting(labels=COLOURS))
    model.fit(Examples(TEXTS * 3, LabelSets(np.vstack([SETS] * 3))), NOTHING)
    assert model.predict(TEXTS).chosen.tolist() == SETS.tolist()
    assert model.predict(()).chosen.shape == (0, 3)


def test_few_buckets_take_different_words_for_one(setting):
    model = Hashed(Hashed.Recipe(buckets=1), setting())
    assert model.fit(labelled(("good", "bad"), [1, 0]), NOTHING).facts["buckets"] == 1
    one, other = model.predict(("good", "bad")).probabilities
    assert one.tolist() == other.tolist()


@pytest.mark.parametrize("family", [Overlap, Cosine])
def test_pairs_that_share_words_are_told_from_those_that_do_not(setting, family):
    model = family(family.Recipe(), setting(labels=("other", "same"), task="text-pair"))
    model.fit(labelled(PAIRS, [1, 0, 1, 0]), NOTHING)
    found = model.predict((Pair("a cold day", "A COLD day"), Pair("a cold day", "my hot soup"), Pair("", "!")))
    assert found.labels.tolist() == [1, 0, 0]
    assert model.predict(()).labels.tolist() == []


@pytest.mark.parametrize("family", [Overlap, Cosine])
def test_how_alike_a_pair_is_becomes_a_number_of_the_scale_of_the_card(setting, family):
    model = family(family.Recipe(), setting(labels=(), task="text-similarity"))
    model.fit(numbered(PAIRS, [3, 1, 5, 1]), NOTHING)
    low, middle, high = model.predict(
        (Pair("a cold day", "my hot soup"), Pair("a cold day", "a cold soup"), Pair("cold", "cold"))
    ).values
    assert 0 < low < middle < high < 7


def test_words_that_train_does_not_have_make_no_two_texts_more_alike(setting):
    model = Cosine(Cosine.Recipe(ngrams=(1, 1)), setting(labels=(), task="text-similarity"))
    model.fit(numbered(PAIRS, [3, 1, 5, 1]), NOTHING)
    same, new = model.predict((Pair("the red", "the red"), Pair("the red unknown", "the red strange"))).values
    assert new < same


def test_overlap_of_characters_sees_the_parts_of_words_and_of_chinese(setting):
    by_word, by_part = (
        Overlap(Overlap.Recipe(unit=unit), setting(labels=(), task="text-similarity"))._shared(
            (Pair("connected", "connecting"), Pair("退货政策", "退换货政策"), Pair("政", "政"))
        )
        for unit in ("word", "character")
    )
    assert by_word.tolist() == [0, 4 / 5, 1]
    assert by_part.tolist() == [5 / 10, 2 / 5, 1]
