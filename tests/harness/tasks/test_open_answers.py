"""Tasks whose answer is a text, and the one that has none."""

import numpy as np
import polars as pl
import pytest

from harness.examples import Likelihoods, Nothing, Texts
from harness.metrics.byte_perplexity import BytePerplexity
from harness.metrics.chrf import Chrf
from harness.metrics.placeholder_accuracy import PlaceholderAccuracy
from harness.scoring import computed
from harness.tasks.language_modelling import LanguageModelling
from harness.tasks.summarisation import Summarisation
from harness.tasks.text_generation import TextGeneration
from harness.tasks.translation import Translation

ROWS = pl.DataFrame({"id": ["b", "a"], "text": ["open %s", "close"], "reference": ["打开 %s", "关闭"]})


@pytest.mark.parametrize("task", [Summarisation(), Translation(), TextGeneration()])
def test_answers_are_kept_beside_their_sources_in_order_of_id(task):
    learnt = task.examples(ROWS, ())
    assert learnt.inputs == task.inputs(ROWS, ROWS.clear()) == ("open %s", "close")
    assert learnt.told(Texts).texts == ("打开 %s", "关闭")
    lines = task.predictions(ROWS, Texts(("打开 %s", "打开")), ())
    assert lines.rows() == [("a", "关闭", "打开", "close"), ("b", "打开 %s", "打开 %s", "open %s")]
    assert computed(PlaceholderAccuracy(), lines, ()).value == 1.0
    assert 0 < computed(Chrf(), lines, ()).value < 100


def test_answers_that_are_none_are_refused():
    for answers, told in ((Texts(("one",)), "1 of 2"), (Texts(("one", 2)), "int"), (Nothing(2), "asks for Texts")):
        with pytest.raises(ValueError, match=told):
            Translation().predictions(ROWS, answers, ())


def test_texts_are_measured_in_bytes_and_nats():
    task, rows = LanguageModelling(), ROWS.drop("reference")
    assert task.examples(rows, ()).told(Nothing).rows == 2
    lines = task.predictions(
        pl.DataFrame({"id": ["b", "a"], "text": ["ab", "中"]}), Likelihoods(np.array([5.0, 0.0])), ()
    )
    assert lines.rows() == [("a", 3, 0.0), ("b", 2, 5.0)]
    assert computed(BytePerplexity(), lines, ()).value == pytest.approx(np.exp(1))
    assert computed(BytePerplexity(), lines.drop("nats"), ()) == "the model gives no likelihoods"


@pytest.mark.parametrize("nats", [[1.0], [1.0, -0.1], [1.0, np.inf], [np.nan, 1.0]])
def test_what_is_no_surprise_is_refused(nats):
    with pytest.raises(ValueError, match="model answered"):
        LanguageModelling().predictions(ROWS, Likelihoods(np.array(nats)), ())
