"""Writing: whole files, the same bytes every time, never outside the folder."""

import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from harness.report.bundle import vega
from harness.report.render import Written, write
from registry.errors import UserError
from tests.harness.report.boards import RUN, board


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


def test_four_files_and_nothing_else(tmp_path: Path, cache: Path) -> None:
    written = write(board(), tmp_path / "reports", cache)
    assert written == Written(*(tmp_path / "reports" / f"toy.{ending}" for ending in ("html", "md", "csv", "json")))
    assert sorted(path.name for path in written.html.parent.iterdir()) == [
        "toy.csv",
        "toy.html",
        "toy.json",
        "toy.md",
    ]


def test_the_same_board_gives_the_same_bytes(tmp_path: Path, cache: Path) -> None:
    facts = board().datasets[0]
    turned = replace(facts, audit=dict(reversed(facts.audit.items())))
    counts = dict(reversed(facts.label_counts.items()))
    turned = replace(turned, label_counts=counts)
    again = replace(board(), datasets=(turned, *board().datasets[1:]))
    first, second = write(board(), tmp_path / "a", cache), write(again, tmp_path / "b", cache)
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.suffix


@pytest.mark.parametrize("name", ["../up", "a/b", "", ".hidden", "a\\b", "a b"])
def test_a_name_cannot_leave_the_folder(tmp_path: Path, cache: Path, name: str) -> None:
    with pytest.raises(UserError, match="cannot name a report file"):
        write(replace(board(), name=name), tmp_path / "reports", cache)
    assert not list(tmp_path.iterdir())


def test_the_chart_program_is_made_once(cache: Path) -> None:
    text = vega(cache)
    kept = next(cache.glob("vega-*.js"))
    kept.write_text("kept")
    assert vega(cache) == "kept"
    kept.write_text(text)
    assert "</script" not in text
    assert "<!--" not in text


def test_an_old_file_survives_a_failed_write(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "toy.html").write_text("old")
    vega(cache)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(UserError, match="No space left"):
        write(board(), tmp_path, cache)
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("toy.html", "old")]


def test_a_lone_surrogate_does_not_stop_a_report(tmp_path: Path, cache: Path) -> None:
    odd = replace(board().cells[2], reason="a\ud800b")
    written = write(replace(board(), cells=(odd,)), tmp_path, cache)
    assert b"a\\ud800b" in written.csv.read_bytes()
    assert json.loads(written.json.read_text())[0]["reason"] == "a\ud800b"


@pytest.mark.live
def test_a_browser_draws_the_table_and_the_charts_and_runs_nothing_hostile(tmp_path: Path, cache: Path) -> None:
    browser = shutil.which("chromium") or pytest.skip("no chromium here")
    page = write(board(), tmp_path, cache).html
    switches = (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
    )
    own = (
        f"--user-data-dir={tmp_path / 'profile'}",
        "--virtual-time-budget=10000",
        "--enable-logging=stderr",
    )
    done = subprocess.run(
        [browser, *switches, *own, "--dump-dom", page.as_uri()],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    body = done.stdout.split('id="cell-table"')[1].split("</table>")[0]
    # Seven of models, and that of people.
    assert body.count("<tr") == 1 + 7 + 1
    assert body.count("one annotator against the others") == 1
    assert RUN not in body
    assert done.stdout.count('class="marks"') == 2
    assert "CONSOLE" not in done.stderr, done.stderr
