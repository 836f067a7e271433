"""What every task and every family that needs no weights must do on small tables of odd texts, found by file name."""

import math
from contextlib import suppress
from typing import Any

import numpy as np
import polars as pl
import pytest

from harness import lines, scoring
from harness.device import Device
from harness.examples import Clip, Collection, Labels, Likelihoods, Numbers, Sounds, Texts
from harness.kinds import FAMILIES, METRICS, TASKS
from harness.metric import Measured
from harness.model import Setting
from registry.errors import UserError
from registry.kinds import TASKS as REGISTRY_TASKS
from registry.progress import Silent
from registry.targets.relevant import JUDGED
from tests.wavs import tone

LABELS = ("B-PER", "O", "好")
ENGLISH = ("Mr. Smith went to Lyon.  He saw %s there!", "nothing at all", "the cat sat on the mat", "a dog: 1,234.5 km")
CHINESE = ("今天天气很好。我们去公园。", "我不喜欢这家酒店", "曹雪芹写了《红楼梦》", "ガギグ 한국어 ไทย")
ODD = ("", " ", "👩\u200d👧 e\u0301", "שלום \u202eabc\u0000", "... !!", "a" * 300, "the the the the the the")
TEXTS = {"english": ENGLISH, "chinese": CHINESE, "odd": ODD}
COLLECTION = Collection(tuple(f"d{number}" for number in range(6)), (*ENGLISH, "", CHINESE[0]))

RECIPES = {("tfidf", task): {"classifier": "ridge"} for task in ("text-regression", "text-similarity")}
"""Where the usual recipe is for labels."""


def rows(task: str, texts: tuple[str, ...]) -> pl.DataFrame:
    """A published split of a task: one row a text, with everything that a task may have."""
    column, turned = pl.Series(texts, dtype=pl.String), pl.Series(texts[::-1], dtype=pl.String)
    label = [LABELS[number % 3] for number in range(len(texts))]
    tokens = [text.split() for text in texts]
    relevant = [[{"document": f"d{number % 6}", "grade": 1 + number % 2}] for number in range(len(texts))]
    table = {
        "id": [f"r{number:02}" for number in range(len(texts))],
        "text": column,
        "text_pair": turned,
        "question": turned,
        "reference": turned,
        "label": label,
        "labels": pl.Series([[one] if one != "O" else [] for one in label], dtype=pl.List(pl.String)),
        "score": np.linspace(-1, 5, len(texts)),
        "tokens": pl.Series(tokens, dtype=pl.List(pl.String)),
        "tags": pl.Series([[LABELS[len(one) % 3] for one in row] for row in tokens], dtype=pl.List(pl.String)),
        "answers": pl.Series([[text[:5]] if text.strip() else [] for text in texts], dtype=pl.List(pl.String)),
        "relevant": pl.Series(relevant, dtype=pl.List(JUDGED)),
        "user": [f"u{number // 2}" for number in range(len(texts))],
        "item": [f"d{number % 6}" for number in range(len(texts))],
        "audio": [tone(0.1 + number / 50) for number in range(len(texts))],
        "seconds": np.linspace(0.1, 1, len(texts)),
    }
    known = REGISTRY_TASKS.get(task)
    wanted = {"id", *known.inputs, *known.carried, *known.optional, known.target}
    return pl.DataFrame({name: values for name, values in table.items() if name in wanted})


def setting(task: str, test: pl.DataFrame, seed: int = 1) -> Setting:
    references = TASKS.get(task)().examples(test, LABELS).answers
    known = COLLECTION if REGISTRY_TASKS.get(task).has_collection else None
    return Setting(
        task, LABELS, ("en", "zh"), seed, Device("cpu", "fp32"), Silent(), collection=known, references=references
    )


def answered(family: str, task: str, train: pl.DataFrame, test: pl.DataFrame) -> pl.DataFrame:
    """The lines of a family that was fitted and asked."""
    kind, given = TASKS.get(task)(), setting(task, test)
    model = FAMILIES.get(family)(FAMILIES.get(family).Recipe(**RECIPES.get((family, task), {})), given)
    model.fit(kind.examples(train, LABELS), kind.examples(train.clear(), LABELS))
    found = model.predict(kind.inputs(test, train))
    return lines.within(kind.predictions(test, found, LABELS), given.collection)


def told(task: str, found: pl.DataFrame) -> dict[str, float | str]:
    """Each metric of the task: its value, or why it has none."""
    values = dict[str, Any]()
    for name in REGISTRY_TASKS.get(task).metrics:
        metric = METRICS.get(name)()
        one = scoring.computed(metric, found, LABELS)
        values[name] = one if isinstance(one, str) else one.value
    return values


def works_here(family: str) -> bool:
    """Without weights, a program, a server, labels of its own, or what this machine lacks."""
    found = FAMILIES.get(family)
    choices = any(field.is_required() for field in found.Recipe.model_fields.values())
    return not (found.uses_weights or found.runs_code or choices or found.lacks() or found.unfit(LABELS))


QUICK = [
    (family, task)
    for family in FAMILIES.own()
    if works_here(family)
    for task in FAMILIES.get(family).tasks
    if not task.startswith("speech")  # a recogniser takes seconds to load; its own tests ask it
]


@pytest.mark.parametrize("texts", TEXTS)
@pytest.mark.parametrize(("family", "task"), QUICK)
def test_a_family_answers_every_task_that_it_claims_and_alike_each_time(family: str, task: str, texts: str) -> None:
    train, test = rows(task, TEXTS[texts] * 2), rows(task, TEXTS[texts])
    found = answered(family, task, train, test)
    assert found.equals(answered(family, task, train, test))
    assert found["id"].is_sorted()
    for name, value in told(task, found).items():
        metric = METRICS.get(name)
        assert isinstance(value, str) or metric.lowest <= value <= metric.highest, name


@pytest.mark.parametrize(("family", "task"), QUICK)
def test_one_training_row_is_enough_or_the_family_says_what_it_lacks(family: str, task: str) -> None:
    test = rows(task, ENGLISH + CHINESE + ODD)
    for text in (ENGLISH[0], CHINESE[0], " "):
        with suppress(UserError):
            found = answered(family, task, rows(task, (text,)), test)
            assert set(found["id"]) == set(test["user"] if task == "recommendation" else test["id"])


@pytest.mark.parametrize(("family", "task"), QUICK)
def test_a_family_without_training_rows_works_or_says_that_it_needs_them(family: str, task: str) -> None:
    test = rows(task, ENGLISH)
    if not FAMILIES.get(family).needs_training_data:
        assert answered(family, task, test.clear(), test).height
        return
    with pytest.raises(UserError, match=r"needs|there is nothing to learn from"):
        answered(family, task, test.clear(), test)


ANSWERS: dict[str, Any] = {
    "language-modelling": lambda inputs: Likelihoods(np.array([3.0 * len(text) for text in inputs])),
    "speech-recognition": lambda inputs: Texts(("a tone",) * len(inputs), np.full(len(inputs), 0.25)),
    "speech-synthesis": lambda inputs: Sounds((tone(0.2),) * len(inputs), np.full(len(inputs), 0.25)),
    "text-classification": lambda inputs: Labels(
        np.zeros(len(inputs), dtype=np.int64), np.full((len(inputs), 3), 1 / 3, dtype=np.float32)
    ),
    "text-regression": lambda inputs: Numbers(np.arange(len(inputs), dtype=np.float64)),
}
"""Of models that are not asked here."""


def test_every_task_is_asked_here() -> None:
    assert {task for _, task in QUICK} | set(ANSWERS) == set(REGISTRY_TASKS.own())


@pytest.mark.parametrize("texts", [ENGLISH, CHINESE, ODD, ENGLISH[:1], ("",)])
@pytest.mark.parametrize("task", ANSWERS)
def test_every_metric_of_a_task_has_a_value_or_a_reason(task: str, texts: tuple[str, ...]) -> None:
    test = rows(task, texts)
    inputs = TASKS.get(task)().inputs(test, test.clear())
    assert all(isinstance(one, str | Clip) for one in inputs)
    found = TASKS.get(task)().predictions(test, ANSWERS[task](inputs), LABELS)
    for name, value in told(task, found).items():
        if isinstance(METRICS.get(name)(), Measured):
            assert "it was not measured" in str(value)
        else:
            assert isinstance(value, str) or math.isfinite(value), name
