"""One run: what a model gets to see, what is recorded, and what a failure leaves."""

from typing import Any, ClassVar

import numpy as np
import polars as pl
import pytest

from harness import records, run
from harness.data import data
from harness.device import Device
from harness.examples import Examples, Labels
from harness.kinds import FAMILIES
from harness.model import Fitted, Model, NoRecipe, Setting
from harness.plan import plan
from harness.run import Job
from harness.suites import Wish, bare
from harness.workspace import Workspace


class Spy(Model):
    """A family that remembers what it was given and answers as it is told."""

    Recipe = NoRecipe
    version: ClassVar[int] = 1
    tasks: ClassVar[tuple[str, ...]] = ("text-classification",)
    seen: ClassVar[dict[str, Any]] = {}
    answer: ClassVar[Any] = None

    def __init__(self, recipe: NoRecipe, setting: Setting) -> None:
        self.seen["setting"] = setting

    def fit(self, train: Examples, validation: Examples) -> Fitted:
        self.seen |= {"train": train, "validation": validation}
        return Fitted(0, 0)

    def predict(self, texts: tuple[str, ...]) -> Labels:
        self.seen["test"] = texts
        answered = self.answer(texts) if self.answer else np.zeros(len(texts), dtype=np.int64)
        return Labels(answered, None)


@pytest.fixture
def spy(monkeypatch: pytest.MonkeyPatch) -> type[Spy]:
    monkeypatch.setattr(type(FAMILIES), "get", _with_spy(type(FAMILIES).get))
    monkeypatch.setattr(Spy, "seen", {})
    monkeypatch.setattr(Spy, "answer", None)
    return Spy


def _with_spy(get: Any) -> Any:
    return lambda kinds, name: Spy if (kinds, name) == (FAMILIES, "majority") else get(kinds, name)


def job(workspace: Workspace, limit: int | None = None) -> Job:
    suite = bare(("mine",), Wish(("majority",), 1), workspace)
    suite = suite.model_copy(update={"limits": suite.limits.model_copy(update={"train": limit})})
    planned = plan(suite, workspace)
    (cell,) = planned.cells
    dataset, model = planned.datasets["mine"], planned.models["majority"]
    assert cell.spec
    assert dataset.published
    return Job(cell.spec, dataset.card, dataset.published, model, Device("cpu", "fp32"))


def test_the_test_split_is_seen_without_labels_and_only_when_predicting(workspace: Workspace, spy: type[Spy]) -> None:
    one = job(workspace)
    assert run.run(one, workspace).status == "ok"
    texts = {name: set(pl.read_parquet(one.published.split(name))["text"]) for name in ("train", "validation", "test")}
    assert set(spy.seen["train"].inputs) == texts["train"]
    assert set(spy.seen["validation"].inputs) == texts["validation"]
    assert set(spy.seen["test"]) == texts["test"]
    assert all(type(text) is str for text in spy.seen["test"])


def test_scores_are_computed_here_from_the_predictions(workspace: Workspace, spy: type[Spy]) -> None:
    record = run.run(job(workspace), workspace)
    predictions = records.predictions(record.run_id, workspace.home)
    scores = {one["metric"]: one["value"] for one in record.metrics}
    assert scores["accuracy"] == pytest.approx((predictions["gold"] == predictions["predicted"]).mean())
    assert predictions["id"].to_list() == sorted(predictions["id"])
    assert record.n == predictions.height


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (lambda texts: np.zeros(1, dtype=np.int64), "answered 1 of"),
        (lambda texts: np.full(len(texts), 9), "outside the card's set"),
        (lambda texts: 1 / 0, "ZeroDivisionError"),
    ],
)
def test_a_model_that_answers_nonsense_is_a_failure_record(
    workspace: Workspace, spy: type[Spy], monkeypatch: pytest.MonkeyPatch, answer: Any, reason: str
) -> None:
    monkeypatch.setattr(Spy, "answer", staticmethod(answer))
    one = job(workspace)
    record = run.run(one, workspace)
    assert (record.status, record.n, record.metrics) == ("failed", None, ())
    assert reason in record.reason
    assert not records.done(record.run_id, workspace.home)
    assert records.load([record.run_id], workspace.home)[record.run_id] == record


def test_limits_nest_and_do_not_depend_on_row_order(workspace: Workspace) -> None:
    jobs = [job(workspace, limit) for limit in (10, 20)]
    small, large = (data(one.spec, one.published).train for one in jobs)
    assert (small.height, large.height) == (10, 20)
    assert set(small["id"]) < set(large["id"])


def test_a_limit_that_nothing_exceeds_is_no_limit(workspace: Workspace) -> None:
    assert job(workspace, 10_000).spec.run_id == job(workspace).spec.run_id
    assert job(workspace, 10).spec.run_id != job(workspace).spec.run_id
