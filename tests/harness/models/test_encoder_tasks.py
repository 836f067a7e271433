"""What the encoder learns of each kind of answer: a planted rule on a toy network, and what is cut, lacking or odd."""

import json

import numpy as np
import pytest

from harness.examples import Examples, LabelSets, Numbers, Pair, Question, References, Tags, Tokens
from harness.models.encoder import Encoder, EncoderRecipe
from registry.errors import UserError
from tests import tiny_encoder
from tests.tiny_encoder import FILLER

QUICK = {"epochs": 8, "learning_rate": 3e-3, "tokens_per_batch": 128}
ODD = ("", "good " * 2_000, "a\x00b", "lone \ud800 surrogate", "好", " \n\t ", "bad")


def part(examples: Examples, start: int, end: int) -> Examples:
    kind = type(examples.answers)
    return Examples(
        examples.inputs[start:end], kind(*(field[start:end] for field in examples.answers if field is not None))
    )


def learnt(examples: Examples, setting, labels=(), **recipe) -> tuple[Encoder, Examples, dict]:
    """A model that learnt all rows but the last 100, the rows it did not see, and the facts."""
    model = Encoder(EncoderRecipe(**(recipe if "method" in recipe else QUICK | recipe)), setting(labels=labels))
    size = len(examples)
    found = model.fit(part(examples, 0, size - 140), part(examples, size - 140, size - 100))
    assert json.loads(json.dumps(found.facts)) == found.facts
    return model, part(examples, size - 100, size), found.facts


def words(rng, count: int) -> list[str]:
    return rng.choice(FILLER, count).tolist()


def sets(count: int) -> Examples:
    """Label 0 where "good" is in the text, label 1 where "bad" is."""
    rng = np.random.default_rng(1)
    chosen = rng.random((count, 2)) < 0.5
    texts = []
    for row in chosen:
        text = [*words(rng, 4), *(word for word, there in zip(("good", "bad"), row, strict=True) if there)]
        texts.append(" ".join(rng.permutation(text)))
    return Examples(tuple(texts), LabelSets(chosen))


def numbers(count: int) -> Examples:
    """1,000 and 10 more for each "good"."""
    rng = np.random.default_rng(2)
    goods = rng.integers(0, 4, count)
    texts = tuple(" ".join(rng.permutation([*["good"] * many, *words(rng, 5 - many)])) for many in goods)
    return Examples(texts, Numbers(1_000 + 10.0 * goods))


def tagged(count: int, follower: str = "good") -> Examples:
    """Tag 1 for the word behind "good", tag 2 for "good", else 0."""
    rng = np.random.default_rng(3)
    sentences, tags = [], []
    for _ in range(count):
        text = words(rng, int(rng.integers(2, 9)))
        at = int(rng.integers(0, len(text) - 1))
        text[at] = follower
        sentences.append(Tokens(tuple(text)))
        tags.append(np.array([2 if place == at else int(place == at + 1) for place in range(len(text))]))
    return Examples(tuple(sentences), Tags(tuple(tags)))


def asked(count: int, length: int = 12, *, lacking: bool = False) -> Examples:
    """The answer is the word behind "good"; where `lacking`, half of the passages have none."""
    rng = np.random.default_rng(4)
    rows, answers = [], []
    for _ in range(count):
        text = words(rng, length)
        there = not lacking or rng.random() < 0.5
        if there:
            at = int(rng.integers(0, length - 1))
            text[at], text[at + 1] = "good", f"x{text[at + 1]}"
        rows.append(Question("bad", "  ".join(text)))
        answers.append((text[at + 1],) if there else ())
    return Examples(tuple(rows), References(tuple(answers)))


@pytest.mark.parametrize("recipe", [{}, {"method": "probe", "C": 1.0}])
def test_sets_of_labels(setting, recipe):
    model, test, facts = learnt(sets(440), setting, labels=("kind", "harsh"), **recipe)
    found = model.predict(test.inputs)
    assert (found.chosen == test.answers.chosen).mean() > 0.95
    assert found.probabilities.shape == (100, 2)
    assert facts["validation_micro_f1"][-1] > 0.9
    assert not found.chosen[~test.answers.chosen.any(axis=1)].all()


@pytest.mark.parametrize("recipe", [{}, {"method": "probe", "C": 1.0}])
def test_numbers_come_back_in_their_own_unit(setting, recipe):
    model, test, facts = learnt(numbers(440), setting, **recipe)
    errors = model.predict(test.inputs).values - test.answers.values
    assert np.abs(errors).mean() < 5
    assert facts["validation_negative_rmse"][-1] > -6


def test_numbers_of_pairs_and_numbers_that_are_all_equal(setting):
    examples = numbers(240)
    pairs = Examples(tuple(Pair("bad", text) for text in examples.inputs), Numbers(np.full(240, 3.5)))
    model, test, _ = learnt(pairs, setting)
    np.testing.assert_allclose(model.predict(test.inputs).values, 3.5, atol=0.1)


def test_tags_of_words(setting):
    model, test, facts = learnt(tagged(440), setting, labels=("O", "B", "C"))
    found = model.predict(test.inputs).tags
    assert (np.concatenate(found) == np.concatenate(test.answers.tags)).mean() > 0.9
    assert facts["cut_words"] == 0
    assert facts["validation_accuracy"][-1] > 0.9


def test_tags_of_chinese_words_by_their_first_character(setting, tmp_path):
    weights = tiny_encoder.save(tmp_path, ["中", "国", "##国", *FILLER])
    model, test, _ = learnt(
        tagged(340, "中国"), lambda **given: setting(weights=weights, **given), labels=("O", "B", "C")
    )
    found = model.predict(test.inputs).tags
    assert (np.concatenate(found) == np.concatenate(test.answers.tags)).mean() > 0.9


def test_words_that_are_cut_or_vanish_get_the_usual_tag(setting):
    train = Examples(
        (Tokens(("good",) * 100), Tokens(("bad", "\u200b", "bad")), Tokens(())),
        Tags((np.full(100, 2), np.array([1, 1, 1]), np.zeros(0, dtype=np.int64))),
    )
    model = Encoder(EncoderRecipe(**QUICK, max_length=12), setting(labels=("O", "B", "C")))
    facts = model.fit(train, part(train, 0, 0)).facts
    assert facts["cut_words"] == 90 + 1
    found = model.predict((*train.inputs, Tokens(("\ud800", "", "好"))))
    assert [len(tags) for tags in found.tags] == [100, 3, 0, 3]
    assert set(found.tags[0][10:]) == {2}
    assert found.tags[1][1] == 2
    assert model.predict(()).tags == ()


def test_answers_are_found_in_passages(setting):
    model, test, facts = learnt(asked(440), setting)
    found = model.predict(test.inputs).texts
    right = np.mean([text in answers for text, answers in zip(found, test.answers.texts, strict=True)])
    assert right > 0.9
    assert "" not in found
    assert facts["windows"] == 300
    assert facts["validation_exact_match"][-1] > 0.9


def test_that_there_is_no_answer_is_learnt_from_rows_that_have_none(setting):
    model, test, _ = learnt(asked(440, lacking=True), setting)
    found = model.predict(test.inputs).texts
    right = np.mean([text in (answers or ("",)) for text, answers in zip(found, test.answers.texts, strict=True)])
    assert right > 0.85
    assert 20 < found.count("") < 80


def test_long_passages_are_read_in_windows(setting):
    model, test, facts = learnt(asked(340, length=20), setting, max_length=20)
    assert facts["windows"] >= 2 * 200
    found = model.predict(test.inputs).texts
    assert np.mean([text in answers for text, answers in zip(found, test.answers.texts, strict=True)]) > 0.7


def test_answers_outside_the_passage_are_left_out_and_counted(setting):
    examples = asked(60)
    told = (("nowhere",), (" ",), *examples.answers.texts[2:])
    model = Encoder(EncoderRecipe(**QUICK), setting(labels=()))
    assert (
        model.fit(Examples(examples.inputs, References(told)), part(examples, 0, 0)).facts["answers_not_in_passage"]
        == 1
    )
    nothing = Examples(examples.inputs[:2], References(((), ("nowhere",))))
    with pytest.raises(UserError, match="no train row has an answer that stands in its passage"):
        model.fit(nothing, part(examples, 0, 0))


def test_odd_questions_and_passages(setting):
    model, _, _ = learnt(asked(160), setting, epochs=1)
    odd = tuple(Question(one, other) for one in ODD for other in ODD)
    found = model.predict(odd).texts
    assert len(found) == len(odd)
    assert all(text in question.text for text, question in zip(found, odd, strict=True))
    assert model.predict(()).texts == ()


def test_a_probe_reads_whole_texts_only(setting):
    with pytest.raises(UserError, match=r"a probe reads one vector a text; token-classification needs `method: full`"):
        Encoder(EncoderRecipe(method="probe"), setting(task="token-classification", labels=("O",))).fit(
            tagged(5), part(tagged(5), 0, 0)
        )


def test_the_same_seed_gives_the_same_tags_and_answers(setting):
    for examples in (tagged(60), asked(60)):
        models = [Encoder(EncoderRecipe(**{**QUICK, "epochs": 1}), setting(labels=("O", "B", "C"))) for _ in range(2)]
        for model in models:
            model.fit(examples, part(examples, 0, 0))
        one, two = (model.ready.network.head.weight.detach().numpy() for model in models)
        assert one.tobytes() == two.tobytes()
