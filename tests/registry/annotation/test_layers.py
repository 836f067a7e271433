"""Layers of imported answers: added, never changed, and read in the order in which they came."""

import pytest

from registry.annotation.layers import Entry, add, adjudications, files, folder, read, votes
from registry.errors import UserError

SHOWN = "0" * 16


def entry(item, answer, annotator=None, role="vote"):
    return Entry(item=item, shown=SHOWN, answer=answer, annotator=annotator, role=role)


def layers_of(root):
    return [read(path) for path in files(folder(root, "mine"))]


def test_a_layer_holds_what_was_added(tmp_path):
    given = [entry("1", "good", "ann"), entry("2", ["a", "b"]), entry("3", [[0, 2, "X"]], "ben"), entry("4", 1.5)]
    path = add(tmp_path, "mine", "doccano", given)
    assert path == folder(tmp_path, "mine") / path.name
    assert path.name.startswith("0001-doccano-")
    assert layers_of(tmp_path)[0].entries == tuple(given)


def test_adding_the_same_again_adds_nothing(tmp_path):
    given = [entry("1", "good", "ann"), entry("2", "bad", "ann")]
    add(tmp_path, "mine", "bench", given)
    assert add(tmp_path, "mine", "bench", given) is None
    assert add(tmp_path, "mine", "bench", [*given, entry("3", "bad", "ann")]).name.startswith("0002-bench-")
    assert [len(layer.entries) for layer in layers_of(tmp_path)] == [2, 1]


def test_a_layer_that_was_edited_is_refused(tmp_path):
    path = add(tmp_path, "mine", "bench", [entry("1", "good", "ann")])
    path.write_text(path.read_text().replace("good", "bad"))
    with pytest.raises(UserError, match="was changed after it was imported"):
        read(path)


def test_what_is_no_layer_is_told(tmp_path):
    add(tmp_path, "mine", "bench", [entry("1", "good")])
    (folder(tmp_path, "mine") / "notes.txt").write_text("x")
    with pytest.raises(UserError, match="is no layer of annotations"):
        files(folder(tmp_path, "mine"))


def test_two_layers_of_one_number_are_told(tmp_path):
    path = add(tmp_path, "mine", "bench", [entry("1", "good")])
    path.with_name(path.name.replace("bench", "argilla")).write_bytes(path.read_bytes())
    with pytest.raises(UserError, match="two layers have the number 0001"):
        files(folder(tmp_path, "mine"))


def test_the_last_answer_of_a_person_counts_and_all_of_those_without_a_name(tmp_path):
    add(tmp_path, "mine", "bench", [entry("1", "good", "ann"), entry("1", "good"), entry("2", "bad", "ann")])
    add(tmp_path, "mine", "bench", [entry("1", "bad", "ann"), entry("1", "bad")])
    told = [(one.item, one.annotator, one.answer) for one in votes(layers_of(tmp_path))]
    assert sorted(told, key=str) == [
        ("1", "ann", "bad"),
        ("1", None, "bad"),
        ("1", None, "good"),
        ("2", "ann", "bad"),
    ]


def test_a_later_decision_goes_before_an_earlier_one(tmp_path):
    add(tmp_path, "mine", "bench", [entry("1", "good", "lena", "adjudication")])
    add(tmp_path, "mine", "bench", [entry("1", "bad", "max", "adjudication")])
    assert adjudications(layers_of(tmp_path))["1"].answer == "bad"
