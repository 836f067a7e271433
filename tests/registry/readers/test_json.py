import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from registry.errors import UserError
from registry.readers.json import Json
from registry.select import run

SQUAD = {
    "version": "1.1",
    "data": [
        {"title": "a", "paragraphs": [{"context": "c", "qas": [{"id": "1", "answers": [{"text": "x", "at": 3}]}]}]},
        {"title": "b", "paragraphs": [{"context": "d", "qas": [{"id": "2", "answers": []}]}]},
    ],
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "rows.json"


def read(path: Path, text: str, **options: Any) -> pl.DataFrame:
    path.write_text(text, encoding="utf-8")
    return Json(**options).read(path, "utf-8")


@pytest.mark.parametrize(
    ("text", "options", "rows"),
    [
        ('[{"a": 1, "b": "x"}, {"a": 2.5}]', {}, [{"a": 1.0, "b": "x"}, {"a": 2.5, "b": None}]),
        ('\ufeff[\n"x",\n"y"]', {}, [{"value": "x"}, {"value": "y"}]),
        ('{"id": "007", "text": "x"}', {}, [{"id": "007", "text": "x"}]),
        ('{"n": 1, "data": {"items": [{"a": 1}]}}', {"rows": "data.items"}, [{"a": 1}]),
        ('{"t": ["x", "y"], "n": [1, null]}', {"object": "columns"}, [{"t": "x", "n": 1}, {"t": "y", "n": None}]),
        (
            '{"q1": {"t": "x"}, "q2": {"t": "y"}}',
            {"object": "entries"},
            [{"key": "q1", "t": "x"}, {"key": "q2", "t": "y"}],
        ),
        (
            '{"cat": ["猫"], "dog": ["狗"]}',
            {"object": "entries"},
            [{"key": "cat", "value": ["猫"]}, {"key": "dog", "value": ["狗"]}],
        ),
        ('[{"a": 123456789012345678901}]', {}, [{"a": 123456789012345678901}]),
        ('[{"a": "\\ud83d\\ude00\\n"}]', {}, [{"a": "😀\n"}]),
    ],
)
def test_where_the_rows_are(path: Path, text: str, options: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    assert read(path, text, **options).to_dicts() == rows


def test_lists_in_lists_are_opened_by_select(path: Path) -> None:
    docs = read(path, json.dumps(SQUAD), rows="data")
    query = """SELECT q.id, q.answers[1].text AS answer, context
      FROM (SELECT unnest(p.qas) AS q, p.context FROM (SELECT unnest(paragraphs) AS p FROM docs)) ORDER BY 1"""
    assert run(query, {"docs": docs}, "card").rows.rows() == [("1", "x", "c"), ("2", None, "d")]


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        ('[{"a": 1},\n{"a":\n]', {}, ":3\n  is not valid JSON: Expecting value at column 1"),
        ("", {}, ":1\n  is not valid JSON"),
        ('[{"a": 1}] [2]', {}, ":1\n  is not valid JSON: Extra data"),
        ('[{"a": 1, "a": 2}]', {}, '\n  is not valid JSON: the key "a" occurs twice'),
        ('[{"a": NaN}]', {}, "\n  is not valid JSON: NaN is no JSON value"),
        ('[{"a": 1e999}]', {}, ", item 1\n  is not valid JSON: Infinity"),
        ('[{"a": 1}, {"a": "x"}]', {}, ', item 2\n  "a" is text here but number before'),
        ('[{"a": 1}, "x"]', {}, ", item 2\n  is text, not an object"),
        ('["x", {"a": 1}]', {}, ', item 2\n  "value" is object here but text before'),
        ('[{"a": "\\ud800"}]', {}, ", item 1\n  holds half of a surrogate pair"),
        ("[" * 100_000, {}, "\n  is not JSON that can be read: it is nested too deep"),
        ('[{"a": ' + "[" * 200 + "]" * 200 + "}]", {}, ", item 1\n  is nested more than 100 deep"),
        ("[" + "9" * 5000 + "]", {}, "\n  is not valid JSON: Exceeds the limit"),
        ("3", {}, "\n  holds neither a list nor an object"),
        ("[]", {}, "\n  holds no rows"),
        ("{}", {}, "\n  holds no rows"),
        ('{"data": [1]}', {"rows": "date"}, '\n  `rows: date`: there is no key "date"; nearest: "data"'),
        (
            '{"data": [1]}',
            {"rows": "data.x"},
            '\n  `rows: data.x`: there is no key "x"\n  It leads to a value that is no object',
        ),
        ('{"a": [1, 2], "b": [1]}', {"object": "columns"}, "\n  its columns must be lists of one length: a 2, b 1"),
        ('{"a": [1], "b": 1}', {"object": "columns"}, "\n  its columns must be lists of one length: a 1, b no list"),
        ('{"a": {"key": 1}}', {"object": "entries"}, '\n  the object at "a" has a key called "key" itself'),
    ],
)
def test_errors_name_the_place(path: Path, text: str, options: dict[str, Any], said: str) -> None:
    with pytest.raises(UserError) as caught:
        read(path, text, **options)
    assert str(caught.value).removeprefix(str(path)).startswith(said)


def test_cards_that_are_wrong() -> None:
    with pytest.raises(ValidationError):
        Json(object="index")  # type: ignore[arg-type]


@given(
    rows=st.lists(
        st.fixed_dictionaries({"t": st.text(st.characters(codec="utf-8")), "n": st.integers(-9, 9)}), min_size=1
    )
)
def test_what_a_writer_writes_comes_back(path: Path, rows: list[dict[str, Any]]) -> None:
    assert read(path, json.dumps({"rows": rows}, indent=1), rows="rows").to_dicts() == rows
