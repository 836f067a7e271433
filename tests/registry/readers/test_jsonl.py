import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.errors import UserError
from registry.readers.jsonl import Jsonl
from registry.reading.jsonrows import BLOCK


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "rows.jsonl"


def read(path: Path, text: str, encoding: str = "utf-8") -> pl.DataFrame:
    path.write_bytes(text.encode(encoding, "surrogatepass") if encoding == "utf-8" else text.encode(encoding))
    return Jsonl().read(path, encoding)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ('{"a": 1, "b": "x"}\n{"a": 2}', [{"a": 1, "b": "x"}, {"a": 2, "b": None}]),
        ('{"a": 1}\r\n\r\n{"a": 2.5}\r\n', [{"a": 1.0}, {"a": 2.5}]),
        ('\ufeff{"a": true}\n', [{"a": True}]),
        ('{"a": "2020-01-01"}\n', [{"a": "2020-01-01"}]),
        ('{"a": "007"}\n', [{"a": "007"}]),
        ('{"a": null}\n{"a": [{"b": "x"}]}\n', [{"a": None}, {"a": [{"b": "x"}]}]),
        ('{"a": 123456789012345678901}\n', [{"a": 123456789012345678901}]),
        ('{"a": "\\u4e2d\\n\\ud83d\\ude00"}\n', [{"a": "中\n😀"}]),
    ],
)
def test_objects_become_rows(path: Path, text: str, rows: list[dict[str, object]]) -> None:
    assert read(path, text).to_dicts() == rows


def test_types_come_from_the_whole_file(path: Path) -> None:
    text = '{"a": 1}\n' * 5_000 + '{"a": 1.5, "late": "x"}\n'
    assert read(path, text).schema == {"a": pl.Float64, "late": pl.String}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"a": 1}\n\n{"a":\n', ":3\n  is not valid JSON: Expecting value at column"),
        ('{"a": 1}\n[1]\n', ":2\n  is list, not an object"),
        ('{"a": 1}\nnull\n', ":2\n  is null, not an object"),
        ('{"a": 1}{"a": 2}\n', ":1\n  is not valid JSON: Extra data"),
        ('{"a": 1}\n{"a": "x"}\n', ':2\n  "a" is text here but number before'),
        ('{"a": true}\n{"a": 1}\n', ':2\n  "a" is number here but true or false before'),
        ('{"a": [1]}\n{"a": ["x"]}\n', ':2\n  "a[]" is text here but number before'),
        ('{"a": {"b": 1}}\n{"a": {"b": "x"}}\n', ':2\n  "a.b" is text here but number before'),
        ('{"a": 1}\n{"a": [1]}\n', ':2\n  "a" is list here but number before'),
        ('{"a": 1, "a": 2}\n', ':1\n  is not valid JSON: the key "a" occurs twice'),
        ('{"a": "\\ud800"}\n', ":1\n  holds half of a surrogate pair"),
        ('{"a": NaN}\n', ":1\n  is not valid JSON: NaN is no JSON value"),
        ('{"a": ' + "[" * 300 + "]" * 300 + "}\n", ":1\n  is nested more than 100 deep"),
        ('{"a": 1}\n' + '{"a": ' * 5_000 + "1" + "}" * 5_000, ":2\n  is nested more than 100 deep"),
        ('{"]]]]": ' + '["]]]]", ' * 300 + "1" + "]" * 300 + "}", ":1\n  is nested more than 100 deep"),
        ("", ":1\n  the file is empty"),
        ("\n \n", ":1\n  the file is empty"),
        ("{}\n", "\n  holds no values"),
    ],
)
def test_errors_name_the_line(path: Path, text: str, said: str) -> None:
    with pytest.raises(UserError) as caught:
        read(path, text)
    assert str(caught.value).removeprefix(str(path)).startswith(said)


def test_quotes_that_are_never_closed_are_read_once(path: Path) -> None:
    with pytest.raises(UserError, match=r":1\n  is (nested|not valid JSON)"):
        read(path, "[" * 101 + '"' + '\\"' * 300_000 + "\\")


def test_many_brackets_are_not_deep(path: Path) -> None:
    row = {"a": [[number] for number in range(500)], "b": "[" * 500}
    assert read(path, json.dumps(row)).to_dicts() == [row]


def test_a_line_longer_than_a_block(path: Path) -> None:
    text = json.dumps({"a": "x" * (BLOCK + 1)}) + '\n{"a": "y"}\n'
    assert read(path, text)["a"].str.len_chars().to_list() == [BLOCK + 1, 1]


def test_other_encodings(path: Path) -> None:
    assert read(path, '{"a": "中"}\n', "utf-16").to_dicts() == [{"a": "中"}]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.text(st.characters(codec="utf-8")), min_size=1), plain=st.booleans())
def test_odd_text_comes_back(path: Path, texts: list[str], plain: bool) -> None:
    text = "\n".join(json.dumps({"a": text}, ensure_ascii=plain) for text in texts)
    assert read(path, text)["a"].to_list() == texts
