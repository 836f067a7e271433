"""Metrics of texts against the libraries of the field, and where they must stand firm."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rouge_score.rouge_scorer import RougeScorer
from sacrebleu.metrics import BLEU, CHRF, TER

from harness.metrics.bleu import Bleu
from harness.metrics.chrf import Chrf
from harness.metrics.distinct_2 import Distinct2
from harness.metrics.length_ratio import LengthRatio
from harness.metrics.novelty import Novelty
from harness.metrics.placeholder_accuracy import PlaceholderAccuracy
from harness.metrics.repetition import Repetition
from harness.metrics.rouge_1 import Rouge1
from harness.metrics.rouge_2 import Rouge2
from harness.metrics.rouge_l import RougeL
from harness.metrics.ter import Ter
from harness.texts.words import words

ENGLISH = st.lists(st.sampled_from("the cat sat on a mat . The 3.5 don't %s".split()), max_size=9).map(" ".join)
CHINESE = st.text(alphabet="今天天气很好。，a1 ", max_size=9)
ODD = st.text(alphabet="é中ガ한\u3000\ud7ff😀 \n.", max_size=6)


class ByOurWords:
    """The tokeniser that rouge-score is given."""

    def tokenize(self, text):
        return words([text])[0]


def value(metric, gold, predicted):
    return float(metric.value(metric.contributions(gold, predicted, 0).sum(axis=0)))


def pairs(*texts):
    both = st.one_of(*(st.tuples(text, text) for text in texts))
    return st.lists(both, min_size=1, max_size=8)


@pytest.mark.parametrize(("metric", "name"), [(Rouge1(), "rouge1"), (Rouge2(), "rouge2"), (RougeL(), "rougeL")])
@settings(deadline=None, max_examples=80)
@given(rows=pairs(ENGLISH, CHINESE, ODD))
def test_rouge_is_that_of_rouge_score_given_our_words(metric, name, rows):
    scorer = RougeScorer([name], tokenizer=ByOurWords())
    expected = [scorer.score(right, said)[name].fmeasure for right, said in rows]
    gold, predicted = zip(*rows, strict=True)
    np.testing.assert_allclose(metric.contributions(gold, predicted, 0)[:, 0], expected, atol=1e-9)


@settings(deadline=None, max_examples=80)
@given(rows=pairs(ENGLISH))
def test_rouge_of_english_is_that_of_rouge_score_as_it_is(rows):
    scorer = RougeScorer(["rouge1", "rougeL"])
    for metric, name in ((Rouge1(), "rouge1"), (RougeL(), "rougeL")):
        expected = np.mean([scorer.score(right, said)[name].fmeasure for right, said in rows])
        assert value(metric, *zip(*rows, strict=True)) == pytest.approx(expected, abs=1e-9)


LIBRARY = [
    (Bleu(), ENGLISH, lambda: BLEU(tokenize="13a")),
    (Bleu(), CHINESE.map(lambda text: f"今天很{text}"), lambda: BLEU(tokenize="zh")),
    (Bleu(), CHINESE.map(lambda text: f"ガギグゲゴガギグゲゴ{text}"), lambda: BLEU(tokenize="char")),
    (Chrf(), st.one_of(ENGLISH, CHINESE, ODD), CHRF),
    (Ter(), ENGLISH, TER),
    (Ter(), CHINESE.map(lambda text: f"今天很{text}"), lambda: TER(normalized=True, asian_support=True)),
]


@pytest.mark.parametrize(("metric", "texts", "library"), LIBRARY)
@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_the_value_is_the_corpus_score_of_sacrebleu(metric, texts, library, data):
    gold, predicted = zip(*data.draw(pairs(texts)), strict=True)
    expected = library().corpus_score(list(predicted), [list(gold)]).score
    assert value(metric, gold, predicted) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("metric", [Bleu(), Chrf(), Ter(), RougeL(), LengthRatio(), Repetition()])
def test_a_resample_is_worth_what_its_lines_are(metric):
    gold = ["the cat sat on the mat today", "one two three four five", "a b c d a b c d", "yes"]
    predicted = ["the cat sat on a mat today", "", "a b c d a b c d a b c d", "no"]
    contributions = metric.contributions(gold, predicted, 0)
    drawn = np.array([[2, 0, 1, 1], [1, 1, 1, 1], [0, 2, 2, 0]])
    together = metric.value(drawn @ contributions)
    for counts, found in zip(drawn, together, strict=True):
        rows = np.repeat(np.arange(4), counts)
        assert found == pytest.approx(value(metric, [gold[r] for r in rows], [predicted[r] for r in rows]))


@pytest.mark.parametrize(
    ("source", "said", "kept"),
    [
        ("%s of %s", "%s 的 %s", True),
        ("%s of %s", "的 %s", False),
        ("%(name)s has %(count)d", "%(count)d 属于 %(name)s", True),
        ("%1$s then %2$s", "%2$s %1$s", True),
        ("{x}", "{X}", False),
        ("{{ user.name }}", "{{ user.name }}", True),
        ("Click <a href='/x'>here</a>", "点击<a href='/x'>这里</a>", True),
        ("Click <b>here</b>", "点击<b>这里<b>", False),
        ("A &amp; B", "A 和 B", False),
    ],
)
def test_a_row_keeps_its_placeholders_or_does_not(source, said, kept):
    assert PlaceholderAccuracy().contributions([source], [said], 0).tolist() == [[kept, 1]]


def test_a_sign_of_per_cent_or_less_in_prose_is_no_placeholder():
    prose = ["50% of all", "100%", "a 5% discount", "x < y and y > z", "R&D; more", "{not closed", "%% d"]
    assert PlaceholderAccuracy().contributions(prose, [""] * len(prose), 0).sum() == 0
    assert PlaceholderAccuracy().obstacle(prose, ()) == "no source of the evaluated split has a placeholder"
    assert PlaceholderAccuracy().obstacle([], ()) == "the evaluated split has no rows"


def test_without_words_there_is_no_value():
    for metric in (LengthRatio(), Novelty(), Repetition()):
        assert np.isnan(value(metric, ["..."], [""]))
    assert np.isnan(Distinct2().of_all(["a"], ["a"], 0))


@pytest.mark.parametrize(
    ("metric", "references", "why"),
    [
        (Rouge1(), ["👍", "..."], "no reference has a word"),
        (RougeL(), ["", "！"], "no reference has a word"),
        (LengthRatio(), ["..."], "no reference has a word"),
        (Rouge2(), ["yes", "no!"], "no reference has 2 words"),
        (Bleu(), ["yes it is", "好的"], "no reference has 4 words"),
        (Chrf(), [" ", "\u3000\n"], "every reference is blank"),
        (Ter(), ["", " "], "every reference is blank"),
    ],
)
def test_references_that_nothing_could_match_are_an_obstacle_and_no_zero(metric, references, why):
    assert metric.obstacle(references, ()) == why
    assert metric.obstacle([*references, "今天天气很好"], ()) is None
    assert metric.obstacle([*references, "a cat sat there"], ()) is None


def test_one_long_answer_is_scored_at_once():
    long = "the cat sat " * 4_000
    assert value(RougeL(), [long], [long]) == 1.0
    assert value(RougeL(), [long], ["dog " * 10_000]) == 0.0
