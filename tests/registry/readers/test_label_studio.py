import json
from pathlib import Path
from typing import Any

import pytest

from registry.errors import UserError
from registry.readers.label_studio import LabelStudio


def task(*annotations: dict[str, Any], text: str = "A fine film.", number: int = 7) -> dict[str, Any]:
    return {"id": number, "data": {"text": text, "film": 3}, "annotations": list(annotations), "predictions": []}


def work(*regions: dict[str, Any], by: Any = 1, **more: Any) -> dict[str, Any]:
    return {"id": 1, "completed_by": by, "result": list(regions), "was_cancelled": False, **more}


def region(kind: str, value: dict[str, Any], name: str = "question") -> dict[str, Any]:
    return {"id": "x", "from_name": name, "to_name": "text", "type": kind, "value": value}


def choice(*labels: str, name: str = "question") -> dict[str, Any]:
    return region("choices", {"choices": list(labels)}, name)


def mark(start: int, end: int, text: str | None, label: str = "THING") -> dict[str, Any]:
    return region("labels", {"start": start, "end": end, "labels": [label], **({"text": text} if text else {})})


@pytest.fixture
def read(tmp_path: Path) -> Any:
    def reader(*tasks: dict[str, Any], key: str = "text") -> list[dict[str, Any]]:
        path = tmp_path / "export.json"
        path.write_text(json.dumps(list(tasks), indent=1))
        return LabelStudio(text=key).read(path, "utf-8").to_dicts()

    return reader


def test_a_row_for_each_annotator_however_they_are_written(read: Any) -> None:
    people = [1, {"id": 2, "email": "b@example.org"}, {"id": 3}, "dora", None]
    rows = read(task(*(work(choice("good"), by=by) for by in people)))
    assert [row["annotator"] for row in rows] == ["1", "b@example.org", "3", "dora", None]
    assert {(row["item"], row["text"], row["label"], row["question"]) for row in rows} == {
        ("7", "A fine film.", "good", "question")
    }
    assert rows[0]["data"] == '{"film":3}'


def test_a_row_for_each_question(read: Any) -> None:
    rows = read(
        task(work(choice("good", name="tone"), choice("a", "b", name="topics"), region("rating", {"rating": 4})))
    )
    assert [(row["question"], row["label"], row["labels"], row["value"]) for row in rows] == [
        ("tone", "good", ["good"], None),
        ("topics", None, ["a", "b"], None),
        ("question", None, None, 4.0),
    ]


@pytest.mark.parametrize(
    ("kind", "value", "label"),
    [
        ("taxonomy", {"taxonomy": [["arts", "film"]]}, "arts / film"),
        ("textarea", {"text": ["a summary"]}, "a summary"),
        ("pairwise", {"selected": "left"}, "left"),
        ("datetime", {"datetime": "2020-01-01"}, "2020-01-01"),
        ("ranker", {"ranker": {"a": ["1"]}}, None),
    ],
)
def test_other_kinds_of_answers(read: Any, kind: str, value: dict[str, Any], label: str | None) -> None:
    (row,) = read(task(work(region(kind, value))))
    assert (row["kind"], row["label"]) == (kind, label)
    assert json.loads(row["answer"])[0]["value"] == value


def test_work_that_was_cancelled_is_told_apart_from_work_that_found_nothing(read: Any) -> None:
    rows = read(task(work(choice("good"), was_cancelled=True), work()), task(number=8))
    assert [(row["cancelled"], row["label"], row["starts"], row["annotator"]) for row in rows] == [
        (True, None, None, "1"),
        (False, None, [], "1"),
        (False, None, None, None),
    ]


def test_ground_truth_and_times_are_kept(read: Any) -> None:
    (row,) = read(task(work(choice("good"), ground_truth=True, created_at="2020-01-01T00:00:00Z")))
    assert (row["ground_truth"], row["answered"]) == (True, "2020-01-01T00:00:00Z")


def test_spans(read: Any) -> None:
    (row,) = read(task(work(mark(2, 6, "fine", "TONE"), mark(7, 11, "film"), mark(0, 1, None))))
    assert (row["starts"], row["ends"], row["span_labels"]) == ([2, 7, 0], [6, 11, 1], ["TONE", "THING", "THING"])


@pytest.mark.parametrize(
    ("text", "start", "end", "recorded"),
    [
        ("\U0001f600 a fine film", 5, 9, "fine"),
        ("one\r\ntwo fine", 8, 12, "fine"),
        ("one\r\nfine\r\nfilm", 4, 8, "fine"),
        ("one\r\ntwo\r\nfilm", 4, 9, "two\nf"),
        ("a\r\nb c", 0, 4, "a\nb"),
    ],
)
def test_offsets_that_count_otherwise_are_turned_into_code_points(
    read: Any, text: str, start: int, end: int, recorded: str
) -> None:
    (row,) = read(task(work(mark(start, end, recorded)), text=text))
    found = text[row["starts"][0] : row["ends"][0]]
    assert found.replace("\r\n", "\n") == recorded


def test_a_repeated_text_is_counted_as_what_stands_beside_it(read: Any) -> None:
    text = "\U0001f600\U0001f600haha and b"
    (row,) = read(task(work(mark(4, 6, "ha"), mark(13, 14, "b")), text=text))
    assert [text[:start] for start in row["starts"]] == ["\U0001f600\U0001f600", "\U0001f600\U0001f600haha and "]
    (alone,) = read(task(work(mark(4, 6, "ha")), text=text))
    assert alone["starts"] == [4]


def test_the_last_change_is_when_it_was_answered(read: Any) -> None:
    (row,) = read(task(work(choice("good"), created_at="2020-01-01", updated_at="2020-01-02")))
    assert row["answered"] == "2020-01-02"


def test_offsets_that_fit_no_way_are_an_error_with_both_texts(read: Any, tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        read(task(number=6), task(work(mark(2, 6, "film"))))
    assert f"{tmp_path}/export.json:" in str(caught.value)
    assert 'a span from 2 to 6 holds "fine", where "film" was recorded' in str(caught.value)
    for start, end in ((-1, 2), (3, 99), (5, 4), (True, 2), (None, 2)):
        with pytest.raises(UserError, match="a span from"):
            read(task(work(mark(start, end, None))))  # type: ignore[arg-type]


def test_relations_do_not_hinder(read: Any) -> None:
    relation = {"type": "relation", "from_id": "x", "to_id": "y", "labels": ["of"]}
    rows = read(task(work(mark(2, 6, "fine"), relation)))
    assert [row["kind"] for row in rows] == ["labels", "relation"]


def test_the_text_may_have_another_key(read: Any) -> None:
    review = {"id": 1, "data": {"review": "Good."}, "annotations": [work(choice("good"))]}
    assert read(review, key="review")[0]["text"] == "Good."
    with pytest.raises(UserError, match=r'has no text under "text"; its keys: review\n  Say which key'):
        read(review)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('[\n{"id": 1, "text": "a", "choice": "b"}]', r":2\n  is no task"),
        ('[\n{"id": 1,\n "data": {]', r":3\n  is not valid JSON"),
        ("[1]", "must hold an object"),
        ('[{"a": 1, "a": 2}]', 'the key "a" occurs twice'),
        ('[{"id": 1, "data": {"text": "a"}, "annotations": []} {}]', r"a comma or \] is missing"),
        ('[{"id": 1, "data": {"text": "a"}, "annotations": []}', r"a comma or \] is missing"),
        ("[] {}", "something follows the list"),
        ("[" + '{"a":' * 100_000, "nested too deep"),
        ('[{"id": 1, "data": {"text": "\\ud800"}, "annotations": []}]', "half of a surrogate pair"),
        ('[{"id": 1, "data": {"text": "a"}, "annotations": [{"result": null}]}]', "without a list of results"),
        ('[{"id": 1, "data": {"text": "a"}, "annotations": [{"result": [{"type": "choices"}]}]}]', "without a value"),
    ],
)
def test_what_is_no_export_is_told_with_its_line(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "export.json"
    path.write_text(content)
    with pytest.raises(UserError, match=said):
        LabelStudio().read(path, "utf-8")


def test_an_empty_export_has_the_columns(tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    path.write_text("[]")
    assert LabelStudio().read(path, "utf-8").columns[:3] == ["item", "text", "annotator"]
