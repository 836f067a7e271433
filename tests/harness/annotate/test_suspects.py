"""Wrong labels that were planted: found, shown, decided by a person, and gone from the next version."""

import json
import random
import sys

import pytest
from typer.testing import CliRunner

from harness.annotate.effect import effect
from harness.annotate.labelling import labelled
from harness.annotate.rounds import Asked
from harness.annotate.session import press
from harness.annotate.suspects import least_sure, ranked
from harness.cli.app import app
from harness.workspace import Workspace
from registry.annotation.answers import spelled
from registry.annotation.items import items
from registry.annotation.layers import Entry, add
from registry.errors import UserError
from registry.versions.diff import diff
from tests.harness.annotate.noisy import PLAIN, TOPICS, noisy, text
from tests.worlds import table

HASH = "split: {method: hash, seed: 5}\n"
VOTED = "annotation: {{question: Which?, {more}votes: {{columns: [ann, ben]}}}}\nlabels: [{labels}]\n"
SCALE = """\
annotation: {question: How good?, scale: {min: -3, max: 3}, votes: {columns: [ann, ben]}}
labels: {from: {bad: "aggregate < 0", good: "aggregate >= 0"}}
"""


def space(world):
    return Workspace(world.catalog, offline=True)


def bench(world, *arguments):
    return CliRunner().invoke(app, ["annotate", *arguments, "--project", str(world.root)])


def decided(world, answers):
    shown = dict(items("mine", world.catalog).rows.select("id", "shown").rows())
    entries = [Entry(item=i, shown=shown[i], role="adjudication", annotator="lena", answer=a) for i, a in answers]
    add(world.root, "mine", "bench", entries)


def first(frame, count):
    return set(frame["id"].head(count))


@pytest.fixture
def planted(world):
    """A card of 150 rows, of which 8 have a wrong label, built; and those 8."""
    made = noisy()
    world.card(table(*made.rows, header="id,text,label"), HASH).build()
    return world, made.wrong


def test_wrong_labels_are_found_decided_and_gone(planted):
    world, wrong = planted
    before = world.build().published
    found = ranked("mine", space(world))
    assert first(found, 15) >= set(wrong)
    told = dict(found.select("id", "suggested").rows())
    assert {row: told[row] for row in wrong} == wrong

    decided(world, [(row, wrong.get(row, label)) for row, label in found.head(15).select("id", "label").rows()])
    after = world.build().published
    assert diff(before, after).total("relabelled") == len(wrong)
    again = ranked("mine", space(world))
    assert not first(again, again.height) & first(found, 15), "nobody is asked twice"
    assert again["score"].max() < found["score"].head(8).min()

    measured = effect("mine", before.digest, "", space(world))
    assert measured.relabelled["rows"].sum() == len(wrong)
    (accuracy,) = (one for one in measured.changes if one.metric == "accuracy")
    assert accuracy.after >= accuracy.before


def test_the_same_question_has_the_same_answer(planted):
    world, _ = planted
    found = ranked("mine", space(world))
    assert ranked("mine", space(world)).equals(found)
    (kept,) = (world.home / "out-of-fold").iterdir()
    kept.unlink()
    assert ranked("mine", space(world)).equals(found)


def test_the_list_says_what_is_doubted_and_what_to_do(planted):
    world, wrong = planted
    result = bench(world, "suspects", "mine", "-n", "3")
    titles, *lines = result.stdout.splitlines()
    assert titles.split() == ["doubt", "sure", "id", "answer", "text"]
    assert len(lines) == 3
    row = lines[0].split()
    assert row[2] in wrong
    assert row[4:6] == ["->", wrong[row[2]]]
    assert "mine: 150 answers held against tfidf-logreg; confident learning takes " in result.stderr
    assert "bench annotate export mine --take suspects" in result.stderr


def test_programs_get_the_same(planted):
    world, wrong = planted
    found = json.loads(bench(world, "suspects", "mine", "-n", "2", "--json").stdout)
    assert len(found) == 2
    assert found[0]["id"] in wrong
    assert set(found[0]) == {"id", "text", "label", "suggested", "certainty", "score", "wrong"}


def test_hostile_texts_do_not_reach_the_terminal(world):
    rows = [*noisy().rows, ("\x1b]0;own\x07", "\x1b[31mball bread court", "law")]
    world.card(table(*rows, header="id,text,label"), HASH).build()
    result = bench(world, "suspects", "mine", "-n", "151")
    assert result.exit_code == 0
    assert "\x1b" not in result.stdout


def test_a_card_that_is_not_built_and_a_model_that_is_none_are_told(planted):
    world, _ = planted
    world.card("id,text,label\n1,one,law\n", HASH)
    assert "mine is not built" in str(bench(world, "suspects", "mine").exception)
    assert isinstance(bench(world, "suspects", "mine", "--model", "nobody").exception, UserError)
    assert isinstance(bench(world, "suspects", "nothing").exception, UserError)


def test_without_cleanlab_nothing_is_fitted(planted, monkeypatch):
    world, _ = planted
    monkeypatch.setitem(sys.modules, "cleanlab.rank", None)
    result = bench(world, "suspects", "mine")
    assert "pip install 'cardbench[annotation]'" in str(result.exception)
    assert not (world.home / "out-of-fold").exists()


def test_which_rows_a_model_is_least_sure_of_needs_no_cleanlab(planted, monkeypatch):
    world, _ = planted
    monkeypatch.setitem(sys.modules, "cleanlab.rank", None)
    assert least_sure("mine", space(world)).height == 150


def test_a_label_that_one_row_has_is_no_obstacle(world):
    rows = [*noisy().rows, ("x", "something else altogether", "other")]
    world.card(table(*rows, header="id,text,label"), HASH).build()
    assert "x" in first(ranked("mine", space(world)), 20)


def test_rows_without_an_answer_are_the_first_to_ask_about(world):
    made = noisy()
    rows = [(row, words, label, "" if row == "r007" else label) for row, words, label in made.rows]
    rows = [
        (row, words, "" if row in ("r003", "r007") else one, "" if row == "r003" else two)
        for row, words, one, two in rows
    ]
    world.card(table(*rows, header="id,text,ann,ben"), VOTED.format(more="", labels="food, law, sport") + HASH).build()
    found = least_sure("mine", space(world))
    assert first(found, 2) == {"r003", "r007"}
    assert found["score"][2:].is_sorted(descending=True)
    assert not first(ranked("mine", space(world)), 150) & {"r003", "r007"}


def test_votes_are_shown(world):
    rows = [(row, words, label, label) for row, words, label in noisy().rows]
    world.card(table(*rows, header="id,text,ann,ben"), VOTED.format(more="", labels="food, law, sport") + HASH).build()
    assert "votes" in bench(world, "suspects", "mine", "-n", "3").stdout.splitlines()[0]


def test_on_a_scale_numbers_are_held_against_numbers(world):
    draw, rows = random.Random(1), []
    for number in range(150):
        value = draw.choice([-3, -2, 2, 3])
        words = [*draw.sample(PLAIN, 4), *draw.sample(TOPICS["food" if value > 0 else "law"], 3)]
        vote = str(value if number != 70 else -value)
        rows.append((f"r{number:03}", " ".join(words), vote, vote))
    world.card(table(*rows, header="id,text,ann,ben"), SCALE + HASH).build()
    found = ranked("mine", space(world))
    row, _, label, suggested, certainty = found.row(0)
    assert row == "r070"
    assert float(label) * float(suggested) < 0
    assert certainty > 0.5


def test_of_sets_of_labels_each_label_is_asked_for(world):
    draw, rows, wrong = random.Random(2), [], {"r010", "r090"}
    for number in range(150):
        row, labels = f"r{number:03}", draw.sample(sorted(TOPICS), draw.choice([1, 2]))
        given = set(TOPICS) - set(labels) if row in wrong else labels
        rows.append((row, text(draw, *labels), spelled("multi", sorted(given)), ""))
    more = VOTED.format(more="answer: multi, ", labels="food, law, sport")
    world.card(table(*rows, header="id,text,ann,ben"), more)
    found = ranked("mine", space(world))
    assert first(found, 8) >= wrong
    assert set(json.loads(found["suggested"][0])) <= set(TOPICS)


def test_of_spans_each_token_is_asked_for(world):
    draw, rows, wrong = random.Random(4), [], {"r012", "r055"}
    for number in range(80):
        row, who, where = f"r{number:03}", draw.choice(("Ann", "Ben", "Cy")), draw.choice(("Rome", "Oslo", "Bern"))
        words = draw.choice((f"{who} lives in {where} now", f"yesterday {who} went to {where} by train"))
        kinds = ("LOC", "PER") if row in wrong else ("PER", "LOC")
        spans = [
            [words.index(part), words.index(part) + len(part), kind]
            for part, kind in zip((who, where), kinds, strict=True)
        ]
        rows.append((row, words, spelled("spans", spans), ""))
    more = VOTED.format(more="answer: spans, ", labels="PER, LOC")
    world.card(table(*rows, header="id,text,ann,ben"), more)
    found = ranked("mine", space(world))
    assert first(found, 2) == wrong
    assert found["label"][0] != found["suggested"][0]


def test_free_texts_are_refused(world):
    world.card(table(("1", "one", "two", "")), VOTED.format(more="answer: text, ", labels="a, b"))
    with pytest.raises(UserError, match="no model can be asked for answers of the form `text`"):
        ranked("mine", space(world))


def test_suspects_are_decided_in_the_terminal(planted):
    world, wrong = planted
    asked = Asked("lena", "adjudicate", limit=8, take="suspects")
    seen = []

    def decides(session, changed):
        """As somebody who knows what is right: the labels are food, law and sport."""
        while session.item:
            seen.append(session.item.id)
            true = wrong.get(session.item.id, session.item.present)
            session, change = press(session, str(session.question.labels.index(true) + 1))
            changed(change)
        return session

    before = world.build().published
    labelled("mine", asked, space(world), decides)
    assert len(set(seen) & set(wrong)) == diff(before, world.build().published).total("relabelled") >= 7


def test_only_what_is_adjudicated_is_taken_by_what_a_model_says(planted):
    world, _ = planted
    result = bench(world, "label", "mine", "--as", "lena", "--take", "suspects")
    assert "who votes is given items blindly" in str(result.exception)
