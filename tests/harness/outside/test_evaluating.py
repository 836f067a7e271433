"""Metrics of the `evaluate` library: scripts of the project or the hub, run by the real library, only with leave."""

import math
import subprocess
import sys

import numpy as np
import polars as pl
import pytest

from harness.metric import WholeMetric
from harness.metrics.accuracy import Accuracy
from harness.outside.evaluating import metric
from harness.scoring import computed
from harness.workspace import Workspace
from registry.errors import UserError
from tests.servers.model_hub import ModelHub

SCRIPT = """
import datasets
import evaluate


class {name}(evaluate.Metric):
    {more}

    def _info(self):
        item = datasets.Value("{item}")
        return evaluate.MetricInfo(
            description="", citation="", features=datasets.Features({{"predictions": item, "references": {references}}})
        )

    def _compute(self, predictions, references):
        return {result}
"""
SHARE = "sum(a == b for a, b in zip(predictions, references)) / len(references)"


def script(name="Agreement", item="int64", references="item", more="", result=f'{{"agreement": {SHARE}}}'):
    return SCRIPT.format(name=name, item=item, references=references, more=more, result=result)


@pytest.fixture
def workspace(world, monkeypatch):
    monkeypatch.setenv("HF_MODULES_CACHE", str(world.home / "modules"))
    return Workspace(world.catalog, offline=True, allow_code=True)


@pytest.fixture
def put(world):
    return lambda name, text: world.write({f"cards/metrics/{name}/{name}.py": text})


def test_a_script_of_the_project_computes_it_from_labels(workspace, put):
    put("agreement", script())
    found = metric("evaluate/agreement", "text-classification", workspace)
    assert isinstance(found, WholeMetric)
    gold, predicted = np.array([0, 1, 1, 2]), np.array([0, 1, 0, -1])
    assert found.obstacle(gold, ("a", "b", "c")) is None
    assert found.of_all(gold, predicted, 3) == Accuracy().value(
        Accuracy().contributions(gold, predicted, 3).sum(axis=0)
    )


def test_texts_and_lists_of_right_texts_reach_it_as_they_are(workspace, put):
    put("found_text", script("FoundText", "string", result=f'{{"found_text": {SHARE}}}'))
    found = metric("evaluate/found_text", "summarisation", workspace)
    assert found.of_all(["字", ""], ["字", "x"], 0) == 0.5
    result = '{"any_of": sum(a in b for a, b in zip(predictions, references))}'
    put("any_of", script("AnyOf", "string", "datasets.Sequence(item)", result=result))
    answers = metric("evaluate/any_of", "question-answering", workspace)
    assert answers.of_all([["a", "b"], ["c"]], ["b", "a"], 0) == 1


def test_it_runs_once_for_its_value_and_prints_where_nothing_is_read(workspace, put, world, capsys):
    told = world.root / "told"
    result = f'[print("hello", file=open({str(told)!r}, "a")), print("hello")] and {{"once": 1}}'
    put("once", script("Once", result=result))
    lines = pl.DataFrame({"gold": ["a", "b"], "predicted": ["a", "a"]})
    found = computed(metric("evaluate/once", "text-classification", workspace), lines, ("a", "b"))
    assert found.value == 1
    assert told.read_text() == "hello\n"
    assert capsys.readouterr().out == ""


def test_one_number_of_several_is_named(workspace, put):
    put("two", script("Two", result='{"high": 2, "low": 1}'))
    gold = np.array([1])
    assert metric("evaluate/two:low", "text-classification", workspace).of_all(gold, gold, 2) == 1
    with pytest.raises(UserError, match=r"gives high, low, and not one number\n  Name the one that is meant"):
        metric("evaluate/two", "text-classification", workspace).of_all(gold, gold, 2)


def test_without_leave_nothing_of_it_runs(world, put):
    put("agreement", "raise SystemExit('it ran')\n")
    found = metric("evaluate/agreement", "text-classification", Workspace(world.catalog))
    why = found.obstacle(np.array([0]), ("a", "b"))
    assert why == "it runs a script (cards/metrics/agreement/agreement.py); --allow-code allows it"
    assert found.higher_is_better


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("raise SystemExit(3)", "failed: SystemExit: 3"),
        ("import not_installed_here", "evaluate/broken failed: "),
        (script("Broken", result="1 / 0"), "failed: ZeroDivisionError"),
        (script("Broken", "string"), "evaluate/broken failed: "),
        (script("Broken", result="{'broken': [0.5, 0.25]}"), "gives broken, and not one number"),
        (script("Broken", result="0.5"), "gives float, and not one number"),
    ],
)
def test_a_script_that_fails_is_told(workspace, put, text, told):
    put("broken", text)
    with pytest.raises(UserError) as error:
        metric("evaluate/broken", "text-classification", workspace).of_all(np.array([0, 1]), np.array([0, 1]), 2)
    assert told in str(error.value)
    assert error.value.where == "cards/metrics/broken/broken.py"


def test_less_is_better_where_the_script_or_the_field_says_so(workspace, put):
    put("cost", script("Cost", more="higher_is_better: bool = False"))
    better = {name: metric(f"evaluate/{name}", "summarisation", workspace).higher_is_better for name in ("cost", "wer")}
    assert better == {"cost": False, "wer": False}
    assert metric("evaluate/meteor", "summarisation", workspace).higher_is_better


def test_what_it_cannot_read_is_told_before_anything_runs(workspace):
    why = metric("evaluate/accuracy", "retrieval", workspace).obstacle({}, ())
    assert why == "evaluate/accuracy cannot be given rankings"


def test_one_that_is_nowhere_is_told_with_what_to_do(workspace):
    why = metric("evaluate/nowhere", "summarisation", workspace).obstacle(["a"], ())
    assert why is not None
    assert "there is no such metric in the project or in the store" in why
    assert "Put the script at cards/metrics/nowhere/nowhere.py" in why


def test_the_hubs_is_fetched_once_and_then_used_offline(world, tmp_path, monkeypatch):
    space = tmp_path / "space"
    space.mkdir()
    (space / "agreement.py").write_text(script())
    (space / "app.bin").write_bytes(b"not code")
    gold = np.array([0, 1])
    with ModelHub("evaluate-metric/agreement", space, "spaces") as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)  # what `--offline` sets stays
        online = metric("evaluate/agreement", "text-classification", Workspace(world.catalog, allow_code=True))
        assert online.obstacle(gold, ("a", "b")) is None
        assert not any("app.bin" in request for request in hub.requests)
    offline = metric("evaluate/agreement", "text-classification", Workspace(world.catalog, True, allow_code=True))
    assert offline.of_all(gold, gold, 2) == 1


@pytest.mark.parametrize("name", ["evaluate/", "evaluate/../x", "evaluate/a/b", "evaluate/a:", "evaluate/a:b:c"])
def test_a_name_that_is_none(workspace, name):
    with pytest.raises(UserError, match="names no metric"):
        metric(name, "summarisation", workspace)


def test_other_metrics_are_our_own(workspace):
    assert isinstance(metric("accuracy", "text-classification", workspace), Accuracy)
    assert math.isinf(metric("evaluate/x", "summarisation", workspace).highest)


def test_nothing_else_imports_the_library():
    code = "import sys, harness.outside.evaluating, harness.run, harness.cli.app; assert 'evaluate' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
