"""Model families, metrics and tasks of other distributions: used like our own, and told apart when they are broken."""

import sys

import pytest

from harness.inspect.check import check_cards
from harness.inspect.learning import _learns
from harness.kinds import FAMILIES, METRICS, TASKS
from registry import kinds
from registry.errors import CardProblems, UserError
from tests.worlds import minimal_card, plenty

FAMILY = """
from harness.model import Model

class Coin(Model):
    version, tasks = 1, ("text-classification",)

    def fit(self, train, validation): ...

    def predict(self, inputs): ...
"""
METRIC = """
class Steps:
    version, reads, lowest, highest, higher_is_better, is_proportion = 3, "labels", 0, 1, True, False

    def obstacle(self, gold, labels): ...

    def contributions(self, gold, predicted, classes): ...

    def value(self, totals): ...
"""
TASK = """
from registry.task import Task

class Seen:
    version, default_models = 1, ()

    def examples(self, rows, labels): ...

    def inputs(self, rows, past): ...

    def predictions(self, rows, found, labels): ...

class Stars(Task):
    inputs = ("text",)
    target, answer = "label", "label"
    metrics = default_metrics = ("accuracy",)
    harness = Seen
"""


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Put a distribution with one module, `acme`, on the path as installers do."""
    monkeypatch.syspath_prepend(str(tmp_path / "site"))

    def install(group, entry, code):
        about = tmp_path / "site" / "acme-1.2.dist-info"
        about.mkdir(parents=True, exist_ok=True)
        (about / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1.2\nSummary: Odds and ends\n")
        (about / "entry_points.txt").write_text(f"[cardbench.{group}]\n{entry}\n")
        (tmp_path / "site" / "acme.py").write_text(code)
        monkeypatch.delitem(sys.modules, "acme", raising=False)
        kinds._installed.cache_clear()

    yield install
    sys.modules.pop("acme", None)
    kinds._installed.cache_clear()


def test_what_is_installed_is_there_under_its_name(installed):
    installed("metrics", "steps = acme:Steps", METRIC)
    assert METRICS.get("steps").__name__ == "Steps"
    assert "steps" not in METRICS.own()
    assert METRICS.version("steps") == {"version": 3, "from": "acme 1.2"}
    assert METRICS.version("accuracy") == METRICS.get("accuracy").version


def test_one_entry_brings_both_sides_of_a_task(installed):
    installed("tasks", "stars = acme:Stars", TASK)
    assert kinds.TASKS.get("stars").__name__ == "Stars"
    assert TASKS.get("stars").__name__ == "Seen"


@pytest.mark.parametrize(
    ("group", "name", "code", "why"),
    [
        (FAMILIES, "Coin", FAMILY.replace("(Model)", ""), "it is no subclass of harness.model.Model"),
        (FAMILIES, "Coin", FAMILY.replace("version, tasks = 1,", "tasks ="), "it lacks version"),
        (FAMILIES, "Coin", FAMILY.replace('n",)', 'n")'), "its tasks are no tuple of names"),
        (FAMILIES, "Coin", FAMILY + "    Recipe = dict", "its Recipe is no subclass of registry.frozen.Frozen"),
        (FAMILIES, "Coin", "raise SystemExit(0)", "SystemExit: 0"),
        (FAMILIES, "Coin", FAMILY.replace("def fit", "def train"), "it lacks fit"),
        (METRICS, "Steps", METRIC.replace("value", "result"), "it lacks value"),
        (METRICS, "Steps", METRIC.replace('"labels"', '"words"'), 'it reads "words", which is none of: labels'),
        (TASKS, "Stars", TASK.replace("    harness = Seen", ""), "type object 'Stars' has no attribute 'harness'"),
        (TASKS, "Stars", TASK.replace("def predictions", "def lines"), "it lacks predictions"),
        (kinds.TASKS, "Stars", TASK.replace("(Task)", ""), "it is no subclass of registry.task.Task"),
        (kinds.TASKS, "Stars", TASK.replace('inputs = ("text",)', ""), "it lacks inputs"),
        (kinds.TASKS, "Stars", TASK.replace('("text",)', '("text")'), "its inputs are no tuple of names"),
        (kinds.TASKS, "Stars", TASK.replace('"label", "label"', '"label", "stars"'), 'its answer "stars" is none of'),
        (
            kinds.TASKS,
            "Stars",
            TASK.replace("metrics = default_metrics = ", "metrics, default_metrics = ('mcc',), "),
            "its default_metrics are not among its metrics",
        ),
    ],
)
def test_what_does_not_fit_is_told_with_what_it_lacks(installed, group, name, code, why):
    installed(group.group.removeprefix("cardbench."), f"{name.lower()} = acme:{name}", code)
    with pytest.raises(UserError) as told:
        group.get(name.lower())
    assert f'"{name.lower()}" of acme 1.2 (acme:{name}) cannot be used: ' in str(told.value)
    assert why in str(told.value)


def test_cards_that_name_it_pass_the_check_and_the_schema_that_ships(installed, world):
    world.card(plenty(80)).write({"cards/models/coin.yaml": "name: coin\ntitle: A coin\nfamily: coin\n"})
    assert 'unknown model family "coin"' in check_cards(world.catalog, ("coin",)).problems[0].what
    installed("families", "coin = acme:Coin", FAMILY)
    assert check_cards(world.catalog, ("coin",)).problems == ()
    world.write({"cards/datasets/task/mine.yaml": minimal_card().replace("text-classification", "stars")})
    installed("tasks", "stars = acme:Stars", TASK)
    assert check_cards(world.catalog, ("mine",)).problems == ()


def test_a_broken_one_is_a_problem_at_the_line_that_names_it(installed, world):
    world.write({"cards/models/coin.yaml": "name: coin\ntitle: A coin\nfamily: coin\n"})
    installed("families", "coin = acme:Coin", "1 / 0")
    (problem,) = check_cards(world.catalog, ("coin",)).problems
    assert (problem.line, problem.do) == (3, "Upgrade or uninstall acme, or tell its authors.")
    assert "ZeroDivisionError" in problem.what
    assert not _learns("coin")
    installed("tasks", "stars = acme:Stars", "1 / 0")
    card = minimal_card().replace("text-classification", "stars")
    world.card(plenty(80)).write({"cards/datasets/task/mine.yaml": card})
    with pytest.raises(CardProblems) as told:
        world.catalog.dataset("mine")
    assert "ZeroDivisionError" in told.value.problems[0].what
