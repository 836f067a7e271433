"""Versions of tasks whose rows are not one text with one label."""

import json

import polars as pl
import pytest

from registry.errors import CardProblems, UserError

CARD = """\
name: mine
title: Rows of a task
kind: task
languages: [en]
license: {{spdx: CC0-1.0}}
task: {task}
sources: {{rows: {{local: data/rows.jsonl}}}}
{more}split: {{method: all-test}}
"""


def written(world, task, rows, more=""):
    text = "".join(json.dumps(row) + "\n" for row in rows)
    return world.write({"cards/datasets/task/mine.yaml": CARD.format(task=task, more=more), "data/rows.jsonl": text})


def kept(world, task, rows, more=""):
    return written(world, task, rows, more).build().published.read("test").sort("id")


def refusal(world, task, rows, more=""):
    with pytest.raises((UserError, CardProblems)) as refused:
        written(world, task, rows, more).build()
    return str(refused.value)


def test_a_row_may_have_no_label_of_a_set(world):
    rows = [{"id": "1", "text": "a", "labels": ["x", "y"]}, {"id": "2", "text": "b", "labels": []}]
    found = kept(world, "multilabel-classification", rows)
    assert found["labels"].to_list() == [["x", "y"], []]
    manifest = world.build().published.manifest
    assert manifest["labels"] == ["x", "y"]
    assert manifest["splits"]["test"] == {"rows": 2, "labels": {"x": 1, "y": 1}}


def test_a_row_without_any_answer_leaves_with_its_reason(world):
    rows = [{"id": "1", "text": "a", "score": 1.5}, {"id": "2", "text": "b", "score": None}]
    assert kept(world, "text-regression", rows)["score"].to_list() == [1.5]
    assert world.build().published.manifest["ledger"] == [["labels", "no label", 1]]


def test_tokens_make_a_text_and_each_has_a_tag(world):
    rows = [{"id": "1", "tokens": ["in", "Rome"], "tags": ["O", "B-LOC"]}]
    found = kept(world, "token-classification", [*rows, {"id": "2", "tokens": ["it"], "tags": ["O"]}])
    assert found.columns == ["id", "text", "tokens", "tags"]
    assert found.row(0) == ("1", "in Rome", ["in", "Rome"], ["O", "B-LOC"])


def test_tags_and_tokens_of_different_numbers_are_told(world):
    rows = [{"id": "1", "tokens": ["in", "Rome"], "tags": ["O"]}]
    said = refusal(world, "token-classification", rows)
    assert "1 row with other numbers of tokens and tags, the first with 2 and 1" in said


def test_cleaning_may_drop_sentences_and_must_not_rewrite_them(world):
    rows = [{"id": str(n), "tokens": ["In", "Rome", str(n)], "tags": ["O", "B-LOC", "O"]} for n in range(3)]
    rows.append({"id": "9", "tokens": ["Hm"], "tags": ["O"]})
    dropped = "clean: [{length: {min_chars: 4}}]\n"
    assert kept(world, "token-classification", rows, dropped).height == 3
    said = refusal(world, "token-classification", rows, "clean: [lowercase]\n")
    assert "cleaning changed the text of" in said
    assert "use ops that drop rows" in said


def test_two_rows_with_one_text_and_other_answers_conflict_whatever_the_answers_are(world):
    rows = [{"id": "1", "text": "a", "reference": "x"}, {"id": "2", "text": "a", "reference": "y"}]
    rows.append({"id": "3", "text": "b", "reference": "z"})
    found = kept(world, "translation", rows, "clean: [dedupe_exact]\n")
    assert found["id"].to_list() == ["3"]


def test_texts_alone_need_no_answer(world):
    found = kept(world, "language-modelling", [{"text": "a"}, {"text": "b"}])
    assert found.columns == ["id", "text"]
    assert world.build().published.manifest["labels"] == []


def test_sounds_are_told_apart_by_their_bytes(world):
    world.write(
        {
            "cards/datasets/task/mine.yaml": CARD.format(
                task="speech-recognition",
                more="select: SELECT encode(sound) AS audio, said AS reference FROM rows\n",
            ),
            "data/rows.jsonl": '{"sound": "aaa", "said": "one"}\n{"sound": "bbb", "said": "one"}\n',
        }
    )
    found = world.build().published.read("test")
    assert found.columns == ["id", "clip", "audio", "reference"]
    assert found["clip"].n_unique() == 2
    assert found["audio"].dtype == pl.Binary


def test_labels_are_refused_where_answers_are_open(world):
    said = refusal(world, "translation", [{"text": "a", "reference": "b"}], "labels: [a, b]\n")
    assert "translation has no labels: `reference` is no label of a closed set" in said


def test_a_task_that_searches_needs_a_collection_and_others_have_none(world):
    assert "retrieval needs a `collection:`" in refusal(world, "retrieval", [{"text": "a", "relevant": "d"}])
    more = "collection: SELECT text AS id, text FROM rows\n"
    assert "translation reads no collection" in refusal(world, "translation", [{"text": "a", "reference": "b"}], more)


def test_votes_on_a_scale_are_the_score_where_no_rule_makes_labels(world):
    more = "annotation: {question: how good?, scale: {min: 0, max: 5}, votes: given, agreement: {at_least: -1}}\n"
    rows = [{"id": "1", "text": "a", "given": [1, 2]}, {"id": "2", "text": "b", "given": [5, 5]}]
    found = kept(world, "text-regression", rows, more)
    assert found["score"].to_list() == [1.5, 5.0]


def test_sets_that_annotators_chose_are_the_labels(world):
    more = "labels: [x, y, z]\nannotation: {question: which?, answer: multi, votes: given}\n"
    rows = [
        {"id": "1", "text": "a", "given": ['["x","y"]', '["y","x"]']},
        {"id": "2", "text": "b", "given": ["[]", "[]"]},
    ]
    found = kept(world, "multilabel-classification", rows, more)
    assert found["labels"].to_list() == [["x", "y"], []]


def spanned(*parts):
    return [{"start": start, "end": end, "label": label} for start, end, label in parts]


def test_labelled_parts_of_a_text_become_tags(world):
    rows = [
        {"id": "1", "text": "Ada went to 新北京.", "spans": spanned((12, 15, "LOC"), (0, 3, "PER"))},
        {"id": "2", "text": "no one", "spans": []},
        {"id": "3", "text": "a U.S.-based firm", "spans": spanned((2, 6, "LOC"))},
    ]
    found = kept(world, "token-classification", rows)
    assert found.columns == ["id", "text", "tokens", "tags"]
    assert found["tokens"].to_list()[0] == ["Ada", "went", "to", "新", "北", "京", "."]
    assert found["tags"].to_list() == [
        ["B-PER", "O", "O", "B-LOC", "I-LOC", "I-LOC", "O"],
        ["O", "O"],
        ["O", "B-LOC", "I-LOC", "I-LOC", "I-LOC", "O", "O", "O"],
    ]


def test_a_word_is_cut_where_a_part_ends_and_parts_that_overlap_give_no_tags(world):
    rows = [
        {"id": "1", "text": "Londoners sing", "spans": spanned((0, 6, "LOC"))},
        {"id": "2", "text": "New York Times", "spans": spanned((0, 8, "LOC"), (0, 14, "ORG"))},
        {"id": "3", "text": "short", "spans": spanned((0, 99, "LOC"))},
    ]
    found = kept(world, "token-classification", rows)
    assert found.select("tokens", "tags").rows() == [(["London", "ers", "sing"], ["B-LOC", "O", "O"])]
    assert world.build().published.manifest["ledger"] == [["labels", "no label", 2]]
