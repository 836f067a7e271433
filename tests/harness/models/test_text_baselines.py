"""The families whose answer is a text or a likelihood, and that need no weights."""

import numpy as np
import pytest

from harness.device import Device
from harness.examples import Examples, Nothing, Texts
from harness.metrics.rouge_1 import Rouge1
from harness.model import Setting
from harness.models import word_alignment
from harness.models.copy_source import CopySource
from harness.models.extractive_oracle import ExtractiveOracle, ExtractiveOracleRecipe
from harness.models.lead import Lead, LeadRecipe
from harness.models.nearest import Nearest, NearestRecipe
from harness.models.ngram_lm import NgramLm, NgramLmRecipe
from harness.models.textrank import Textrank, TextrankRecipe, pagerank
from harness.models.word_alignment import WordAlignment, WordAlignmentRecipe
from registry.errors import UserError
from registry.progress import Silent

NOTHING = Examples((), Texts(()))
PAPER = (
    "Parsing is slow. We make a parser fast. The fast parser reads words once. "
    "Cats are unrelated. The parser is fast and reads all words."
)
PAPER_ZH = "句法分析很慢。我们让句法分析变快。猫与此无关。快的句法分析只读一次。"


@pytest.fixture
def setting():
    """What a family knows of its run, without the weights that no family here needs."""

    def make(**changes):
        usual = {"task": "translation", "labels": (), "languages": ("en",), "seed": 1, "progress": Silent()}
        return Setting(device=Device("cpu", "fp32"), **{**usual, **changes})

    return make


def pairs(*texts):
    return Examples(tuple(left for left, _ in texts), Texts(tuple(right for _, right in texts)))


def test_lead_takes_the_first_sentences_and_all_of_a_short_text(setting):
    model = Lead(LeadRecipe(sentences=2), setting(task="summarisation"))
    model.fit(NOTHING, NOTHING)
    assert model.predict((PAPER, PAPER_ZH, "One", "")).texts == (
        "Parsing is slow. We make a parser fast.",
        "句法分析很慢。我们让句法分析变快。",
        "One",
        "",
    )


def test_copy_says_what_it_was_told(setting):
    model = CopySource(CopySource.Recipe(), setting(task="translation"))
    model.fit(NOTHING, NOTHING)
    assert model.predict(("a %s", "")).texts == ("a %s", "")


@pytest.mark.parametrize("method", ["textrank", "lexrank"])
def test_central_sentences_are_chosen_and_keep_their_order(setting, method):
    model = Textrank(TextrankRecipe(method=method, sentences=2), setting(task="summarisation"))
    model.fit(NOTHING, NOTHING)
    english, chinese, short, empty = model.predict((PAPER, PAPER_ZH, "One. Two.", "")).texts
    assert english == "The fast parser reads words once. The parser is fast and reads all words."
    assert "猫" not in chinese
    assert (short, empty) == ("One. Two.", "")


def test_sentences_without_words_in_common_are_equals_and_the_first_are_taken(setting):
    for method in ("textrank", "lexrank"):
        model = Textrank(TextrankRecipe(method=method, sentences=1), setting(task="summarisation"))
        model.fit(NOTHING, NOTHING)
        assert model.predict(("One. Two. Three.", "!! ?? !!")).texts == ("One.", "!!")


def test_ranks_are_those_of_a_walk_that_sometimes_jumps():
    weights = np.array([[0.0, 1, 1], [1, 0, 0], [1, 0, 0]])
    ranks = pagerank(weights, 0.85)
    steps = weights / weights.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(ranks, 0.05 + 0.85 * ranks @ steps, atol=1e-8)
    assert ranks.sum() == pytest.approx(1)
    np.testing.assert_allclose(pagerank(np.zeros((2, 2)), 0.85), 0.5)


def test_the_oracle_takes_what_the_reference_has_and_nothing_beside(setting):
    references = Texts(("We make a fast parser that reads words once.", "猫与此无关", "no such word"))
    model = ExtractiveOracle(ExtractiveOracleRecipe(), setting(task="summarisation", references=references))
    model.fit(NOTHING, NOTHING)
    english, chinese, nothing = model.predict((PAPER, PAPER_ZH, "x. y.")).texts
    assert english == "We make a parser fast. The fast parser reads words once."
    assert (chinese, nothing) == ("猫与此无关。", "")
    lead = Lead(LeadRecipe(), setting(task="summarisation")).predict((PAPER,)).texts
    right, score = references.texts[:1], Rouge1()
    assert score.contributions(right, [english], 0)[0, 0] > score.contributions(right, lead, 0)[0, 0]
    few = ExtractiveOracle(ExtractiveOracleRecipe(sentences=1), setting(references=references))
    assert few.predict((PAPER, PAPER_ZH, "x")).texts[0] == "The fast parser reads words once."


def test_nearest_answers_as_the_most_similar_train_text_was_answered(setting):
    train = pairs(("how do I print", "use lp"), ("how do I boot", "press a key"), ("如何打印文件", "用 lp"))
    model = Nearest(NearestRecipe(), setting(task="text-generation"))
    facts = model.fit(train, NOTHING).facts
    assert model.predict(("I cannot boot", "print!", "xyz", "")).texts == ("press a key", "use lp", "use lp", "use lp")
    assert facts["analyzer"] == "word"
    chinese = Nearest(NearestRecipe(), setting(task="text-generation"))
    assert chinese.fit(pairs(("如何打印", "甲"), ("如何启动", "乙")), NOTHING).facts["analyzer"] == "char"
    assert chinese.predict(("怎么启动",)).texts == ("乙",)
    assert chinese.predict(()).texts == ()


def test_words_are_translated_one_by_one_and_placeholders_stay(setting):
    train = pairs(
        ("delete volume %s", "删除卷 %s"), ("delete image", "删除镜像"), ("create volume", "创建卷"),
        ("create image {name}", "创建镜像 {name}"), ("image", "镜像"), ("volume", "卷"),
    )  # fmt: skip
    model = WordAlignment(WordAlignmentRecipe(), setting(task="translation", languages=("en", "zh")))
    facts = model.fit(train, NOTHING).facts
    assert model.predict(("Create Image %(id)s", "delete Zebra v2", "")).texts == ("创建镜像%(id)s", "删除Zebra v2", "")
    assert (facts["pairs"], facts["left_out"]) == (6, 0)
    assert model.resolve(WordAlignmentRecipe(), model.setting.device)["jieba"]


def test_pairs_that_are_too_long_or_empty_teach_nothing_and_are_counted(setting):
    train = pairs(("word " * 400, "长"), ("", "空"), ("volume", "卷"))
    model = WordAlignment(WordAlignmentRecipe(), setting(task="translation"))
    assert model.fit(train, NOTHING).facts == {"words": 1, "pairs": 1, "left_out": 2}
    with pytest.raises(UserError, match="words on both sides"):
        model.fit(pairs(("", "空")), NOTHING)


def test_no_more_pairs_are_learnt_from_than_memory_is_meant_to_hold(setting, monkeypatch):
    monkeypatch.setattr(word_alignment, "_MOST_LINKS", 5)
    train = pairs(("one two", "一"), ("three", "三"), ("four five", "四"), ("six", "六"))
    facts = WordAlignment(WordAlignmentRecipe(), setting(task="translation")).fit(train, NOTHING).facts
    assert (facts["pairs"], facts["left_out"]) == (3, 1)


def test_the_byte_model_is_least_surprised_by_what_it_knows(setting):
    model = NgramLm(NgramLmRecipe(order=5), setting(task="language-modelling"))
    fitted = model.fit(Examples(("the cat sat", "天气很好") * 3, Nothing(6)), Examples((), Nothing(0)))
    nats = model.predict(("the cat", "tha cet", "天气", "")).nats
    assert nats[0] < nats[1]
    assert (nats > 0).all()
    assert fitted.facts["bytes"] == 3 * (11 + 12)
    assert fitted.trainable_parameters == fitted.facts["ngrams"]


@pytest.mark.parametrize(("family", "recipe"), [(Nearest, NearestRecipe()), (NgramLm, NgramLmRecipe())])
def test_what_learns_needs_rows_to_learn_from(setting, family, recipe):
    with pytest.raises(UserError, match="needs training rows"):
        family(recipe, setting()).fit(NOTHING, NOTHING)
