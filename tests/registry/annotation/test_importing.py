"""Answers come in as they were given, or are refused with their place; then nothing comes in."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from registry.annotation import layers
from registry.annotation.importing import Imported, imported
from registry.annotation.items import items
from registry.annotation.matching import Terms, renames
from registry.errors import UserError
from tests.annotators import units
from tests.worlds import World, table

TEXTS = {"a": "I like it \U0001f600 much", "b": "这部电影很好", "c": "dull"}
ASKED = "annotation:\n  question: How does it sound?\n  answer: {form}\n"
NOW = "labels: [bad, good]\n"


def asking(world: World, form: str = "single", more: str = "", texts: Mapping[str, str] = TEXTS) -> World:
    rows = table(*texts.items(), header="id,text")
    return world.card(rows, ASKED.format(form=form) + more + ("" if form in ("scale", "text") else NOW))


def shown(world: World) -> dict[str, str]:
    rows = items("mine", world.catalog).rows
    return dict(zip(rows["id"], rows["shown"], strict=True))


def work(*regions: Mapping[str, Any], by: Any = 2, **more: Any) -> dict[str, Any]:
    base = {"id": 1, "completed_by": by, "was_cancelled": False, "created_at": "2026-11-23T10:00:00Z"}
    return {**base, "result": list(regions), **more}


def chose(*labels: str, name: str = "answer") -> dict[str, Any]:
    return {"id": "r", "from_name": name, "to_name": "text", "type": "choices", "value": {"choices": list(labels)}}


def mark(start: Any, end: Any, text: str | None, label: str = "good") -> dict[str, Any]:
    value = {"start": start, "end": end, "labels": [label], **({} if text is None else {"text": text})}
    return {"id": f"r{start}", "from_name": "answer", "to_name": "text", "type": "labels", "value": value}


def task(item: str, *annotations: Mapping[str, Any], text: str | None = None, **data: Any) -> dict[str, Any]:
    data = {"text": TEXTS[item] if text is None else text, "item": item, **data}
    return {"id": 1, "data": data, "annotations": list(annotations), "drafts": [{"result": [chose("bad")]}]}


def came(world: World, *tasks: Mapping[str, Any], **terms: Any) -> Imported:
    path = world.root / "export.json"
    path.write_text("[\n" + ",\n".join(json.dumps(one) for one in tasks) + "\n]")
    return imported("mine", [path], world.catalog, Terms(**terms))


def lines(world: World, name: str, *rows: Mapping[str, Any]) -> Path:
    path = world.root / name
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def test_an_answer_says_who_gave_it_when_and_under_which_name(world: World) -> None:
    asking(world)
    one, two = work(chose("good")), work(chose("bad"), by={"id": 3, "email": "ben@example.org"})
    found = came(world, task("a", one, two), renamed={"2": "ann"})
    assert [(entry.annotator, entry.answer, entry.shown) for entry in found.entries] == [
        ("ann", "good", shown(world)["a"]),
        ("ben@example.org", "bad", shown(world)["a"]),
    ]
    assert {(entry.time, entry.tool, entry.role) for entry in found.entries} == {
        ("2026-11-23T10:00:00Z", "label-studio", "vote")
    }
    assert found.layer
    assert found.layer.parent == world.root / "cards" / "annotations" / "mine"


def test_what_is_no_answer_is_counted_and_left_out(world: World) -> None:
    asking(world)
    skipped, empty = work(was_cancelled=True), work()
    found = came(world, task("a", skipped, work(chose("good"))), task("b", empty), task("c"))
    assert [entry.item for entry in found.entries] == ["a"]
    assert found.skipped == {"cancelled or ignored": 1, "not answered": 2}


def test_importing_twice_adds_nothing_and_a_new_answer_alone(world: World) -> None:
    asking(world)
    first, again = (came(world, task("a", work(chose("good")))) for _ in range(2))
    assert (first.new, again.new, again.layer) == (1, 0, None)
    more = came(world, task("a", work(chose("good"))), task("b", work(chose("bad"))))
    assert (len(more.entries), more.new) == (2, 1)
    assert [path.name[:4] for path in layers.files(layers.folder(world.root, "mine"))] == ["0001", "0002"]


def test_of_two_answers_of_one_person_the_one_that_was_changed_last_comes_last(world: World) -> None:
    asking(world)
    changed = work(chose("good"), updated_at="2026-11-24T10:00:00Z")
    later = work(chose("bad"), created_at="2026-11-23T12:00:00Z", updated_at="2026-11-23T12:00:00Z")
    assert [entry.answer for entry in came(world, task("a", changed, later)).entries] == ["bad", "good"]


@pytest.mark.parametrize(
    ("purpose", "told", "role"),
    [(None, None, "vote"), ("adjudication", None, "adjudication"), ("adjudication", "vote", "vote")],
)
def test_the_task_says_what_an_answer_is_for_unless_told_otherwise(
    world: World, purpose: str | None, told: Any, role: str
) -> None:
    asking(world)
    carried = {} if purpose is None else {"purpose": purpose}
    assert [entry.role for entry in came(world, task("a", work(chose("good")), **carried), role=told).entries] == [role]


def test_without_a_question_an_answer_is_a_decision(world: World) -> None:
    world.card(table(("a", "fine", "good"), ("b", "dull", "bad"), header="id,text,label"))
    (entry,) = came(world, task("a", work(chose("bad")), text="fine")).entries
    assert (entry.role, entry.answer) == ("adjudication", "bad")
    with pytest.raises(UserError, match=r"it is a vote, and the card asks for none\n  `--as adjudication`"):
        came(world, task("a", work(chose("bad")), text="fine", purpose="vote"))


def test_an_item_is_found_by_its_text_where_the_task_does_not_name_it(world: World) -> None:
    asking(world, texts={**TEXTS, "d": "dull"})
    row = {"id": 1, "text": TEXTS["b"], "label": ["good"]}
    path = lines(world, "ann.jsonl", row)
    (entry,) = imported("mine", [path], world.catalog, Terms("doccano", from_filename=True)).entries
    assert (entry.item, entry.annotator) == ("b", "ann")
    twice = lines(world, "two.jsonl", {**row, "text": "dull"}, {**row, "text": "what?"})
    with pytest.raises(UserError) as caught:
        imported("mine", [twice], world.catalog, Terms("doccano", "ann"))
    assert 'two.jsonl:1, by ann\n  it does not name its item, and 2 items have the text "dull"' in str(caught.value)
    assert 'two.jsonl:2, by ann\n  it does not name its item, and no item has the text "what?"' in str(caught.value)


def test_all_problems_are_told_at_once_and_nothing_comes_in(world: World) -> None:
    asking(world, more="  annotators: [ann, ben]\n  migrations: {fine: good}\n")
    who = {"renamed": {"2": "ann"}}
    with pytest.raises(UserError) as caught:
        came(
            world,
            task("a", work(chose("fine"))),
            task("a", work(chose("goood"))),
            task("b", work(chose("good"), by=7)),
            task("c", work(chose("good", "bad")), work(chose("odd"))),
            task("c", work(chose("good")), text="dulll"),
            task("c", work(chose("good")), shown="0" * 16),
            task("c", work(chose("good")), card="other"),
            task("c", work(chose("good"))) | {"data": {"text": "dull", "item": "z"}},
            task("c", work(chose("good"), {**chose("x"), "type": "textarea", "value": {"text": ["x"]}})),
            task("c", work(mark(0, 2, "xx"))),
            task("c", work(chose("good"), created_at="yesterday")),
            **who,
        )
    said = str(caught.value)
    for place, what, do in (
        ("3, item a, by ann", '"goood" is no label of the card; nearest: "good"', "Add it to `labels:`, or say under"),
        (
            "4, item b, by 7",
            '"7" is not one of the card\'s annotators (ann, ben)',
            "Say who that is: `--rename 7=NAME`.",
        ),
        ("5, item c, by ann", "it has 2 labels where the question takes one", "Mend it in the tool, and export"),
        ("5, item c, by ann", '"odd" is no label of the card', "Add it to `labels:`"),
        ("6", "the text has changed since it was annotated: 2 answers, first on c", "Ask again with `bench annotate"),
        ("8, item c, by ann", 'it is an answer for the card "other"', "Import it into the card that it is for."),
        ("9, item z, by ann", "the card has no such item", "Restore its row, or take the task out of the file."),
        (
            "10, item c, by ann",
            "it has 2 answers where the question takes one: answer by choices, answer by textarea",
            "",
        ),
        ("11, by 2, item c", 'a span from 0 to 2 holds "du", where "xx" was recorded', "The text has 4 characters"),
        ("12, item c, by ann", '"yesterday" is no time in ISO 8601', "Mend it"),
    ):
        first, _, others = place.partition(",")
        assert f"export.json:{first}{',' + others if others else ', item c, by ann'}\n  {what}\n  {do}" in said
    assert "export.json:2" not in said
    assert said.endswith("10 problems. Nothing was imported.")
    assert not list((world.root / "cards").glob("annotations/*/*"))


def test_equal_problems_are_told_once(world: World) -> None:
    asking(world, more="  annotators: [ann, ben]\n")
    wrong = [task(item, work(chose("good"), by=7), work(chose("good"), by=2)) for item in "abc"]
    path = world.root / "export.json"
    path.write_text(json.dumps(wrong))
    with pytest.raises(UserError) as caught:
        imported("mine", [path], world.catalog, Terms(renamed={"2": "ann"}))
    assert str(caught.value) == (
        f"{path}:1, item a, by 7\n"
        '  "7" is not one of the card\'s annotators (ann, ben): 3 answers, first on a\n'
        "  Say who that is: `--rename 7=NAME`.\n"
        "1 problem. Nothing was imported."
    )


def test_the_last_answer_counts_wherever_its_clock_stands(world: World) -> None:
    asking(world)
    given = (
        ("2026-11-23T10:05:00Z", "good"),
        ("2026-11-23T11:00:00+08:00", "bad"),
        ("2026-11-23T10:04:59.5", "bad"),
        ("2026-11-23", "bad"),
    )
    works = [work(chose(answer), created_at=time) for time, answer in given]
    found = came(world, task("a", *works)).entries
    assert [entry.time for entry in found] == [given[place][0] for place in (3, 1, 2, 0)]


def test_answers_to_other_questions_are_left_out_with_their_name(world: World) -> None:
    asking(world)
    both = work(chose("good"), chose("angry", name="mood"))
    found = came(world, task("a", both), task("b", work(chose("odd", name="mood"), by=3)))
    assert [(entry.item, entry.answer) for entry in found.entries] == [("a", "good")]
    assert (found.question, found.skipped) == ("answer", {'to "mood", which is not the question "answer"': 2})


def test_a_project_of_ones_own_may_name_its_question_otherwise(world: World) -> None:
    asking(world)
    found = came(world, task("a", work(chose("good", name="tone"))), task("b", work()))
    assert ([entry.answer for entry in found.entries], found.question) == (["good"], "tone")
    with pytest.raises(UserError, match=r"several questions \(tone: 1, mood: 1\), and none is called \"answer\""):
        came(world, task("a", work(chose("good", name="tone"))), task("b", work(chose("bad", name="mood"))))


@pytest.mark.parametrize(
    ("told", "said"),
    [("3", '"3" is no number'), (1e20, r"1e\+20 is no"), (True, "true is no number"), ([], r"\[\] is no")],
)
def test_a_number_that_is_none_is_a_problem(world: World, told: Any, said: str) -> None:
    rules = 'labels: {from: {low: "aggregate <= 2", high: "aggregate > 2"}}\n'
    asking(world, "scale", "  scale: {min: 0, max: 4}\n" + rules)
    region = {"from_name": "answer", "type": "number", "value": {"number": told}}
    with pytest.raises(UserError, match=said):
        came(world, task("c", work(region)))
    left = came(world, task("c", work({**region, "value": {"number": None}})))
    assert left.skipped == {"not answered": 1}


@pytest.mark.parametrize(
    ("by", "renamed", "said"),
    [
        ([1], {}, ['"1" is the number of an account; `--rename 1=NAME` says who that is']),
        ([1, 2], {}, ['"1", "2" are numbers of accounts; `--rename 1=NAME` says who that is']),
        ([1, 2], {"1": "ann"}, ['"2" is the number of an account; `--rename 2=NAME` says who that is']),
        (["6f1c2f9e-0f4b-4b58-9d0a-3c1f6f6d1a2b"], {}, ["is the id of an account"]),
        ([1, 2], {"1": "ann", "2": "7"}, []),
        (["ann@example.org", "7"], {}, []),
    ],
)
def test_names_that_are_those_of_accounts_are_doubted(
    world: World, by: list[Any], renamed: dict[str, str], said: list[str]
) -> None:
    asking(world)
    found = came(world, task("a", *(work(chose("good"), by=one) for one in by)), renamed=renamed)
    assert len(found.doubts) == len(said)
    assert all(part in doubt for part, doubt in zip(said, found.doubts, strict=True))


def test_a_card_that_lists_numbers_means_them(world: World) -> None:
    asking(world, more='  annotators: ["1", "2"]\n')
    assert came(world, task("a", work(chose("good"), by=1))).doubts == ()


def test_answers_that_come_again_under_another_name_are_doubted(world: World) -> None:
    asking(world)
    tasks = [task(item, work(chose("good"))) for item in "abc"]
    assert came(world, *tasks, renamed={"2": "ann"}).doubts == ()
    again = came(world, *tasks, task("a", work(chose("bad"), by="ben@example.org")), tool="label-studio")
    assert again.new == 4
    (doubt,) = again.doubts
    assert doubt.startswith('3 answers of "2" came in as those of "ann" before, with the same times: one person under')
    assert again.layer
    again.layer.unlink()
    assert (came(world, *tasks, renamed={"2": "ann"}).new, came(world, *tasks).new) == (0, 3)


def test_a_place_that_cannot_be_written_is_that_of_the_project(world: World) -> None:
    asking(world).write({"cards/annotations": "in the way"})
    with pytest.raises(
        UserError, match=r"(?s)cards/annotations.*\. Nothing was imported\.\n  Layers stand in the project"
    ):
        came(world, task("a", work(chose("good"))))


def test_answers_about_changed_texts_may_be_left_out(world: World) -> None:
    asking(world)
    tasks = (task("a", work(chose("good"))), task("c", work(chose("good")), text="dulll"))
    found = came(world, *tasks, skip_changed=True)
    assert ([entry.item for entry in found.entries], found.skipped) == (["a"], {"about a text that has changed": 1})


def test_an_old_label_stays_as_it_was_answered(world: World) -> None:
    asking(world, more="  migrations: {fine: good, odd: null}\n")
    assert [entry.answer for entry in came(world, task("a", work(chose("fine")))).entries] == ["fine"]


@pytest.mark.parametrize(
    ("form", "region", "said"),
    [
        ("scale", {"type": "number", "value": {"number": 9}}, "9 is not on the scale from 0 to 4"),
        ("scale", {"type": "choices", "value": {"choices": ["much"]}}, '"much" is no number'),
        ("multi", {"type": "choices", "value": {"choices": ["bad", "worse"]}}, '"worse" is no label of the card'),
        (
            "spans",
            {"type": "labels", "value": {"start": 0, "end": 4, "text": "dull", "labels": ["X"]}},
            '"X" is no label',
        ),
        (
            "relations",
            {"type": "relation", "from_id": "x", "to_id": "y", "labels": ["good"]},
            "a span that is not there",
        ),
    ],
)
def test_an_answer_that_is_none_of_its_form(world: World, form: str, region: dict[str, Any], said: str) -> None:
    rules = 'labels: {from: {low: "aggregate <= 2", high: "aggregate > 2"}}\n'
    asking(world, form, "  scale: {min: 0, max: 4}\n" + rules if form == "scale" else "")
    regions = [mark(0, 4, "dull"), region] if form == "relations" else [{"from_name": "answer", **region}]
    with pytest.raises(UserError, match=said):
        came(world, task("c", work(*regions)))


def test_relations_point_from_one_span_to_another_either_way(world: World) -> None:
    asking(world, "relations")
    ends = {"type": "relation", "from_id": "r2", "to_id": "r7", "labels": ["bad"]}
    marks = mark(2, 6, "like"), mark(7, 9, "it")
    like, it = [2, 6, "good"], [7, 9, "good"]
    for direction, pairs in (("right", [(like, it)]), ("left", [(it, like)]), ("bi", [(like, it), (it, like)])):
        (entry,) = came(world, task("a", work(*marks, {**ends, "direction": direction}, by=direction))).entries
        assert entry.answer == [[head, tail, "bad"] for head, tail in pairs]


def test_who_answered_must_be_known_and_is_told_once(world: World) -> None:
    asking(world)
    row = {"id": 1, "text": TEXTS["a"], "item": "a", "label": ["good"]}
    path = lines(world, "all.jsonl", row)
    with pytest.raises(UserError, match=r"the export does not say who answered\n  `--annotator NAME` or"):
        imported("mine", [path], world.catalog, Terms("doccano"))
    with pytest.raises(UserError, match=r'the export says who answered: "2"\n  `--rename`'):
        came(world, task("a", work(chose("good"))), annotator="ann")


def test_the_content_tells_the_tool_where_only_one_can_have_written_it(world: World) -> None:
    asking(world)
    ours = {"text": TEXTS["a"], "item": "a", "shown": shown(world)["a"], "purpose": "vote", "label": ["good"]}
    theirs = {"text": TEXTS["a"], "label": ["good"]}
    found = imported("mine", [lines(world, "ann.jsonl", ours)], world.catalog, Terms(annotator="ann"))
    assert [entry.tool for entry in found.entries] == ["doccano"]
    with pytest.raises(UserError, match=r"b\.jsonl\n  does not show which tool .*\n  Say it with `--tool`: argilla"):
        imported("mine", [lines(world, "b.jsonl", theirs)], world.catalog, Terms(annotator="ann"))
    prodigy = {"text": "x", "_input_hash": 1, "answer": "accept", "accept": ["good"]}
    both = [lines(world, "c.jsonl", ours), lines(world, "d.jsonl", prodigy)]
    with pytest.raises(UserError, match="of several tools: doccano, prodigy"):
        imported("mine", both, world.catalog, Terms())


def test_what_a_task_was_rejected_or_ignored_for_is_no_answer(world: World) -> None:
    asking(world)
    task = {"text": TEXTS["a"], "_input_hash": 1, "_annotator_id": "ann", "meta": {"item": "a"}}
    rows = ({**task, "answer": said, "accept": ["good"]} for said in ("accept", "reject", "ignore"))
    found = imported("mine", [lines(world, "a.jsonl", *rows)], world.catalog, Terms())
    assert (len(found.entries), found.skipped) == (1, {"not answered": 1, "cancelled or ignored": 1})


def test_spans_that_no_text_was_recorded_for_are_pointed_at(world: World) -> None:
    asking(world, "spans")
    rows = {"text": TEXTS["a"], "item": "a", "label": [[0, 1, "good"], [12, 16, "bad"]]}
    found = imported("mine", [lines(world, "ann.jsonl", rows)], world.catalog, Terms("doccano", "ann"))
    assert (len(found.entries), found.unproven) == (1, 1)
    beyond = lines(world, "ben.jsonl", {**rows, "label": [[10, 99, "good"]]})
    with pytest.raises(UserError, match=r"ben\.jsonl:1, item a\n  a span from 10 to 99"):
        imported("mine", [beyond], world.catalog, Terms("doccano", "ben"))


def test_what_is_no_export_is_told_with_its_line(world: World) -> None:
    asking(world)
    path = world.root / "broken.json"
    path.write_text('[\n{"id": 1, "data": {"text": "dull", "item": "c"}, "annotations": []},\n{"id": ]')
    with pytest.raises(UserError, match=r"broken\.json:3\n  is not valid JSON.*\n.*\n1 problem\. Nothing was imported"):
        imported("mine", [path], world.catalog, Terms())


@pytest.mark.parametrize("written", [["ann"], ["=ann"], ["1="], ["1=ann", "1=ben"]])
def test_a_name_is_given_once_to_one_annotator(written: list[str]) -> None:
    with pytest.raises(UserError, match="does not say what one annotator is called"):
        renames(written)
    assert renames(["1=ann", "a=b@example.org=ben"]) == {"1": "ann", "a=b@example.org": "ben"}


PIECES = st.lists(
    st.sampled_from(["a", "b ", "é", "字", "\U0001f600", "\U00020bb7", "\r\n", "x\u200d", "."]), min_size=1, max_size=12
)


@settings(max_examples=20)
@given(pieces=PIECES, data=st.data())
def test_spans_come_back_from_every_way_of_counting(fresh_world: Any, pieces: list[str], data: st.DataObject) -> None:
    text = "".join(pieces).strip() or "a"
    place = st.integers(0, len(text) - 1)
    spans = sorted(
        {tuple(sorted((data.draw(place), data.draw(place) + 1))) for _ in range(data.draw(st.integers(1, 3)))}
    )
    spans = [(start, end) for start, end in spans if start < end and text.find(text[start:end], start + 1) < 0]
    spans = [(start, end) for start, end in spans if text.find(text[start:end]) == start]
    assume(spans)
    assume(not any(text[edge - 1 : edge + 1] == "\r\n" for span in spans for edge in span))
    world = asking(fresh_world(), "spans", texts={"a": text, "z": "other"})
    plain = text.replace("\r\n", "\n")
    ways = {
        "code points": [(start, end, text[start:end]) for start, end in spans],
        "utf-16": [(units(text, start), units(text, end), text[start:end]) for start, end in spans],
    }
    if text.isascii():
        short = [(len(text[:edge].replace("\r\n", "\n")) for edge in span) for span in spans]
        ways["line ends"] = [(start, end, plain[start:end]) for start, end in short]
    for by, marks in ways.items():
        (entry,) = came(world, task("a", work(*(mark(*one) for one in marks), by=by), text=text)).entries
        assert isinstance(entry.answer, list)
        assert sorted(entry.answer, key=str) == sorted(([start, end, "good"] for start, end in spans), key=str), by


KIND = st.sampled_from(["good", "bad", "cancelled", "empty", "changed"])


@settings(max_examples=20)
@given(kinds=st.lists(st.tuples(st.sampled_from(list(TEXTS)), st.integers(1, 3), KIND), max_size=12))
def test_every_piece_of_work_comes_in_or_is_counted(fresh_world: Any, kinds: list[tuple[str, int, str]]) -> None:
    world = asking(fresh_world())
    made = {"cancelled": work(was_cancelled=True), "empty": work(), "changed": work(chose("good"))}
    tasks = [
        task(
            item,
            {**made.get(kind, work(chose(kind))), "completed_by": by},
            **({"text": "?"} if kind == "changed" else {}),
        )
        for item, by, kind in kinds
    ]
    found = came(world, *tasks, tool="label-studio", skip_changed=True)
    assert len(found.entries) + sum(found.skipped.values()) == len(kinds)
    known = [entry for path in layers.files(layers.folder(world.root, "mine")) for entry in layers.read(path).entries]
    assert found.new == len(known) == len({(entry.item, entry.annotator, str(entry.answer)) for entry in found.entries})


@pytest.mark.parametrize(
    ("regions", "what"),
    [
        ([{"type": "relation", "from_id": "a", "to_id": "b", "labels": ["good"]}], "it has relations, and no spans"),
        ([chose("good")], "it is answered by choices, not by spans and relations"),
    ],
)
def test_relations_without_spans_are_told(world: World, regions: list[dict[str, Any]], what: str) -> None:
    asking(world, "relations")
    with pytest.raises(UserError, match=what):
        came(world, task("a", work(*regions)))


def test_an_empty_name_is_nobody(world: World) -> None:
    asking(world)
    with pytest.raises(UserError, match="does not say who answered"):
        came(world, task("a", work(chose("good"), by=" ")))
