"""The page that `bench card show` prints of a dataset card."""

import io
import json
import re

import pytest
from rich.cells import cell_len
from rich.console import Console

from harness.inspect.page import page
from harness.inspect.show import described
from tests.worlds import plenty, table


def printed(world, name="mine", width=100):
    out = io.StringIO()
    console = Console(file=out, width=width, highlight=False, markup=False, emoji=False)
    for part in page(world.catalog, name):
        console.print(part)
    return out.getvalue()


def test_before_it_is_built_a_card_shows_what_it_says_and_rows_at_hand(world):
    shown = printed(world.card(plenty(60), "labels: [bad, good]\nsplit: {method: hash}\nmargin: 0.2\n"))
    assert "A table of texts with labels" in shown
    assert "data/mine.csv of the project (not locked yet, 1 file," in shown
    assert "not built as it stands; `bench build mine` makes it" in shown
    assert shown.count("review number") == 5


def test_a_built_card_shows_its_splits_and_what_cleaning_dropped(world):
    more = "clean: [{length: {min_chars: 16}}]\nsplit: {method: hash}\n"
    world.card(plenty(60), more).build()
    shown = printed(world, width=200)
    assert "length {min_chars: 16} dropped 10 under 16 characters" in shown
    assert "50 of 60 rows" in shown
    heads = [line.split() for line in shown.splitlines() if line.split()[:1] == ["label"]]
    assert heads == [["label", "train", "validation", "test"], ["label", "text"]]


def test_the_audits_that_a_card_asks_for_are_told_a_line_each(world):
    world.card(plenty(60), "split: {method: hash}\naudit: [{near: {at_most: 9999}}, leaks]\n").build()
    told = [" ".join(line.split()) for line in printed(world, width=200).splitlines() if line.startswith("audit ")]
    assert re.fullmatch(r"audit near \d+ found in \d+ rows, at most 9,999 allowed", told[0])
    assert told[1].startswith("audit leaks ")
    assert [one["audit"] for one in described(world.catalog, "mine")["audits"]] == ["near", "leaks"]


def test_what_must_not_be_overlooked_comes_first(world):
    more = "deprecated: wrong labels\nsuperseded_by: other\n"
    world.card(plenty(), more).card(plenty(), name="other")
    card = world.root / "cards/datasets/task/mine.yaml"
    card.write_text(card.read_text().replace("{spdx: CC0-1.0}", "{spdx: CC-BY-NC-4.0, use: non-commercial}"))
    lines = printed(world).splitlines()
    assert lines[2:5] == ["deprecated: wrong labels", "superseded by other", "no commercial use: CC-BY-NC-4.0"]


def test_data_that_are_not_there_are_said_to_be_missing(world):
    shown = printed(world.card())
    assert "there is no such file" in shown


@pytest.mark.parametrize("width", [40, 80])
def test_no_line_is_wider_than_the_terminal_in_chinese_either(world, width):
    lines = table(
        *((f"第{n}行：这家餐厅的菜很好吃，服务态度也不错，下次还会再来" * 3, "好坏"[n % 2]) for n in range(30))
    )
    shown = printed(world.card(lines), width=width)
    assert max(cell_len(line) for line in shown.splitlines()) <= width
    assert "…" in shown


def test_a_label_beside_long_texts_can_be_read(world):
    lines = table(*((f"{n} " + "long " * 80, ("unsatisfactory", "x" * 40)[n % 2]) for n in range(30)))
    shown = printed(world.card(lines), width=60)
    assert "unsatisfactory " in shown
    assert "x" * 19 + "…" in shown
    assert "long" in shown
    assert max(len(line) for line in shown.splitlines()) <= 60


def test_markup_and_control_characters_are_words(world):
    lines = table(*((f"[red]{n}[/red] :smile: \x1b[31m\u202e", "[bold]") for n in range(10)), ("b", "x"))
    shown = printed(world.card(lines))
    assert "[red]" in shown
    assert ":smile: \\x1b[31m\\u202e" in shown
    assert "\x1b" not in shown


VOTED = """\
select: "SELECT text, [label::INTEGER, label::INTEGER] AS votes FROM rows"
annotation:
  question: How good?
  scale: {min: 0, max: 5}
  votes: votes
  agreement: {at_least: 0.5}
labels: {from: {bad: "aggregate < 2", good: "aggregate >= 2"}}
"""


def test_agreement_is_told_with_its_interval(world):
    world.card(table(*((f"row {n}", str(n % 5)) for n in range(30))), VOTED).build()
    shown = printed(world, width=200)
    assert "How good?" in shown
    assert "krippendorff-alpha (interval) 1.000, 95% [1.000, 1.000] over 30 items; at least 0.5 asked for" in shown


def test_a_version_that_the_lock_contradicts_does_not_count(world):
    world.card(plenty()).build()
    path = world.root / "cards.lock"
    lock = json.loads(path.read_text())
    lock["cards"]["mine"]["content_digest"] = "0" * 64
    path.write_text(json.dumps(lock))
    shown = printed(world)
    assert "not built as it stands" in shown
    assert "gave other rows than cards.lock records" in shown.splitlines()[2]
    assert shown.splitlines()[3].split()[:2] == ["locked", "0" * 12 + ","]


def test_cross_validation_is_told_with_what_its_rows_can_tell_apart(world):
    world.card(plenty(400), "split: {method: k-fold, folds: 5, repeats: 2}\nmargin: 0.1\n").build()
    shown = printed(world, width=200)
    assert "400 of 400 rows, for 5-fold cross-validation, 2 repeats" in shown
    assert "400 train rows tell a difference of 0.0" in shown
    assert "; the margin 0.1 takes " in shown


def test_times_are_text_in_the_json_of_a_card(world):
    rows = [(f"remark {n}", "ab"[n % 2], f"2021-01-{n % 28 + 1:02}") for n in range(60)]
    world.card(
        table(*rows, header="text,label,at"), "split: {method: temporal, column: at, test: 2021-01-15}\n"
    ).build()
    told = json.loads(json.dumps(described(world.catalog, "mine")))
    assert told["examples"][0]["time"].startswith("2021-01-")
