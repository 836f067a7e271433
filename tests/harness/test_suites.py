"""From words to boards: names that cannot collide, questions that are remembered, suites that keep their own."""

import pytest

from harness.spec import Limits
from harness.suites import Wish, bare, custom, expanded, questions, remember
from harness.workspace import Workspace
from registry.errors import UserError
from tests.worlds import World, minimal_card, plenty


@pytest.fixture
def workspace(world: World) -> Workspace:
    for name in ("a", "b", "a-b"):
        world.card(plenty(20), name=name)
    suite = "name: pair\ntitle: Two\ndatasets: [a, b]\nmodels: [majority, tfidf-logreg]\n"
    world.write({"cards/suites/pair.yaml": suite + "override: {tfidf-logreg: {C: 2}}\n"})
    return Workspace(world.catalog, offline=True)


def test_boards_of_other_datasets_have_other_names(workspace: Workspace) -> None:
    both, one = bare(("a", "b"), Wish(), workspace), bare(("a-b",), Wish(), workspace)
    assert both.name != one.name == "a-b"
    many = [bare(names, Wish(), workspace).name for names in (("a", "b", "a-b"), ("b", "a", "a-b"))]
    assert len(set(many)) == 2


def test_the_last_question_about_datasets_is_asked_again(workspace: Workspace) -> None:
    (asked,) = questions(["a"], Wish(("majority",), 2, Limits(train=10)), workspace)
    remember(asked, workspace)
    assert questions(["a"], Wish(), workspace) == [asked]
    assert questions(["b"], Wish(), workspace)[0].models != asked.models


def test_options_ask_anew(workspace: Workspace) -> None:
    (asked,) = questions(["a"], Wish(("majority",)), workspace)
    remember(asked, workspace)
    (again,) = questions(["a"], Wish(seeds=3), workspace)
    assert again.seeds == (1, 2, 3)
    assert len(again.models) > 1


def test_a_changed_suite_does_not_take_its_own_place(workspace: Workspace) -> None:
    (changed,) = questions(["pair"], Wish(("majority",)), workspace)
    assert (changed.name, changed.models, changed.override) == ("pair-custom", ("majority",), {})
    remember(changed, workspace)
    assert questions(["pair"], Wish(), workspace)[0].name == "pair"
    assert custom(changed) == changed


def test_suites_and_datasets_together_are_separate_boards(workspace: Workspace) -> None:
    assert [one.name for one in questions(["pair", "a-b"], Wish(), workspace)] == ["pair", "a-b"]


def test_what_a_dataset_needs_are_its_default_models_too(workspace: Workspace) -> None:
    assert ("models", "minilm-probe") in expanded(["a"], workspace)
    assert expanded(["pair"], workspace) == [
        ("datasets", "a"),
        ("datasets", "b"),
        ("models", "majority"),
        ("models", "tfidf-logreg"),
    ]


def test_a_model_is_not_a_question(workspace: Workspace) -> None:
    with pytest.raises(UserError, match="--models majority"):
        questions(["majority"], Wish(), workspace)


def test_a_card_that_is_nowhere_is_named_with_the_nearest(workspace: Workspace) -> None:
    with pytest.raises(UserError, match='nearest: "pair"'):
        questions(["pairs"], Wish(), workspace)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("seeds: [1, 1]", "more than once"),
        ("models: [majority, majority]", "more than once"),
        ("models: [[majority]]", "models"),
        ("override: {majority: {C: 1}}", 'unknown key "C"'),
        ("override: {tfidf-logreg: {C: soon}}", "C"),
        ("override: {minilm-probe: {C: 1}}", "not among"),
    ],
)
def test_a_suite_with_a_mistake_says_where(world: World, line: str, told: str) -> None:
    world.write({"cards/datasets/task/a.yaml": minimal_card(name="a")})
    lines = {"datasets": "datasets: [a]", "models": "models: [majority, tfidf-logreg]"}
    lines[line.split(":", 1)[0]] = line
    world.write({"cards/suites/s.yaml": "name: s\ntitle: S\n" + "\n".join(lines.values()) + "\n"})
    with pytest.raises(UserError, match=r"s\.yaml") as caught:
        questions(["s"], Wish(), Workspace(world.catalog))
    assert told in str(caught.value)
