"""Votes come from a list column, from a column for each annotator, from a table of votes, and from layers."""

import pytest

from registry.annotation.items import items
from registry.annotation.layers import Entry, add
from registry.errors import UserError
from tests.worlds import table

ASKED = "annotation: {{question: Which?, votes: {votes}{more}}}\nlabels: [bad, good, fair]\n"
TEXTS = (("1", "one"), ("2", "two"), ("3", "three"))


def voted(world, votes, header, *rows, select=None, more="", **others):
    head = f'select: "{select}"\n' if select else ""
    world.write({f"data/{name}.csv": text for name, text in others.items()})
    world.card(table(*rows, header=header), head + ASKED.format(votes=votes, more=more))
    path = world.root / "cards/datasets/task/mine.yaml"
    sources = "".join(f", {name}: {{local: data/{name}.csv}}" for name in others)
    path.write_text(path.read_text().replace("data/mine.csv}}", f"data/mine.csv}}{sources}}}"))
    return world


def told(world):
    rows = items("mine", world.catalog).rows
    names = [name for name in ("id", "votes", "annotators", "adjudicated") if name in rows.columns]
    return rows.select(names).rows()


def imported(world, *answers, role="vote"):
    shown = dict(items("mine", world.catalog).rows.select("id", "shown").rows())
    add(
        world.root,
        "mine",
        "bench",
        [Entry(item=i, shown=shown.get(i, "f" * 16), annotator=by, answer=a, role=role) for i, by, a in answers],
    )


def test_a_column_for_each_annotator_names_them(world):
    rows = [("1", "one", "good", "bad"), ("2", "two", "", " good "), ("3", "three", "", "")]
    voted(world, "{columns: [ann, ben]}", "id,text,ann,ben", *rows)
    assert told(world) == [("1", ["good", "bad"], ["ann", "ben"]), ("2", ["good"], ["ben"]), ("3", [], [])]


def test_a_list_column_may_have_another_that_says_who(world):
    query = "SELECT id, text, string_split(said, ' ') AS said, string_split(who, ' ') AS who FROM rows"
    rows = [("1", "one", "good bad", "ann ben"), ("2", "two", "fair", "ben")]
    voted(world, "{list: said, by: who}", "id,text,said,who", *rows, select=query)
    assert told(world) == [("1", ["good", "bad"], ["ann", "ben"]), ("2", ["fair"], ["ben"])]


def test_a_list_that_names_fewer_than_it_has_votes_is_refused(world):
    query = "SELECT id, text, string_split(said, ' ') AS said, string_split(who, ' ') AS who FROM rows"
    voted(world, "{list: said, by: who}", "id,text,said,who", ("1", "one", "good bad", "ann"), select=query)
    with pytest.raises(UserError, match="must name one annotator for each vote"):
        told(world)


def test_a_table_has_one_vote_a_row_and_the_last_of_a_person_counts(world):
    votes = table(
        ("1", "ann", "good", "2024-01-02"),
        ("1", "ann", "bad", "2024-01-01"),
        ("1", "ben", "bad", "2024-01-01"),
        ("2", "", "fair", ""),
        ("9", "ann", "fair", ""),
        header="item,who,value,at",
    )
    places = "{source: said, annotator: who, time: at}"
    voted(world, places, "id,text", *TEXTS, select="SELECT id, text FROM rows", said=votes)
    assert told(world) == [("1", ["good", "bad"], ["ann", "ben"]), ("2", ["fair"], [None]), ("3", None, None)]


def test_answers_under_old_labels_count_under_those_of_today(world):
    rows = [("1", "one", "okay", "bad"), ("2", "two", "junk", "good")]
    more = ", migrations: {okay: fair, junk: null}"
    voted(world, "{columns: [ann, ben]}", "id,text,ann,ben", *rows, more=more)
    assert told(world) == [("1", ["fair", "bad"], ["ann", "ben"]), ("2", ["good"], ["ben"])]
    imported(world, ("2", "cy", "okay"))
    assert told(world)[1] == ("2", ["good", "fair"], ["ben", "cy"], None)


def test_layers_add_votes_and_replace_those_of_the_same_person(world):
    voted(world, "{columns: [ann, ben]}", "id,text,ann,ben", ("1", "one", "good", "bad"), ("2", "two", "", ""))
    imported(world, ("1", "ann", "fair"), ("1", "cy", "bad"), ("1", None, "good"), ("2", "ann", "good"))
    assert told(world) == [
        ("1", ["bad", "fair", "bad", "good"], ["ben", "ann", "cy", None], None),
        ("2", ["good"], ["ann"], None),
    ]


def test_an_answer_about_a_text_that_changed_does_not_count(world):
    rows = [("1", "one", "good"), ("2", "two", "bad")]
    voted(world, "{columns: [ann]}", "id,text,ann", *rows)
    imported(world, ("1", "ben", "fair"), ("2", "ben", "fair"), ("7", "ben", "fair"))
    world.write({"data/mine.csv": table(("1", "one!", "good"), rows[1], header="id,text,ann")})
    assert told(world) == [("1", ["good"], ["ann"], None), ("2", ["bad", "fair"], ["ann", "ben"], None)]


def test_numbers_on_a_scale_stay_numbers(world):
    world.card(
        table(("1", "one", "3", ""), ("2", "two", "-1", "2"), header="id,text,ann,ben"),
        "annotation: {question: How good?, scale: {min: -4, max: 4}, votes: {columns: [ann, ben]}}\n"
        'labels: {from: {bad: "aggregate < 0", good: "aggregate >= 0"}}\n',
    )
    assert told(world) == [("1", [3.0], ["ann"]), ("2", [-1.0, 2.0], ["ann", "ben"])]
    imported(world, ("1", "ben", 1.5))
    assert told(world)[0] == ("1", [3.0, 1.5], ["ann", "ben"], None)


def test_sets_and_spans_are_read_from_json(world):
    rows = [("1", "New York", '[[0,8,"good"]]'), ("2", "none", "[]")]
    voted(world, "{columns: [ann]}", "id,text,ann", *rows, more=", answer: spans")
    assert told(world) == [("1", ['[[0,8,"good"]]'], ["ann"]), ("2", ["[]"], ["ann"])]


def test_what_is_no_answer_is_told_with_its_column(world):
    voted(world, "{columns: [ann]}", "id,text,ann", ("1", "x", "good"), more=", answer: multi")
    with pytest.raises(UserError, match='the column "ann" holds good, no answer of `multi`'):
        told(world)


def test_a_decision_comes_from_a_layer(world):
    voted(world, "{columns: [ann, ben]}", "id,text,ann,ben", ("1", "one", "good", "bad"), ("2", "two", "bad", ""))
    imported(world, ("1", "lena", "good"), role="adjudication")
    imported(world, ("1", "max", "fair"), role="adjudication")
    assert told(world) == [("1", ["good", "bad"], ["ann", "ben"], "fair"), ("2", ["bad"], ["ann"], None)]
