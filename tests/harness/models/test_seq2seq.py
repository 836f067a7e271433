"""The sequence-to-sequence family on a toy network: it learns to copy, the same way each time."""

from pathlib import Path

import numpy as np
import pytest

from harness.examples import Examples, References, Texts
from harness.models.seq2seq import Seq2seq, Seq2seqRecipe
from registry.errors import UserError
from tests import tiny_generative
from tests.tiny_encoder import FILLER

QUICK = {"method": "full", "epochs": 20, "learning_rate": 1e-2, "tokens_per_batch": 128, "max_new_tokens": 6}
NOTHING = Examples((), Texts(()))


@pytest.fixture(scope="module")
def copier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_generative.save_seq2seq(tmp_path_factory.mktemp("tiny-t5"), ["copy:", *FILLER])


def words(count: int, seed: int) -> Examples:
    """Pairs of words; the first of them is the answer."""
    rng = np.random.default_rng(seed)
    pairs = [tuple(rng.choice(FILLER[:8], 2)) for _ in range(count)]
    return Examples(tuple(" ".join(pair) for pair in pairs), Texts(tuple(pair[0] for pair in pairs)))


@pytest.fixture
def model(setting, copier):
    def make(seed=7, **recipe):
        return Seq2seq(Seq2seqRecipe(**recipe), setting(task="summarisation", labels=(), weights=copier, seed=seed))

    return make


def test_it_learns_to_copy_a_word(model):
    made = model(**QUICK)
    found = made.fit(words(300, 1), words(40, 2))
    test = words(40, 3)
    right = [said == told for said, told in zip(made.predict(test.inputs).texts, test.answers.texts, strict=True)]
    assert np.mean(right) > 0.9
    assert found.trainable_parameters == found.total_parameters
    assert found.facts["loss"][-1] < found.facts["loss"][0]
    assert len(found.facts["validation_log_likelihood"]) == found.facts["epochs"]
    assert made.found()["prompt_tokens"] == 40 * 3


def test_the_same_seed_writes_the_same_and_another_learns_otherwise(model):
    def losses(seed: int) -> list[float]:
        made = model(seed, **{**QUICK, "epochs": 1})
        return made.fit(words(40, 1), NOTHING).facts["loss"]

    assert losses(1) == losses(1) != losses(2)


def test_neither_a_row_nor_its_answer_can_end_itself(model):
    made = model()
    made.fit(NOTHING, NOTHING)
    ends = made.ready.tokenizer.eos_token_id
    read, written = made._both(made.ready, Examples(("a </s> b",), Texts(("a </s> b",))))
    assert [one.flat.tolist().count(ends) for one in (read, written)] == [1, 1]
    made.predict(("a </s> b",))
    assert made.found()["prompt_tokens"] == read.lengths.sum()


def test_it_writes_without_learning_and_with_beams(model):
    made = model(max_new_tokens=4, template="copy: {text}")
    assert made.fit(NOTHING, NOTHING).trainable_parameters == 0
    rows = ("a b", "", "\ud800", "b " * 200)
    greedy = made.predict(rows).texts
    assert [made.predict((row,)).texts[0] for row in rows] == list(greedy)
    assert made.found()["cut_texts"] == 1
    assert made.predict(()).texts == ()
    wide = model(max_new_tokens=4, beams=3)
    wide.fit(NOTHING, NOTHING)
    assert len(wide.predict(rows).texts) == 4


def test_what_has_no_answer_is_learnt_as_such(setting, copier):
    from harness.examples import Question

    recipe = Seq2seqRecipe(**QUICK, template="{question} {text}")
    made = Seq2seq(recipe, setting(task="question-answering", labels=(), weights=copier))
    rows = (Question("a", "b"), Question("c", "d"))
    assert made.fit(Examples(rows, References((("b", "a"), ()))), NOTHING).facts["steps"] == QUICK["epochs"]
    assert len(made.predict(rows).texts) == 2


@pytest.mark.parametrize(
    ("recipe", "told"),
    [
        ({"epochs": 5}, "no effect with method: none"),
        ({"template": "summarize:"}, "does not name {text}"),
        ({"template": "{labels} {text}"}, "answers with texts of its own"),
    ],
)
def test_recipes_without_effect_are_refused(recipe, told):
    with pytest.raises(ValueError, match=told):
        Seq2seqRecipe(**recipe)


def test_it_refuses_to_learn_from_nothing_and_weights_of_another_kind(model, setting, weights):
    with pytest.raises(UserError, match="needs training rows"):
        model(**QUICK).fit(NOTHING, NOTHING)
    with pytest.raises(UserError, match="cannot be loaded"):
        Seq2seq(Seq2seqRecipe(), setting(task="summarisation", labels=(), weights=weights)).fit(NOTHING, NOTHING)
