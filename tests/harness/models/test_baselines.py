"""The families that need no weights, and that none of them drags torch in."""

import subprocess
import sys

import numpy as np
import pytest

from harness.examples import Examples, Labels, Pair
from harness.models.lexicon import Lexicon, LexiconRecipe
from harness.models.majority import Majority
from harness.models.tfidf import Tfidf, TfidfRecipe
from registry.errors import UserError

NOTHING = Examples((), Labels(np.zeros(0, dtype=np.int64)))
MOODS = ("I love it, wonderful!", "The chair is brown.", "I hate it, terrible.")


def labelled(texts, labels) -> Examples:
    return Examples(tuple(texts), Labels(np.array(labels, dtype=np.int64)))


def test_majority_takes_the_first_of_equals_and_gives_frequencies(setting):
    model = Majority(Majority.Recipe(), setting(labels=("a", "b", "c")))
    found = model.fit(labelled("wxyz", [2, 1, 1, 2]), NOTHING)
    prediction = model.predict(("one", "two"))
    assert prediction.labels.tolist() == [1, 1]
    assert prediction.probabilities.tolist() == [[0, 0.5, 0.5]] * 2
    assert found.facts["label"] == "b"
    with pytest.raises(UserError, match="needs training rows"):
        model.fit(NOTHING, NOTHING)


def test_lexicon_with_and_without_a_neutral_label(setting):
    with_neutral = Lexicon(LexiconRecipe(), setting(labels=("positive", "neutral", "negative"), weights=None))
    with_neutral.fit(NOTHING, NOTHING)
    assert with_neutral.predict(MOODS).labels.tolist() == [0, 1, 2]
    assert with_neutral.predict(MOODS).probabilities is None
    without = Lexicon(LexiconRecipe(), setting(labels=("negative", "positive")))
    without.fit(NOTHING, NOTHING)
    assert without.predict(MOODS).labels.tolist() == [1, 0, 0]
    without.fit(labelled("xyz", [1, 1, 0]), NOTHING)
    assert without.predict(MOODS).labels.tolist() == [1, 1, 0]


def test_lexicon_at_threshold_zero_and_one(setting):
    labels = ("negative", "neutral", "positive")
    assert Lexicon(LexiconRecipe(threshold=0), setting(labels=labels)).predict(MOODS).labels.tolist() == [
        2,
        1,
        0,
    ]
    assert Lexicon(LexiconRecipe(threshold=1), setting(labels=labels)).predict(MOODS).labels.tolist() == [
        1,
        1,
        1,
    ]


@pytest.mark.parametrize(
    ("labels", "told"),
    [(("negative", "mixed"), "mixed"), (("neutral", "positive"), "needs the label negative")],
)
def test_lexicon_refuses_other_labels(setting, labels, told):
    with pytest.raises(UserError, match=told):
        Lexicon(LexiconRecipe(), setting(labels=labels))


def test_lexicon_tells_that_it_cut_a_long_text(setting):
    class Listening:
        heard: list[str] = []

        def step(self, *_):
            from registry.progress import Silent

            return Silent().step("")

        def say(self, line):
            self.heard.append(line)

    model = Lexicon(LexiconRecipe(), setting(progress=Listening()))
    assert model.predict(("but good " * 12_000, "", "\x00", "\ud800")).labels.tolist() == [1, 0, 0, 0]
    assert Listening.heard == ["lexicon read the first 10,000 characters only of 1 text"]


def test_tfidf_reads_chinese_by_characters_and_english_by_words(setting):
    chinese = labelled(["这部电影很好", "非常好看", "很糟糕的片子", "太糟糕了"] * 5, [1, 1, 0, 0] * 5)
    model = Tfidf(TfidfRecipe(), setting())
    found = model.fit(chinese, NOTHING)
    assert found.facts["analyzer"] == "char"
    assert model.predict(("好看的电影", "糟糕")).labels.tolist() == [1, 0]
    assert found.trainable_parameters == found.facts["features"] + 1
    english = labelled(["a good film", "a bad film"] * 5, [1, 0] * 5)
    assert Tfidf(TfidfRecipe(), setting()).fit(english, NOTHING).facts["analyzer"] == "word"
    assert Tfidf(TfidfRecipe(analyzer="char"), setting()).fit(english, NOTHING).facts["analyzer"] == "char"


def test_tfidf_gives_labels_it_never_saw_no_probability(setting, toy):
    train = toy(40, 1)
    model = Tfidf(TfidfRecipe(), setting(labels=("bad", "unseen", "good")))
    model.fit(Examples(train.inputs, Labels(train.answers.labels * 2)), NOTHING)
    prediction = model.predict((*train.inputs, "", "\ud800\x00"))
    assert (prediction.probabilities[:, 1] == 0).all()
    assert prediction.labels[:40].tolist() == (train.answers.labels * 2).tolist()
    assert model.predict(()).probabilities.shape == (0, 3)


def test_tfidf_gives_the_same_answer_twice(setting, toy):
    def run() -> np.ndarray:
        model = Tfidf(TfidfRecipe(), setting())
        model.fit(toy(60, 1), NOTHING)
        return model.predict(toy(20, 2).inputs).probabilities

    assert (run() == run()).all()


def test_tfidf_refuses_what_it_cannot_learn_from(setting):
    with pytest.raises(UserError, match="two labels"):
        Tfidf(TfidfRecipe(), setting()).fit(labelled(["a", "b"], [1, 1]), NOTHING)
    with pytest.raises(UserError, match="cannot count"):
        Tfidf(TfidfRecipe(), setting()).fit(labelled(["", "!"], [1, 0]), NOTHING)
    with pytest.raises(ValueError, match="ngrams"):
        TfidfRecipe(ngrams=(3, 1))


def test_no_family_imports_a_heavy_library():
    code = (
        "import importlib, pkgutil, sys, harness.models as families\n"
        "for info in pkgutil.iter_modules(families.__path__):\n"
        "    importlib.import_module(f'harness.models.{info.name}')\n"
        "heavy = {'torch', 'transformers', 'sklearn', 'vaderSentiment', 'scipy'} & set(sys.modules)\n"
        "sys.exit(f'imported: {heavy}' if heavy else 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_tfidf_of_pairs_sees_what_both_texts_share(setting):
    """Each text alone says nothing of the label here; only whether both have the same word does."""
    words = ("red", "green", "blue", "black")
    pairs = [Pair(one, other) for one in words for other in words]
    gold = [int(one == other) for one, other in pairs]
    model = Tfidf(TfidfRecipe(ngrams=(1, 1), C=100.0), setting(labels=("different", "same")))
    model.fit(labelled(pairs, gold), NOTHING)
    assert model.predict(tuple(pairs)).labels.tolist() == gold
