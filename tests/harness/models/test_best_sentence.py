"""Answers to questions by the sentence that is most like them."""

import pytest

from harness.device import Device
from harness.examples import Examples, Question, References
from harness.model import Setting
from harness.models.best_sentence import BestSentence, BestSentenceRecipe
from registry.progress import Silent

ENGLISH = "The tower is in Paris, as everyone who has been to Paris knows. It was built in 1889. Many go there."
CHINESE = "埃菲尔铁塔位于巴黎。它建于1889年！很多人去那里。"


def answers(score, *questions):
    setting = Setting("question-answering", (), ("en",), seed=1, device=Device("cpu", "fp32"), progress=Silent())
    model = BestSentence(BestSentenceRecipe(score=score), setting)
    model.fit(Examples((), References(())), Examples((), References(())))
    return model.predict(tuple(Question(*one) for one in questions)).texts


@pytest.mark.parametrize("score", ["overlap", "bm25"])
def test_the_sentence_with_the_words_of_the_question_is_the_answer(score):
    found = answers(score, ("When was it built?", ENGLISH), ("铁塔在哪里？", CHINESE), ("建于何年", CHINESE))
    assert found == ("It was built in 1889.", "埃菲尔铁塔位于巴黎。", "它建于1889年！")


@pytest.mark.parametrize("score", ["overlap", "bm25"])
def test_a_question_that_shares_nothing_gets_the_first_sentence(score):
    assert answers(score, ("Why?", ENGLISH), ("", CHINESE), ("the", "...")) == (
        "The tower is in Paris, as everyone who has been to Paris knows.",
        "埃菲尔铁塔位于巴黎。",
        "...",
    )


@pytest.mark.parametrize("score", ["overlap", "bm25"])
def test_an_empty_passage_has_no_answer(score):
    assert answers(score, ("When?", ""), ("When?", " \n")) == ("", "")


def test_bm25_trusts_rare_words_where_overlap_counts_all():
    text = "A is of the day. B is of the day. C is of the day and night. Zebras graze."
    question = "Is it of the day that zebras graze?"
    assert answers("overlap", (question, text)) == ("A is of the day.",)
    assert answers("bm25", (question, text)) == ("Zebras graze.",)
