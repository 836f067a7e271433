"""Layers of imported answers: added, never changed, and read in the order in which they came."""

import hashlib
from pathlib import Path

import pytest

from registry.annotation.layers import Entry, add, files, folder, read
from registry.errors import UserError

SHOWN = "0" * 16


def entry(item, answer, annotator=None, role="vote"):
    return Entry(item=item, shown=SHOWN, answer=answer, annotator=annotator, role=role)


def layers_of(root):
    return [read(path) for path in files(folder(root, "mine"))]


def counting(root):
    """What counts: the last answer of each person by name, and every one of nobody."""
    entries = [one for layer in layers_of(root) for one in layer.entries]
    last = {(one.item, one.annotator or number, one.role): one for number, one in enumerate(entries)}
    return list(last.values())


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
    told = [(one.item, one.annotator, one.answer) for one in counting(tmp_path)]
    assert sorted(told, key=str) == [
        ("1", "ann", "bad"),
        ("1", None, "bad"),
        ("1", None, "good"),
        ("2", "ann", "bad"),
    ]


def test_a_later_decision_goes_before_an_earlier_one(tmp_path):
    add(tmp_path, "mine", "bench", [entry("1", "good", "lena", "adjudication")])
    add(tmp_path, "mine", "bench", [entry("1", "bad", "max", "adjudication")])
    assert counting(tmp_path)[-1].answer == "bad"


def test_other_line_ends_are_told_as_what_they_are(tmp_path):
    path = add(tmp_path, "mine", "bench", [entry("1", "good", "ann")])
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    with pytest.raises(UserError, match=r"other line ends .*\n.*-text` to .gitattributes"):
        read(path)


@pytest.mark.parametrize("make", [Path.mkdir, lambda path: path.symlink_to(path.parent / "nowhere")])
def test_what_is_no_file_is_no_layer(tmp_path, make):
    path = add(tmp_path, "mine", "bench", [entry("1", "good")])
    make(path.with_name("0002-bench-0123456789ab.jsonl"))
    with pytest.raises(UserError, match="is no layer of annotations: it is no file"):
        files(path.parent)


@pytest.mark.parametrize(
    ("line", "what"),
    [
        (b'{"item": 1, "shown": "0000000000000000", "answer": "good"}', "item: Input should be a valid string"),
        (b'{"item": "\\ud800", "shown": "0000000000000000", "answer": "good"}', "surrogates not allowed"),
        (b'{"item": "1", "shown": "0000000000000000", "answer": "\xed\xa0\x80"}', "can't decode byte 0xed"),
        (b'{"item": "1", "shown": "0000000000000000", "answer": NaN}', "finite number"),
        (b"[" * 100_000, "recursion"),
    ],
)
def test_a_line_that_is_no_answer_is_told_with_what_is_wrong(tmp_path, line, what):
    path = tmp_path / f"0001-bench-{hashlib.sha256(line).hexdigest()[:12]}.jsonl"
    path.write_bytes(line)
    with pytest.raises(UserError, match=what) as caught:
        read(path)
    assert f"{path}:1" in str(caught.value)


def test_layers_beyond_four_digits_come_last(tmp_path):
    path = add(tmp_path, "mine", "bench", [entry("1", "good", "ann")])
    path.rename(path.with_name(f"9999{path.name[4:]}"))
    later = add(tmp_path, "mine", "bench", [entry("1", "bad", "ann")])
    assert [found.name for found in files(path.parent)] == [f"9999{path.name[4:]}", later.name]


def test_who_comes_back_to_an_earlier_answer_without_a_time_has_it_counted(tmp_path):
    for answer in ("good", "bad", "good"):
        assert add(tmp_path, "mine", "doccano", [entry("1", answer, "ann")])
    assert [one.answer for one in counting(tmp_path)] == ["good"]
    assert add(tmp_path, "mine", "doccano", [entry("1", "bad", "ann"), entry("1", "good", "ann")]) is None


def test_an_answer_is_known_whatever_the_guidelines_are_by_now(tmp_path):
    first = entry("1", "good", "ann").model_copy(update={"time": "2026-11-23", "guidelines": "0" * 12})
    add(tmp_path, "mine", "bench", [first])
    assert add(tmp_path, "mine", "bench", [first.model_copy(update={"guidelines": "1" * 12})]) is None
