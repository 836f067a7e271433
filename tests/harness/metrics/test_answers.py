"""Scores of answers to questions. The expected values are those of the official scripts of SQuAD 2.0 and MLQA."""

import numpy as np
import pytest

from harness.metrics.answer_f1 import AnswerF1
from harness.metrics.exact_match import ExactMatch

CASES = [
    (["Denver Broncos"], "the denver broncos!", 1.0, 1.0),
    (["Denver Broncos", "Broncos"], "Broncos of Denver", 0.0, 0.8),
    (["to to be"], "to be be", 0.0, 2 / 3),
    (["24–10"], "24-10", 0.0, 0.0),
    (["Saint-Étienne"], "saintétienne", 1.0, 1.0),
    ([], "", 1.0, 1.0),
    ([], "the", 1.0, 1.0),
    ([], "Paris", 0.0, 0.0),
    (["Paris"], "", 0.0, 0.0),
    (["the", "Paris"], "", 0.0, 0.0),
    (["光荣和ω-force"], "光荣和ω-force。", 1.0, 1.0),
    (["光荣和ω-force"], "由光荣开发", 0.0, 4 / 9),
    (["１９９８年"], "在 １９９８年", 0.0, 0.8),
]


@pytest.mark.parametrize(("right", "said", "exact", "f1"), CASES)
def test_scores_are_those_of_the_official_scripts(right, said, exact, f1):
    assert ExactMatch().contributions([right], [said], 0).tolist() == [[exact, 1]]
    assert AnswerF1().contributions([right], [said], 0) == pytest.approx(np.array([[f1, 1]]), abs=1e-9)


def test_a_split_is_the_mean_of_its_questions():
    gold, said = [right for right, *_ in CASES], [said for _, said, *_ in CASES]
    for metric, column in ((ExactMatch(), 2), (AnswerF1(), 3)):
        expected = np.mean([case[column] for case in CASES])
        assert float(metric.value(metric.contributions(gold, said, 0).sum(axis=0))) == pytest.approx(expected, abs=1e-9)


def test_answers_and_questions_must_be_as_many():
    with pytest.raises(ValueError, match="argument"):
        ExactMatch().contributions([["x"]], [], 0)
    with pytest.raises(ValueError, match="argument"):
        AnswerF1().contributions([["x"]], ["x", "y"], 0)
