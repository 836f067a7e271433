"""Answers of annotators: exports of their tools, and tables of them."""

import json

import pytest

from registry.infer.draft import written
from registry.infer.start import saved
from tests.registry.infer.drafting import ROOMS, drafted
from tests.worlds import table


def test_answers_of_annotators_become_the_commonest_one_of_each_text(world):
    answers = [("a", "a", "b")] * 60 + [("a", "b", "c")] * 5 + [("b", "b", "b")] * 60
    rows = [
        (f"n{item}{who}", ROOMS[item], f"w{who}", answer)
        for item, given in enumerate(answers)
        for who, answer in enumerate(given)
    ]
    draft = drafted(world, table(*rows, header="id,text,annotator,label"))
    assert draft.select == "SELECT text, label\nFROM rooms"
    assert draft.clean == ({"dedupe_exact": {"conflict": "pool"}},)
    told = written(draft).replace("\n# ", " ")
    assert "375 answers to 125 texts; 65 have different ones" in told
    assert "5 texts with a tie leave" in told
    assert 'annotator: column "annotator", 3 different values' in told
    saved(draft, world.catalog, force=False)
    kept = world.build("rooms").published
    assert kept.manifest["rows_kept"] == 120
    assert kept.manifest["labels"] == ["a", "b"]


def exported(world, tool, count=60):
    """The lines of an export: two answers to each text, the first of them the label of the text."""
    for n in range(count):
        text, label = ROOMS[n], ("bad", "good")[n % 2]
        for who in ("ann", "bo"):
            yield {
                "prodigy": {
                    "text": text,
                    "accept": [label],
                    "answer": "accept" if n or who == "ann" else "ignore",
                    "_input_hash": n,
                    "_annotator_id": who,
                },
                "doccano": {"id": n, "body": text, "text": text, "label": [label]},
            }[tool]


@pytest.mark.parametrize("tool", ["prodigy", "doccano"])
def test_an_export_of_lines_is_known_by_its_shape(world, tool):
    lines = "".join(json.dumps(one) + "\n" for one in exported(world, tool))
    draft = drafted(world, lines, "data/rooms.jsonl")
    assert draft.sources == {"rooms": {"annotations": {"tool": tool, "path": "data/rooms.jsonl"}}}
    assert draft.labels == ("bad", "good")
    assert f"by its shape an export of {tool}" in written(draft)
    saved(draft, world.catalog, force=False)
    assert world.build("rooms").published.manifest["rows_kept"] == 60


def label_studio(*answers, key="body"):
    """Tasks with the results of two people each."""
    tasks = []
    for n, text in enumerate(ROOMS[:100]):
        given = [{"completed_by": who, "result": [result(n)], "ground_truth": n % 2 == 0} for who, result in answers]
        tasks.append({"id": n, "data": {key: text, "page": "p"}, "annotations": given})
    return json.dumps(tasks)


def test_an_export_of_label_studio_is_known_and_its_text_found(world):
    draft = drafted(world, label_studio((1, chosen), (2, chosen)), "data/rooms.json")
    (entry,) = draft.sources.values()
    assert entry["annotations"] == {"tool": "label-studio", "path": "data/rooms.json"}
    assert entry["format"] == {"label_studio": {"text": "body"}}
    assert draft.labels == ("a", "b")
    votes = {"source": "rooms", "item": "item", "value": "label", "annotator": "annotator"}
    assert draft.annotation["votes"] == votes


def rated(n):
    return {"from_name": "stars", "type": "rating", "value": {"rating": n % 5 + 1}}


def chosen(n):
    return {"from_name": "mood", "type": "choices", "value": {"choices": ["ab"[n % 2]]}}


def test_ratings_of_several_people_are_votes_on_a_scale(world):
    draft = drafted(world, label_studio((1, rated), (2, rated)), "data/rooms.json")
    assert draft.annotation["scale"] == {"min": 1, "max": 5}
    assert draft.annotation["votes"]["value"] == "value"
    saved(draft, world.catalog, force=False)
    assert world.build("rooms").published.manifest["labels"] == ["low", "high"]


def test_ratings_of_one_person_are_the_label_rather_than_a_flag_and_votes_are_offered(world):
    draft = drafted(world, label_studio((1, rated)), "data/rooms.json")
    assert draft.labels == ("1.0", "2.0", "3.0", "4.0", "5.0")
    assert "`annotation: {votes: {source: ..., annotator: annotator}}`" in written(draft).replace("\n# ", " ")


def test_answers_to_two_questions_are_no_votes_on_one(world):
    draft = drafted(world, label_studio((1, rated), (2, rated), (1, chosen), (2, chosen)), "data/rooms.json")
    assert draft.annotation == {}
    assert draft.labels == ("a", "b")
