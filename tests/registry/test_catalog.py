"""Cards by name: the project's over the shipped ones, and what `like:` brings in."""

import pytest

from harness.inspect.check import check_cards
from registry import project
from registry.catalog import Catalog
from registry.errors import CardProblems, UserError
from tests.worlds import minimal_card, plenty

CHILD = "like: mine\nname: child\ntitle: A child\n"
AT = "cards/datasets/task/child.yaml"


def test_shipped_cards_are_always_there(world):
    found = world.catalog.datasets
    assert "tweets" in found
    assert found["tweets"].shipped
    assert found["tweets"].shown_as.endswith("cards/datasets/general/tweets.yaml")


def test_a_card_of_the_project_takes_the_place_of_a_shipped_one_and_says_so(world):
    world.write(
        {
            "cards/datasets/general/tweets.yaml": minimal_card(name="tweets").replace("kind: task", "kind: general"),
            "data/tweets.csv": plenty(),
        }
    )
    checked = check_cards(world.catalog, ())
    assert checked.problems == ()
    assert checked.notices == ('cards/datasets/general/tweets.yaml takes the place of the shipped card "tweets"',)
    assert world.build("tweets").published.manifest["rows_read"] == 60


def test_a_name_stands_once_in_a_project(world):
    world.card().write({"cards/datasets/general/mine.yaml": minimal_card()})
    with pytest.raises(UserError, match=r'"mine" is also in cards/datasets/general/mine.yaml'):
        _ = world.catalog.datasets


def test_an_unknown_name_brings_the_nearest(world):
    with pytest.raises(UserError, match=r'no dataset card "twets"; nearest: "tweets"'):
        world.catalog.dataset("twets")


def test_a_child_has_the_keys_of_its_parent_unless_it_says_otherwise(world):
    world.card(more="domain: film\ncitation: c\n").write({AT: CHILD + "domain: books\ncitation: null\n"})
    child, parent = world.catalog.dataset("child"), world.catalog.dataset("mine")
    assert (child.title, child.domain, child.citation) == ("A child", "books", "")
    assert child.sources == parent.sources


def test_grandchildren_inherit_and_anchors_do_not(world):
    anchor = "anchors: [{model: majority, metric: accuracy, value: 0.5, tolerance: 0.1, source: s}]\n"
    world.card(more=anchor).write({AT: CHILD, "cards/datasets/task/grand.yaml": "like: child\nname: grand\n"})
    assert world.catalog.dataset("mine").anchors
    assert not world.catalog.dataset("grand").anchors
    assert world.catalog.dataset("grand").title == "A child"


def test_that_a_card_is_superseded_or_deprecated_is_said_of_that_card_only(world):
    world.card(more="superseded_by: child\ndeprecated: its labels were wrong\n").write({AT: CHILD})
    assert world.catalog.dataset("mine").cautions
    assert not world.catalog.dataset("child").cautions


def test_a_folder_where_a_card_should_be_and_a_file_where_a_folder_should_be(world):
    world.write({"cards/models": "x", "cards/datasets/task/mine.yaml/other.yaml": minimal_card(name="other")})
    assert {name for name, file in world.catalog.datasets.items() if not file.shipped} == {"other"}
    assert not [file for file in world.catalog.models.values() if not file.shipped]


def test_a_link_to_a_card_is_a_card_and_one_to_a_folder_is_not_followed(world):
    world.card()
    folder = world.root / "cards/datasets/task"
    (folder / "also.yaml").symlink_to(folder / "mine.yaml")
    (folder / "again").symlink_to(folder, target_is_directory=True)
    assert {name for name, file in world.catalog.datasets.items() if not file.shipped} == {"also", "mine"}


def test_a_cycle_is_told_with_its_whole_way(world):
    world.write({AT: "like: other\nname: child\n", "cards/datasets/task/other.yaml": "like: child\nname: other\n"})
    with pytest.raises(CardProblems, match="inherits from itself: child -> other -> child"):
        world.catalog.dataset("child")


def test_a_mistake_in_an_inherited_key_points_at_like(world):
    world.card(more="clean: [whitspace]\n").write({AT: CHILD})
    with pytest.raises(CardProblems) as refused:
        world.catalog.dataset("child")
    assert [(problem.file, problem.line, problem.path) for problem in refused.value.problems] == [(AT, 1, ("like",))]


def test_check_counts_every_card_and_tells_all_mistakes_in_order_of_file(world):
    world.card(more="metrics: [blue]\n").write(
        {
            AT: CHILD + "metrics: [bleu]\n",
            "cards/models/odd.yaml": "name: odd\ntitle: t\nfamily: nope\n",
        }
    )
    checked = check_cards(world.catalog, ())
    assert [problem.file for problem in checked.problems] == [
        AT,
        "cards/datasets/task/mine.yaml",
        "cards/models/odd.yaml",
    ]
    assert checked.text().splitlines()[-1].startswith("3 problems in 3 of ")


def test_check_of_names_looks_at_those_only(world):
    world.card(more="metrics: [blue]\n").write({AT: CHILD + "metrics: [mcc]\n"})
    assert check_cards(world.catalog, ("child",)).text() == "1 card checked, no problems."


def test_a_project_is_found_upwards_from_where_one_stands(world, monkeypatch):
    deep = world.root / "data" / "deep"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    assert project.find().root == world.root.resolve()
    monkeypatch.delenv("BENCH_HOME")
    assert project.find().home == world.root.resolve() / ".bench"


def test_a_folder_without_cards_is_a_project_of_shipped_cards(tmp_path):
    found = project.find(tmp_path)
    assert found.root == tmp_path.resolve()
    assert "tweets" in Catalog(found).datasets


def test_files_that_are_no_cards_are_no_cards(world):
    world.write(
        {
            "cards/datasets/task/README.md": "x",
            "cards/guidelines/g.md": "x",
            "cards/datasets/task/.mine.yaml.swp": "x",
            "cards/datasets/task/._mine.yaml": "x",
            "cards/datasets/task/.ipynb_checkpoints/mine-checkpoint.yaml": "x",
        }
    )
    assert not {name for name, file in world.catalog.datasets.items() if not file.shipped}
