"""Several people label the rows of a card: what their votes come to, who decides ties, and what that leaves behind."""

import pytest

from registry.annotation.items import items
from registry.annotation.layers import Entry, add
from registry.build import build
from registry.errors import GateError, UserError
from registry.versions.diff import diff
from tests.worlds import plenty, table

ASKED = """\
annotation:
  question: Which?
  votes: {{columns: [ann, ben, cy]}}
{more}labels: [bad, good, fair]
"""
ROWS = (
    ("1", "one", "good", "good", "bad"),
    ("2", "two", "bad", "good", "fair"),
    ("3", "three", "bad", "bad", ""),
    ("4", "four", "", "", ""),
    ("5", "five", "fair", "fair", "fair"),
)


def asked(world, *rows, more="", after=""):
    indented = "".join(f"  {line}\n" for line in more.splitlines())
    return world.card(table(*(rows or ROWS), header="id,text,ann,ben,cy"), ASKED.format(more=indented) + after)


def imported(world, *answers, role="adjudication", by="lena"):
    shown = dict(items("mine", world.catalog).rows.select("id", "shown").rows())
    entries = [Entry(item=i, shown=shown.get(i, "f" * 16), annotator=by, answer=a, role=role) for i, a in answers]
    return add(world.root, "mine", "bench", entries)


def labels(built):
    return dict(built.published.read("test").select("id", "label").rows())


def left(built):
    return dict(built.published.read("ledger").select("id", "reason").rows())


def test_the_most_frequent_vote_is_the_label(world):
    built = asked(world).build()
    assert labels(built) == {"1": "good", "3": "bad", "5": "fair"}
    assert left(built) == {"2": "a tie", "4": "no votes"}


def test_the_votes_stay_beside_the_label_as_a_distribution(world):
    rows = asked(world).build().published.read("test").to_dicts()
    assert rows[0] == {
        "id": "1",
        "text": "one",
        "label": "good",
        "votes": ["good", "good", "bad"],
        "annotators": ["ann", "ben", "cy"],
        "soft_label": [pytest.approx(1 / 3), pytest.approx(2 / 3), 0.0],
        "certainty": pytest.approx(2 / 3),
        "decided_by": "majority",
    }


def test_a_tie_goes_to_the_first_label_where_the_card_says_so(world):
    built = asked(world, more="ties: first").build()
    assert labels(built)["2"] == "bad"


def test_a_tie_waits_until_somebody_decides(world):
    asked(world, more="ties: adjudicate")
    before = world.build()
    assert left(before)["2"] == "a tie, to be adjudicated"
    imported(world, ("2", "fair"))
    after = world.build()
    assert labels(after) == {**labels(before), "2": "fair"}
    decided = dict(after.published.read("test").select("id", "decided_by").rows())
    assert decided == {"1": "majority", "2": "adjudication: lena", "3": "majority", "5": "majority"}
    assert after.published.digest != before.published.digest
    assert any("layers" in change.text for change in after.changes)
    (group,) = diff(before.published, after.published).added
    assert group.rule == "left out before by labels: a tie, to be adjudicated"


def test_imported_votes_count_beside_those_of_the_source(world):
    asked(world)
    imported(world, ("2", "good"), ("4", "bad"), role="vote")
    assert labels(world.build()) == {"1": "good", "2": "good", "3": "bad", "4": "bad", "5": "fair"}


def test_a_card_without_questions_takes_decisions_about_its_labels(world):
    world.card(plenty(60), "clean: [dedupe_exact]\n")
    before = world.build()
    first, label = before.published.read("test").select("id", "label").row(0)
    imported(world, (first, "good" if label == "bad" else "bad"))
    after = world.build()
    assert labels(after)[first] != label
    assert after.published.manifest["annotation"]["answers"]["adjudications"] == 1


def test_votes_for_a_card_that_asks_nobody_are_told(world):
    world.card(plenty(60))
    row = items("mine", world.catalog).rows["id"][0]
    imported(world, (row, "good"), role="vote")
    assert any("they are votes, and the card has no `annotation:`" in notice for notice in world.build().notices)


def test_answers_that_no_longer_fit_are_told(world):
    asked(world)
    imported(world, ("1", "bad"), ("9", "bad"), role="vote")
    world.write({"data/mine.csv": table(("1", "ONE", *ROWS[0][2:]), *ROWS[1:], header="id,text,ann,ben,cy")})
    built = world.build()
    assert labels(built)["1"] == "good"
    assert [notice.partition(";")[0] for notice in built.notices] == [
        "1 answer of annotators left out: their texts changed since",
        "1 answer of annotators left out: the card has no such rows",
    ]


def test_votes_of_strangers_are_refused(world):
    asked(world, more="annotators: [ann, ben]")
    with pytest.raises(UserError, match="votes by annotators that the card does not name: cy"):
        world.build()


def test_votes_that_are_no_label_are_told_with_what_they_may_mean(world):
    with pytest.raises(UserError, match='"goood"; nearest: "good"') as caught:
        asked(world, *ROWS, ("6", "six", "goood", "", "")).build()
    assert "migrations" in str(caught.value)


def test_labels_that_were_renamed_after_annotation_count_under_their_new_names(world):
    asked(world, *ROWS, ("6", "six", "nice", "nice", "junk"), more="migrations: {nice: good, junk: null}")
    imported(world, ("2", "nice"))
    assert labels(world.build()) == {"1": "good", "2": "good", "3": "bad", "5": "fair", "6": "good"}


def test_other_guidelines_make_another_version(world):
    world.write({"cards/guidelines/how.md": "Look twice.\n"})
    asked(world, more="guidelines: cards/guidelines/how.md\nguidelines_version: '2'")
    before = world.build()
    told = before.published.manifest["annotation"]["guidelines"]
    assert (told["file"], told["version"]) == ("cards/guidelines/how.md", "2")
    world.write({"cards/guidelines/how.md": "Look three times.\n"})
    after = world.build()
    assert after.fresh
    assert any("guidelines" in change.text for change in after.changes)


def test_answers_under_other_guidelines_are_told(world):
    world.write({"cards/guidelines/how.md": "Look twice.\n"})
    asked(world, more="guidelines: cards/guidelines/how.md")
    shown = dict(items("mine", world.catalog).rows.select("id", "shown").rows())
    given = Entry(item="2", shown=shown["2"], annotator="dan", answer="good", guidelines="0" * 12)
    add(world.root, "mine", "bench", [given])
    assert world.build().notices == ("given under other guidelines than those of today: 1 answer of annotators",)


def test_rows_of_one_text_pool_their_votes_and_those_who_gave_them(world):
    twice = (("1", "one", "good", "", ""), ("2", "one", "", "bad", "bad"), ("3", "two", "good", "", ""))
    built = asked(world, *twice, after="clean: [{dedupe_exact: {conflict: pool}}]\n").build()
    rows = built.published.read("test").select("id", "label", "votes", "annotators").rows()
    assert rows[0] == ("1", "bad", ["good", "bad", "bad"], ["ann", "ben", "cy"])


def test_a_decision_about_one_of_several_equal_rows_is_kept(world):
    twice = (("1", "one", "good", "", ""), ("2", "one", "", "bad", "bad"), ("3", "two", "good", "", ""))
    asked(world, *twice, after="clean: [{dedupe_exact: {conflict: pool}}]\n")
    imported(world, ("2", "fair"))
    assert labels(world.build()) == {"1": "fair", "3": "good"}


def test_a_scale_takes_a_number_or_a_label_as_the_decision(world):
    world.card(
        table(*((str(n), f"text {n}", "1", "-1") for n in range(4)), header="id,text,ann,ben"),
        "annotation: {question: How good?, scale: {min: -2, max: 2}, votes: {columns: [ann, ben]}}\n"
        'labels: {from: {bad: "aggregate < 0", good: "aggregate > 0"}, else: {drop: undecided}}\n',
    )
    with pytest.raises(UserError):
        world.build()
    imported(world, ("1", 2), ("2", "bad"), ("3", -1.5))
    built = world.build()
    assert labels(built) == {"1": "good", "2": "bad", "3": "bad"}
    assert built.published.read("test")["soft_label"].to_list() == [[0.5, 0.5]] * 3


def test_spans_can_be_annotated_but_not_built(world):
    rows = (("1", "in Rome", '[[3,7,"good"]]', "", ""),)
    with pytest.raises(UserError, match="answers of `spans` do not say what a row of text-classification needs"):
        asked(world, *rows, more="answer: spans").build()


def test_a_layer_that_came_after_the_lock_is_refused_where_only_the_locked_may_be_built(world):
    asked(world, more="ties: adjudicate")
    world.build()
    imported(world, ("2", "fair"))
    with pytest.raises(GateError, match="layers"):
        build("mine", world.catalog, offline=True, locked=True)


def test_a_difference_of_versions_says_who_decided(world):
    asked(world)
    before = world.build()
    imported(world, ("1", "bad"), ("5", "good"))
    found = diff(before.published, world.build().published)
    assert [(group.rule, group.rows) for group in found.relabelled] == [
        ("fair -> good: adjudication: lena", 1),
        ("good -> bad: adjudication: lena", 1),
    ]
    assert not found.changed
