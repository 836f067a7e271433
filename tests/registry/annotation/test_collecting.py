"""Votes come from a list column, from a column for each annotator, from a table of votes, and from layers."""

import random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry import store
from registry.annotation.items import items
from registry.annotation.layers import Entry, add, digest_of_shown, files, folder, read
from registry.build import fetch_context
from registry.errors import UserError
from registry.fetching import fetch_all
from registry.pipeline import rows as pipeline
from registry.progress import Silent
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


def test_of_two_layers_the_later_answers_count_and_all_of_nobody(world):
    voted(world, "{columns: [ben]}", "id,text,ben", ("1", "one", ""), ("2", "two", ""))
    imported(world, ("1", "ann", "good"), ("1", None, "good"), ("2", "ann", "bad"))
    imported(world, ("1", "ann", "bad"), ("1", None, "bad"))
    assert told(world) == [("1", ["good", "bad", "bad"], [None, "ann", None], None), ("2", ["bad"], ["ann"], None)]


def collected(world):
    """The rows, and what became of the answers that stand outside of them."""
    card = world.catalog.dataset("mine")
    context = fetch_context("mine", world.catalog, offline=True, progress=Silent())
    with store.staging(world.home) as scratch:
        found = pipeline.read(card, fetch_all(card, context), context, "mine.yaml", scratch)
        return found.frame, found.origin.answers


ITEM, WHO = st.sampled_from(["1", "2", "3", "9", ""]), st.sampled_from(["ann", "ben", ""])
LABEL = st.sampled_from(["good", "bad", "okay", "junk"])
VOTE = st.tuples(ITEM, WHO, LABEL | st.just(" "), st.sampled_from(["2024-01-10T09:00:00", "2024-01-09", "2024-01-02"]))
DATED = st.lists(VOTE, max_size=12, unique_by=lambda vote: (vote[0], vote[1], vote[3]))
ANSWER = st.tuples(ITEM, st.booleans(), st.sampled_from(["vote", "adjudication"]), WHO, LABEL)


@settings(max_examples=25)
@given(given_votes=DATED, rounds=st.lists(st.lists(ANSWER, max_size=6), max_size=2))
def test_every_answer_counts_or_is_counted_as_left_out(fresh_world, given_votes, rounds):
    worlds = [fresh_world(), fresh_world()]
    given_votes = [*given_votes, ("1", "zoe", "good", "2024-01-02")]
    for world, votes in zip(worlds, (given_votes, random.Random(1).sample(given_votes, len(given_votes))), strict=True):
        (world.root / "cards/datasets/task").mkdir(parents=True)
        voted(
            world,
            "{source: said, annotator: who, time: at}",
            "id,text",
            *TEXTS,
            select="SELECT id, text FROM rows",
            more=", migrations: {okay: fair, junk: null}",
            said=table(*votes, header="item,who,value,at"),
        )
        texts = pl.DataFrame(TEXTS, schema=["id", "text"], orient="row")
        shown = dict(zip(texts["id"], digest_of_shown(texts), strict=True))
        for answers in rounds:
            entries = [
                Entry(
                    item=i,
                    shown=shown.get(i, "e" * 16) if same else "f" * 16,
                    role=role,
                    annotator=by or None,
                    answer=a,
                )
                for i, same, role, by, a in answers
            ]
            add(world.root, "mine", "bench", entries)
    rows, answers = collected(worlds[0])
    layered = sum(len(read(path).entries) for path in files(folder(worlds[0].root, "mine")))
    assert sum(answers.values()) == sum(bool(value.strip()) for _, _, value, _ in given_votes) + layered
    assert answers["votes"] == rows["votes"].list.len().sum()
    if layered:
        assert answers["adjudications"] == rows["adjudicated"].count()
    assert rows.equals(collected(worlds[1])[0])


def test_of_two_votes_of_a_person_the_one_at_the_larger_number_is_the_later(world):
    votes = table(("1", "ann", "good", "10"), ("1", "ann", "bad", "9"), header="item,who,value,at")
    places = "{source: said, annotator: who, time: at}"
    voted(world, places, "id,text", *TEXTS, select="SELECT id, text FROM rows", said=votes)
    assert told(world)[0] == ("1", ["good"], ["ann"])
    assert collected(world)[1]["replaced"] == 1


@pytest.mark.parametrize(
    ("query", "what"),
    [
        ("SELECT id, text, [[said]] AS said, [who] AS who FROM rows", r'"said" holds List\(String\)'),
        ("SELECT id, text, [said] AS said, who FROM rows", '"who" must hold lists of who voted'),
        ("SELECT id, text, [said] AS said, [[who]] AS who FROM rows", r'"who" holds List\(String\)'),
        ("SELECT id, text, [encode(said)] AS said, [who] AS who FROM rows", '"said" holds Binary'),
    ],
)
def test_votes_that_are_not_plain_are_refused_with_the_card(world, query, what):
    voted(world, "{list: said, by: who}", "id,text,said,who", ("1", "one", "good", "ann"), select=query)
    with pytest.raises(UserError, match=what) as caught:
        told(world)
    assert "mine.yaml  annotation > votes" in str(caught.value)


@pytest.mark.parametrize("answer", ["good", "3", 10**400])
def test_a_vote_on_a_scale_is_a_number(world, answer):
    asked = "annotation: {question: How good?, scale: {min: -4, max: 4}, votes: {columns: [ann]}}\n"
    rules = 'labels: {from: {bad: "aggregate < 0", good: "aggregate >= 0"}}\n'
    world.card(table(("1", "one", "3"), header="id,text,ann"), asked + rules)
    imported(world, ("1", "ben", answer))
    with pytest.raises(UserError, match=r"it is no (finite )?number"):
        told(world)


def test_whoever_asks_is_warned_where_a_further_vote_would_change_the_id(world):
    voted(world, "{columns: [ann, ben]}", "text,ann,ben", ("one", "good", "bad"), ("two", "bad", "bad"))
    assert "give the rows an id" in items("mine", world.catalog).warning
    voted(world, "{columns: [ann, ben]}", "id,text,ann,ben", ("1", "one", "good", "bad"), ("2", "two", "bad", "bad"))
    assert not items("mine", world.catalog).warning


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("9", "10"),
        ("2026-05-09", "2026-05-10"),
        ("2026-05-12T10:00:00+08:00", "2026-05-12T03:00:00Z"),
        ("2026-05-12T03:00:00Z", "2026-05-12T03:00:00.500Z"),
    ],
)
@pytest.mark.parametrize("answers", [("good", "bad"), ("bad", "good")])
def test_the_later_vote_is_the_one_that_was_given_later(world, earlier, later, answers):
    votes = table(("1", "ann", answers[1], later), ("1", "ann", answers[0], earlier), header="item,who,value,at")
    places = "{source: said, annotator: who, time: at}"
    voted(world, places, "id,text", *TEXTS, select="SELECT id, text FROM rows", said=votes)
    assert told(world)[0] == ("1", [answers[1]], ["ann"])


@pytest.mark.parametrize(
    ("places", "times"),
    [
        ("{source: said, annotator: who}", ("", "")),
        ("{source: said, annotator: who, time: at}", ("2024-01-01", "2024-01-01")),
        ("{source: said, annotator: who, time: at}", ("2024-01-01", "")),
    ],
)
def test_two_answers_of_which_none_is_the_later_are_refused(world, places, times):
    votes = table(("1", "ann", "good", times[0]), ("1", "ann", "bad", times[1]), header="item,who,value,at")
    voted(world, places, "id,text", *TEXTS, select="SELECT id, text FROM rows", said=votes)
    with pytest.raises(UserError, match=r"1 time somebody gave one row two answers.*: ann on 1"):
        told(world)


def test_the_same_answer_twice_is_one(world):
    votes = table(("1", "ann", "good"), ("1", "ann", "good"), header="item,who,value")
    places = "{source: said, annotator: who}"
    voted(world, places, "id,text", *TEXTS, select="SELECT id, text FROM rows", said=votes)
    assert told(world)[0] == ("1", ["good"], ["ann"])


def test_a_time_that_is_none_is_refused(world):
    votes = table(("1", "ann", "good", "12/5/2026"), header="item,who,value,at")
    places = "{source: said, annotator: who, time: at}"
    voted(world, places, "id,text", *TEXTS, select="SELECT id, text FROM rows", said=votes)
    with pytest.raises(UserError, match='"12/5/2026"') as caught:
        told(world)
    assert "2020-01-31T12:30:00Z" in str(caught.value)


def test_a_table_whose_votes_are_about_no_row_is_refused(world):
    votes = table(("1.0", "ann", "good"), ("2.0", "ann", "bad"), header="item,who,value")
    places = "{source: said, annotator: who}"
    voted(world, places, "id,text", *TEXTS, select="SELECT id, text FROM rows", said=votes)
    with pytest.raises(UserError, match=r"none of the 2 votes of `said` is about a row: 1\.0 \.\.\. are no ids, 1 "):
        told(world)
