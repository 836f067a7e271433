"""Large files read in parts: the same rows as reading them whole, and the same refusals."""

import json

import polars as pl
import pytest

from registry.card import SourceSpec
from registry.errors import UserError
from registry.readers.jsonl import Jsonl
from registry.reading import jsonrows
from registry.reading.tables import read_parts, read_table
from registry.source import RawFile

SPEC = {"origin": None, "origin_kind": "local", "reader": Jsonl(), "reader_kind": "jsonl"}


def lines(*rows):
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def parted(folder, *texts):
    files = []
    for number, text in enumerate(texts):
        path = folder / f"{number}.jsonl"
        path.write_text(text, encoding="utf-8")
        files.append(RawFile(path.name, path, ""))
    scratch = folder / "scratch"
    scratch.mkdir()
    return read_parts(SourceSpec(**SPEC), tuple(files), folder, scratch), read_table(
        SourceSpec(**SPEC), tuple(files), folder
    )


@pytest.mark.parametrize(
    "rows",
    [
        [{"text": "a", "label": "x"}, {"text": "b"}],
        [{"text": "a", "n": 1}, {"text": "b", "n": None}],
        [{"text": "全角", "ok": True}, {"text": "2014-06-02", "ok": False}],
        [{"n": 2**53 + 1}, {"n": -1}],
        [{"score": 0.1}, {"score": 1}],
        [{"tags": ["a"]}, {"tags": []}],
        [{"day": "2014-06-02"}, {"day": "2014-06-03"}],
        [{"text": "\u0000 😀"}, {"text": ""}],
    ],
)
def test_parts_hold_what_reading_it_whole_gives(tmp_path, monkeypatch, rows):
    monkeypatch.setattr(jsonrows, "BLOCK", 40)
    found, whole = parted(tmp_path, lines(*rows * 3))
    assert pl.concat(found.parts).equals(whole.frame)
    assert found.rows == whole.frame.height


def test_a_key_that_comes_late_is_a_column_of_all_rows(tmp_path, monkeypatch):
    monkeypatch.setattr(jsonrows, "BLOCK", 40)
    rows = [{"text": f"number {n}"} for n in range(9)]
    found, whole = parted(tmp_path, lines(*rows, {"text": "last", "label": "x"}))
    assert len(found.parts.held) > 1
    assert pl.concat(found.parts).equals(whole.frame)


def test_files_with_other_columns_are_refused_as_ever(tmp_path):
    with pytest.raises(UserError, match=r"the first file, 0\.jsonl, has text, label"):
        parted(tmp_path, lines({"text": "a", "label": "x"}), lines({"text": "b"}))


@pytest.mark.parametrize("text", ["", "\n\n", "{}\n", '{"a": 1}\n{"a": "x"}\n', '{"a": 1, "a": 2}\n', "[1]\n"])
def test_what_is_wrong_is_told_as_reading_it_whole_tells_it(tmp_path, text):
    with pytest.raises(UserError) as told:
        parted(tmp_path, text)
    assert "0.jsonl" in str(told.value)
