"""`bench card export` and `bench card import`, as they are typed."""

import json

import pytest
from typer.testing import CliRunner

from harness.cli.app import app, main


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
