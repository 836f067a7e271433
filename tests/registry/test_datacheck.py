"""What a look at the data says of a card before anything is built."""

import pytest

from registry.annotation.items import items
from registry.annotation.layers import Entry, add
from registry.datacheck import look, rows_at_hand
from tests.worlds import plenty, table

LABELS = "labels: [bad, good]\n"
HASHED = "split: {method: hash}\n"


def seen(world, csv=None, more="", name="mine"):
    world.card(csv, more, name)
    return look(world.catalog.dataset(name), world.catalog)


def only(check):
    (problem,) = check.problems
    return problem


def test_data_that_are_as_the_card_says_give_counts_and_no_problem(world):
    check = seen(world, plenty(60), LABELS + HASHED)
    assert check.problems == ()
    assert check.notices == ("mine: labels after cleaning: bad 30, good 30",)


@pytest.mark.parametrize(
    ("clean", "told"),
    [
        ("[pii, strip_html]", "strip_html"),
        ("[fix_unicode, pii, unescape_html, whitespace, strip_html]", "unescape_html and strip_html"),
        ("[strip_html, pii, whitespace]", None),
        ("[pii, strip_html, pii]", None),
    ],
)
def test_ops_that_may_uncover_personal_data_after_pii_are_told(world, clean, told):
    notices = seen(world, plenty(60), HASHED + f"clean: {clean}\n").notices
    found = [notice for notice in notices if "personal data" in notice]
    expected = f"mine: pii stands before {told}, which may uncover personal data; put it after"
    assert found == ([expected] if told else [])


def test_a_file_that_is_not_there_stands_at_its_source_with_the_nearest(world):
    world.write({"data/mine2.csv": plenty()})
    problem = only(seen(world))
    assert (problem.path, problem.line) == (("sources", "rows", "local"), 7)
    assert "data/mine.csv: there is no such file" in problem.what
    assert problem.do == "The nearest file is data/mine2.csv."


def test_every_missing_column_stands_where_it_is_asked_for(world):
    check = seen(world, table(("a", "x"), header="txt,lable"), "split: {method: hash, group: author}\n")
    assert [problem.path for problem in check.problems] == [
        ("sources", "rows"),
        ("sources", "rows"),
        ("split", "group"),
    ]
    assert 'no column "text"; nearest: "txt"' in check.problems[0].what


def test_a_select_that_fails_stands_at_the_select(world):
    problem = only(seen(world, plenty(), 'select: "SELECT text::INTEGER AS text, label FROM rows"\n'))
    assert problem.path == ("select",)
    assert "Could not convert string" in problem.what


def test_labels_that_the_card_does_not_name_are_counted_with_the_nearest(world):
    csv = plenty(20) + table(*((f"odd {n}", "goood") for n in range(3)), header="").lstrip()
    problem = only(seen(world, csv, LABELS))
    assert problem.path == ("labels",)
    assert problem.what == 'the data has labels that the card does not name: "goood" (3 rows); nearest: "good"'


def test_a_label_that_no_row_has_is_a_notice(world):
    check = seen(world, plenty(20), "labels: [bad, good, mixed]\n")
    assert check.problems == ()
    assert "mine: no row looked at has the label mixed" in check.notices


def test_labels_that_look_alike_are_refused_as_the_build_does(world):
    csv = table(("a", "Good"), ("b", "good"), ("c", "bad"))
    assert "differ only in case" in only(seen(world, csv)).what


def test_scarce_labels_are_named(world):
    csv = plenty(40) + table(("x", "odd"), header="").lstrip()
    assert "mine: labels with fewer than 10 rows: odd" in seen(world, csv).notices


def test_blank_and_repeated_texts_are_shares(world):
    csv = table(*((f"row {n % 15}", "ab"[n % 15 % 2]) for n in range(18)), (" ", "a"), ("", "b"))
    notices = seen(world, csv).notices
    assert "mine: 2 rows (10.0%) have no text and leave" in notices
    assert "mine: 3 rows (15.0%) repeat the text of another; `clean: [dedupe_exact]` would drop them" in notices


@pytest.mark.parametrize(
    ("encoding", "texts"), [("gb18030", "这个很好吃，下次再来"), ("cp1252", "très bon café à côté")]
)
def test_bytes_that_do_not_fit_stand_at_the_source_with_what_fits(world, encoding, texts):
    csv = table(*((f"{texts} {n}", "ab"[n % 2]) for n in range(50)))
    world.card().write({"data/mine.csv": csv.encode(encoding)})
    problem = only(look(world.catalog.dataset("mine"), world.catalog))
    assert problem.path == ("sources", "rows", "encoding")
    assert "is not valid utf-8" in problem.what
    assert encoding in problem.do


def test_a_ragged_line_is_named_relative_to_the_project(world):
    problem = only(seen(world, 'text,label\n"a",x\n"b",y,z\n'))
    assert problem.what == "data/mine.csv:3: has 3 fields, but 2 are named"


def test_a_declared_language_in_another_script_is_a_notice(world):
    csv = table(*((f"这个很好吃{n}", "ab"[n % 2]) for n in range(20)))
    assert "mine: languages: en does not fit the texts; 100% of the letters are Han" in seen(world, csv).notices


def test_a_test_split_too_small_for_the_margin_says_what_it_can_tell(world):
    problem = only(seen(world, plenty(100), "margin: 0.02\n"))
    assert problem.path == ("margin",)
    assert problem.what.startswith("100 test rows tell differences of 0.088 or more (95% confidence, 80% power")
    assert problem.what.endswith("; 0.02 needs 1,960")


def test_a_margin_that_the_test_split_can_keep_is_none(world):
    assert seen(world, plenty(100), "margin: 0.088\n").problems == ()


def test_a_split_that_comes_out_empty_is_told(world):
    assert "no row is left for" in only(seen(world, plenty(3), HASHED)).what


def test_labels_without_a_rule_are_told_at_the_labels(world):
    more = """\
select: "SELECT text, [label::INTEGER] AS votes FROM rows"
annotation:
  question: q
  scale: {min: 0, max: 5}
  votes: votes
  agreement: {at_least: -1}
labels: {from: {bad: "aggregate < 2", good: "aggregate > 2"}}
"""
    problem = only(seen(world, table(("a", "1"), ("b", "2"), ("c", "3")), more))
    assert problem.path == ("labels",)
    assert "no label rule fits 1 row" in problem.what


@pytest.mark.parametrize(
    "source",
    [
        "package: {registry: pypi, name: nobody-has-this, version: 1.0, artifact: sdist}, path: a.csv",
        "hub: {repository: someone/rooms, split: train}",
        "version: {card: other, digest: 0123456789ab}",
    ],
)
def test_what_is_not_in_the_store_is_a_notice_and_asks_nobody(world, source):
    card = world.card().root / "cards/datasets/task/mine.yaml"
    card.write_text(card.read_text().replace("local: data/mine.csv", source))
    check = look(world.catalog.dataset("mine"), world.catalog)
    assert check.problems == ()
    assert check.notices == ("mine: the source rows is not in the store, so its data were not looked at",)


def test_an_inherited_mistake_stands_at_like(world):
    world.card(plenty(), LABELS + HASHED)
    world.write({"cards/datasets/task/child.yaml": "like: mine\nname: child\nlabels: [a, b]\n"})
    world.write({"data/mine.csv": "text;label\na;b\n"})
    problem = look(world.catalog.dataset("child"), world.catalog).problems[0]
    assert problem.path == ("like",)


def test_a_mistake_about_a_key_that_is_not_written_stands_at_the_top(world):
    path = world.card(table(("a", "x"), ("b", "y"), ("c", "x"))).root / "cards/datasets/task/mine.yaml"
    path.write_text(path.read_text().replace("split: {method: all-test}\n", ""))
    problem = only(look(world.catalog.dataset("mine"), world.catalog))
    assert (problem.path, problem.line) == (("split",), 1)


def test_texts_of_several_labels_are_counted(world):
    check = seen(world, plenty(40) + table(("Review  number 1", "bad"), ("review number 2", "bad"), header=""), LABELS)
    assert "mine: 1 text bears several labels, each in a row of its own" in check.notices


def test_labels_that_look_like_missing_values_are_noted(world):
    check = seen(world, plenty(40, ("good", "None", "-")))
    assert any('may stand for a missing one: "-", "None"' in notice for notice in check.notices)


def test_a_quote_that_is_never_closed_is_told_with_its_line(world):
    problem = only(seen(world, plenty(5) + '"open,a\nlast,b\n'))
    assert problem.what == "data/mine.csv:7: a quoted field is never closed"


def test_a_long_source_is_looked_at_in_part_and_says_so(world, monkeypatch):
    monkeypatch.setattr("registry.reading.sample.sampled.__defaults__", (2_000,))
    check = seen(world, plenty(500), LABELS + HASHED + "margin: 0.001\n")
    assert check.problems == ()
    assert any("looked at the first" in notice for notice in check.notices)
    assert any("about" in notice and "0.001 needs" in notice for notice in check.notices)


def test_joined_sources_are_looked_at_whole(world):
    world.write({"data/mine.csv": "id,text\n1,a\n2,b\n3,c\n", "data/l.csv": "id,label\n3,x\n2,y\n1,x\n"})
    more = 'select: "SELECT rows.id AS id, text, label FROM rows JOIN l USING (id)"\n'
    card = world.card(None, more).root / "cards/datasets/task/mine.yaml"
    card.write_text(card.read_text().replace("data/mine.csv}}", "data/mine.csv}, l: {local: data/l.csv}}"))
    found = rows_at_hand(world.catalog.dataset("mine"), world.catalog)
    assert found is not None
    assert found.share == 1
    assert found.rows.sort("id")["label"].to_list() == ["x", "y", "x"]


def test_nothing_is_written(world):
    seen(world, plenty(60), LABELS)
    assert not (world.home / "versions").exists()
    assert not (world.root / "cards.lock").exists()


ASKED = "annotation: {question: Which?}\nlabels: [bad, good]\n" + HASHED


def test_a_card_that_nobody_annotated_yet_is_no_mistake(world):
    check = seen(world, "text\none\ntwo\n", ASKED)
    assert check.problems == ()
    assert (
        "mine: nobody has answered yet; `bench annotate label mine --as NAME` or `bench annotate export mine` begins"
        in check.notices
    )


def test_imported_answers_are_seen(world):
    world.card(plenty(60).replace("label", "other"), ASKED)
    rows = items("mine", world.catalog).rows
    given = [Entry(item=row, shown=shown, answer="good") for row, shown in rows.select("id", "shown").rows()]
    add(world.root, "mine", "bench", given)
    check = look(world.catalog.dataset("mine"), world.catalog)
    assert "mine: labels after cleaning: good 60" in check.notices


def test_answers_that_give_no_label_are_no_mistake(world):
    check = seen(world, "text,ann\nin Rome,\n", ASKED.replace("Which?", "Which?, answer: spans"))
    assert check.problems == ()
    assert "mine: answers of `spans` give no label: the card can be annotated, not built" in check.notices


def test_a_vote_for_no_label_is_told_at_the_votes(world):
    more = ASKED.replace("Which?", "Which?, votes: {columns: [ann]}")
    problem = only(seen(world, "text,ann\none,good\ntwo,goood\n", more))
    assert problem.path == ("annotation", "votes")
    assert 'votes that are no label of the card: "goood"; nearest: "good"' in problem.what
