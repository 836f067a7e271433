"""A user has data and no card: infer, check, build, look."""

import json
import os
import pty
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import PIPE, Popen

import pytest

from tests.stories.conftest import CARD, Stage, reviews


@pytest.fixture
def empty(tmp_path: Path) -> Stage:
    stage = Stage(tmp_path / "project")
    (stage.root / "cards" / "datasets").mkdir(parents=True)
    return stage


def test_from_a_file_to_splits_in_three_commands(empty: Stage) -> None:
    rows = reviews(200).replace("text,label", "内容;标签").replace('",', '";')
    (empty.root / "data").mkdir()
    (empty.root / "data/guests.csv").write_bytes(rows.encode("gb18030"))
    assert (
        "wrote cards/datasets/general/guests.yaml"
        in empty.bench("card", "infer", "data/guests.csv", "--kind", "general", "--title", "What guests say").stderr
    )
    checked = empty.bench("card", "check", "guests")
    assert "no problems" in checked.stderr
    assert "guests" in empty.bench("build", "guests").stderr
    shown = empty.bench("card", "show", "guests").stdout
    assert "What guests say" in shown
    assert "negative" in shown
    assert "of 200 rows" in shown


def test_the_card_can_be_read_before_it_is_written(empty: Stage) -> None:
    empty.write("data/guests.csv", reviews(100))
    printed = empty.bench("card", "infer", "data/guests.csv", "--stdout").stdout
    assert printed.startswith("# Guessed from 100 rows")
    assert not list(empty.root.glob("cards/datasets/*/*"))


def test_a_card_is_not_overwritten(empty: Stage) -> None:
    empty.write("data/guests.csv", reviews(100))
    empty.bench("card", "infer", "data/guests.csv")
    assert "is there already" in empty.bench("card", "infer", "data/guests.csv", code=2).stderr
    empty.bench("card", "infer", "data/guests.csv", "--force")


def test_a_file_from_elsewhere_is_copied_where_that_is_asked_for(empty: Stage, tmp_path: Path) -> None:
    (tmp_path / "guests.csv").write_text(reviews(100), encoding="utf-8")
    refused = empty.bench("card", "infer", str(tmp_path / "guests.csv"), code=2).stderr
    assert "--copy puts it into data/" in refused
    empty.bench("card", "infer", str(tmp_path / "guests.csv"), "--copy")
    assert (empty.root / "data/guests.csv").read_text(encoding="utf-8") == reviews(100)
    empty.bench("build", "guests")


def test_wrong_data_are_refused_in_words(empty: Stage) -> None:
    empty.write("data/empty.csv", "")
    empty.write("data/one.csv", "text,label\n" + "\n".join(f"row {n},same" for n in range(30)) + "\n")
    assert "is empty" in empty.bench("card", "infer", "data/empty.csv", code=2).stderr
    assert "no column can be the label" in empty.bench("card", "infer", "data/one.csv", code=2).stderr
    assert "there is no such file" in empty.bench("card", "infer", "data/none.csv", code=2).stderr


def test_a_new_card_takes_flags_and_looks_at_what_is_there(empty: Stage) -> None:
    empty.write("data/guests.csv", reviews(100))
    empty.bench("card", "new", "--name", "guests", "--source", "local=data/guests.csv", "--license", "CC0-1.0")
    text = (empty.root / "cards/datasets/task/guests.yaml").read_text(encoding="utf-8")
    assert "labels: [negative, positive]" in text
    assert "spdx: CC0-1.0" in text
    empty.bench("card", "check", "guests")


def test_a_new_card_for_what_is_not_fetched_passes_its_check(empty: Stage) -> None:
    source = "{package: {registry: pypi, name: some-texts, version: '1.0', artifact: sdist}, path: '*/a.csv'}"
    empty.bench("card", "new", "--name", "texts", "--source", source, "--title", "Some texts")
    assert "not looked at" in (empty.root / "cards/datasets/task/texts.yaml").read_text(encoding="utf-8")
    assert "no problems" in empty.bench("card", "check", "texts").stderr


def test_data_to_come_have_a_card_that_names_their_files(empty: Stage) -> None:
    empty.bench("card", "new", "--name", "faq", "--task", "retrieval")
    assert "data/faq-corpus.jsonl: there is no such file" in empty.bench("card", "check", "faq", code=2).stderr
    empty.write("data/faq-queries.jsonl", '{"_id": "q1", "text": "How do I return it?"}\n')
    empty.write("data/faq-corpus.jsonl", '{"_id": "d1", "text": "Send it back."}\n{"_id": "d2", "text": "Wait."}\n')
    empty.write("data/faq-judged.tsv", "query-id\tcorpus-id\tscore\nq1\td1\t1\n")
    assert "no problems" in empty.bench("card", "check", "faq").stderr


def test_any_column_of_a_task_can_be_named(empty: Stage) -> None:
    rows = "".join(f"what is {n}?,the number {n} of many,the number {n}\n" for n in range(60))
    empty.write("data/asked.csv", f"ask,where,right\n{rows}")
    wanted = ("card", "infer", "data/asked.csv", "--task", "question-answering", "--text", "where", "--label", "right")
    refused = empty.bench(*wanted, code=2).stderr
    assert 'needs a column "question"' in refused
    assert "--column question=COLUMN" in refused
    assert "is no NAME=COLUMN" in empty.bench(*wanted, "--column", "question", code=2).stderr
    shown = empty.bench(*wanted, "--column", "question=ask", "--stdout").stdout
    assert 'SELECT ask AS question, "where" AS text, "right" AS answers' in shown


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "needs a name and a source"),
        (("--name", "a"), "needs a name and a source"),
        (("--name", "a", "--source", "lokal=x.csv"), 'nearest: "local"'),
        (("--name", "a", "--source", "local=x.csv"), "there is no such file"),
        (("--name", "A b", "--source", "local=data/guests.csv"), "a name has at most 64 small letters"),
        (("--name", "a", "--source", "local=data/guests.csv", "--kind", "vertical"), "names its domain"),
        (("--name", "a", "--source", "local=data/guests.csv", "--task", "text-clasification"), "nearest"),
        (("--name", "a", "--source", "local=data/guests.csv", "--task", "retrieval"), "with a source for each"),
        (("--task", "retrieval"), "needs a name and a source"),
    ],
)
def test_what_a_new_card_lacks_is_said(empty: Stage, arguments: tuple[str, ...], told: str) -> None:
    empty.write("data/guests.csv", reviews(100))
    assert told in empty.bench("card", "new", *arguments, code=2).stderr


def test_on_a_terminal_it_asks(empty: Stage) -> None:
    empty.write("data/guests.csv", reviews(100))
    ours, theirs = pty.openpty()
    code = "from harness.cli.app import main; main()"
    with Popen(
        [sys.executable, "-c", code, "card", "new"], cwd=empty.root, env=empty.environment(), stdin=theirs, stdout=PIPE
    ) as process:
        os.write(ours, b"local=data/guests.csv\nguests\nWhat guests say\n\n")
        process.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)
    assert process.returncode == 0
    text = (empty.root / "cards/datasets/task/guests.yaml").read_text(encoding="utf-8")
    assert "title: What guests say" in text


def test_a_card_shows_hostile_words_as_words(make_stage: Callable[[str], Stage]) -> None:
    stage = make_stage("hostile")
    rows = "".join(f'"[red]row {n}[/red] \x1b[31m [link=x]",[bold]\n"other {n}",good\n' for n in range(60))
    stage.write("data/reviews.csv", "text,label\n" + rows)
    title = '"[bold red]What :smile: our customers write"'
    stage.write("cards/datasets/task/my-reviews.yaml", CARD.replace("What our customers write", title))
    for _ in range(2):
        shown = stage.bench("card", "show", "my-reviews").stdout
        assert "[bold red]What :smile: our" in shown
        assert "\\x1b[31m [link=x]" in shown
        assert "\x1b" not in shown
        stage.bench("build", "my-reviews")


def test_a_terminal_that_lacks_the_letters_is_written_to_all_the_same(empty: Stage) -> None:
    rows = "text,label\n" + "".join(f"评论 {n},{'好坏'[n % 2]}\n" for n in range(60))
    empty.write("data/guests.csv", rows)
    empty.bench("card", "infer", "data/guests.csv", "--kind", "general", "--title", "Gäste", PYTHONIOENCODING="ascii")
    assert "G\\xe4ste" in empty.bench("card", "show", "guests", PYTHONIOENCODING="ascii").stdout
    assert "guests" in empty.bench("list", PYTHONIOENCODING="ascii").stdout
    facts = empty.bench("card", "show", "guests", "--json", PYTHONIOENCODING="ascii").stdout
    assert json.loads(facts)["title"] == "Gäste"
