"""`bench card export` and `bench card import`, as they are typed."""

import json

import pytest
from typer.testing import CliRunner

from harness.cli.app import app, main
from registry.interchange.exporting import export
from registry.interchange.importing import Wish, import_card
from registry.versions import tags
from tests.worlds import plenty, table


@pytest.fixture
def bench(voted):
    def run(*arguments):
        return CliRunner().invoke(app, [*arguments, "--project", str(voted.root)], catch_exceptions=False)

    return run


def test_an_exported_card_is_imported_and_checked(voted, bench):
    voted.build("voted")
    out = voted.root / "data" / "copy"
    told = bench("card", "export", "voted", "--to", "croissant", "--out", str(out), "--json")
    assert json.loads(told.stdout)["folder"] == str(out)
    told = bench("card", "import", str(out / "croissant.json"), "--from", "croissant", "--name", "copy")
    assert "not taken over" in told.stderr
    assert "cards/datasets/task/copy.yaml is written" in told.stderr
    assert bench("card", "check", "copy").exit_code == 0
    assert bench("build", "copy").exit_code == 0


@pytest.mark.parametrize("header", ["id,text,label", "other,text,label"])
def test_a_hub_folder_gives_the_same_version_again(world, header):
    rows = [(f"key {n}", f"remark number {n}", ("bad", "good")[n % 2]) for n in range(60)]
    built = world.card(table(*rows, header=header), "split: {method: hash}\n").build()
    export("mine", world.catalog, "hf", world.root / "data" / "copy")
    import_card(world.root / "data" / "copy" / "README.md", "hf", world.catalog, Wish(name="copy"))
    assert world.build("copy").published.digest == built.published.digest


def test_a_version_has_the_number_of_its_tag_and_no_other(world):
    world.card(plenty(), "split: {method: hash}\n").build()
    old = world.build().published.digest
    tags.add(world.catalog.project, "mine", "v2.0.0", old)
    new = world.card(plenty(61), "split: {method: hash}\n").build().published.digest
    plain = export("mine", world.catalog, "hf", world.root / "new")
    assert plain.version == f"0.0.0+{new[:12]}"
    assert any(f"`bench tag mine@{new[:12]} 1.0.0` gives it one" in notice for notice in plain.notices)
    tagged = export("mine", world.catalog, "hf", world.root / "old", "v2.0.0")
    assert tagged.version == f"2.0.0+{old[:12]}"
    assert not any("bench tag" in notice for notice in tagged.notices)


def test_a_card_that_lacks_something_ends_with_its_places_and_exit_code_2(without, monkeypatch, capsys):
    world = without("url", "creators")
    monkeypatch.setattr(
        "sys.argv", ["bench", "card", "export", "voted", "--to", "croissant", "--project", str(world.root)]
    )
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert "2 problems in 1 of 1 card. Nothing was exported." in capsys.readouterr().err


def test_an_unknown_format_names_the_known_ones(bench):
    told = bench("card", "export", "voted", "--to", "csv")
    assert told.exit_code == 2
    assert "'croissant', 'hf'" in told.stderr
