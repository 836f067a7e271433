import csv
import io
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from registry.errors import UserError
from registry.readers.csv import BLOCK, Csv


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "table.csv"


def read(path: Path, data: bytes, encoding: str = "utf-8", **options: Any) -> pl.DataFrame:
    path.write_bytes(data)
    return Csv(**options).read(path, encoding)


def failure(path: Path, data: bytes, encoding: str = "utf-8", **options: Any) -> str:
    with pytest.raises(UserError) as caught:
        read(path, data, encoding, **options)
    return str(caught.value).removeprefix(str(path))


@pytest.mark.parametrize(
    ("data", "rows"),
    [
        (b"a,b\n007,1.50\n", [("007", "1.50")]),
        (b"a,b\r\n1,2\r\n3,4", [("1", "2"), ("3", "4")]),
        (b"\xef\xbb\xbfa,b\n1,2\n", [("1", "2")]),
        (b'a,b\n1,"x\r\ny\rz"\n', [("1", "x\r\ny\rz")]),
        (b'a,b\n1,"he said ""hi"""\n', [("1", 'he said "hi"')]),
        (b'a,b\n1,5" screen\n2,ok\n', [("1", '5" screen'), ("2", "ok")]),
        (b'a,b\n1," x "\n', [("1", " x ")]),
        (b'a,b\n,\n"",""\n', [("", ""), ("", "")]),
        (b"a,b\n\n1,2\n\n\n", [("1", "2")]),
        (b"a,b\n1,x\0y\n", [("1", "x\0y")]),
        (b'a,b\n1,"q\n"\n', [("1", "q\n")]),
        (b"a,b\nNA,null\n", [("NA", "null")]),
        (b"a,b\n", []),
        (b"a,b", []),
        (b"a,b\r1,2\r", [("1", "2")]),
    ],
)
def test_all_is_text_as_it_was_written(path: Path, data: bytes, rows: list[tuple[str, ...]]) -> None:
    frame = read(path, data)
    assert frame.columns == ["a", "b"]
    assert frame.dtypes == [pl.String, pl.String]
    assert frame.rows() == rows


def test_one_column_keeps_its_blank_lines(path: Path) -> None:
    assert read(path, b"a\nx\n\ny\n")["a"].to_list() == ["x", "", "y"]


def test_without_quoting_a_quote_is_a_character(path: Path) -> None:
    for quote in ("none", None):
        assert read(path, b'a\tb\n"x\ty"\n', delimiter="\t", quote=quote).rows() == [('"x', 'y"')]


def test_another_quote(path: Path) -> None:
    assert read(path, b"a;b\n'x;y';\"\n", delimiter=";", quote="'").rows() == [("x;y", '"')]


def test_without_a_header_columns_name_in_order(path: Path) -> None:
    columns = {"id": "text", "mean": "number", "yes": "boolean"}
    frame = read(path, b"01, 2.5,TRUE\n02,,0", header=False, columns=columns)
    assert frame.columns == ["id", "mean", "yes"]
    assert frame.rows() == [("01", 2.5, True), ("02", None, False)]


def test_with_a_header_columns_set_types(path: Path) -> None:
    frame = read(path, b"a,b,c\n1,-2,x\n", columns={"b": "integer"})
    assert frame.schema == {"a": pl.String, "b": pl.Int64, "c": pl.String}
    assert frame["b"].to_list() == [-2]


@pytest.mark.parametrize(
    ("data", "options", "said"),
    [
        (b"a,b\n1,2\n3\n", {}, ":3\n  has 1 field, but 2 are named"),
        (b'a,b\n"x\ny",2\n3,4,5\n', {}, ":4\n  has 3 fields, but 2 are named"),
        (b'a,b\n1,2\n3,"open\n5,6\n', {}, ":3\n  a quoted field is never closed"),
        (b"a,b,a\n1,2,3\n", {}, ':1\n  the header names "a" more than once'),
        (b"", {}, "\n  is empty"),
        (b"\n\n", {}, ":1\n  has no header"),
        (b"a,b\n1,2\n", {"columns": {"bb": "text"}}, ':1\n  has no column "bb"; nearest: "b"'),
        (b"1,2\n", {"header": False, "columns": {"x": "text"}}, ":1\n  has 2 fields, but 1 are named"),
        (b'a,b\n"x\n\n",1\ny,2x\n', {"columns": {"b": "integer"}}, ':5\n  column "b": "2x" is no integer'),
        (b"a\n1.5\n", {"columns": {"a": "integer"}}, ':2\n  column "a": "1.5" is no integer'),
        (b"a\n99999999999999999999\n", {"columns": {"a": "integer"}}, ":2"),
        (b"a\n1\n\nnan\n", {"columns": {"a": "number"}}, ':4\n  column "a": "nan" is no number'),
        (b"a\ninf\n", {"columns": {"a": "number"}}, "is no number"),
        (b"a\nmaybe\n", {"columns": {"a": "boolean"}}, ':2\n  column "a": "maybe" is no boolean'),
        (b"a\n\x1b[31m\n", {"columns": {"a": "boolean"}}, r'"\x1b[31m" is no boolean'),
    ],
)
def test_errors_name_the_line(path: Path, data: bytes, options: dict[str, Any], said: str) -> None:
    assert said in failure(path, data, **options)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-16-le", "utf-8", "utf-8-sig"])
def test_encodings(path: Path, encoding: str) -> None:
    assert read(path, "a,b\n中,文\n".encode(encoding), encoding).rows() == [("中", "文")]


def test_wrong_encodings_are_told_with_their_place(path: Path) -> None:
    said = failure(path, "a,b\n1,é\n".encode("latin-1"))
    assert said.startswith(":2\n  byte 0xe9 at offset 6 is not valid utf-8\n  Set `encoding:`")
    assert "much of it is NUL" in failure(path, "a,b\n1,2\n".encode("utf-16-le"))


def test_a_row_longer_than_a_block(path: Path) -> None:
    long = "x" * (BLOCK + 10)
    assert read(path, f"a,b\n1,{long}\n2,y\n".encode())["b"].str.len_chars().to_list() == [BLOCK + 10, 1]


def test_a_value_longer_than_pythons_parser_takes(path: Path) -> None:
    assert "has 1 field" not in failure(path, b"a,b\n1," + b"x" * 200_000 + b"\n3\n")


@pytest.mark.parametrize(
    "options",
    [
        {"delimiter": "::"},
        {"delimiter": "\n"},
        {"delimiter": "，"},
        {"delimiter": '"'},
        {"quote": "''"},
        {"header": False},
        {"columns": {"a": "date"}},
        {"other": 1},
    ],
)
def test_cards_that_are_wrong(options: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Csv(**options)


def test_the_order_of_columns_survives_canonical_json() -> None:
    reader = Csv(header=False, columns={"b": "text", "a": "integer"})
    dumped = reader.model_dump(mode="json", exclude_defaults=True)
    assert dumped == {"header": False, "columns": [["b", "text"], ["a", "integer"]]}
    assert Csv.model_validate(dumped) == reader


FIELDS = st.text(st.characters(codec="utf-8"), max_size=8) | st.sampled_from(['"', "\r\n", "\r", ",", '""', " "])


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(FIELDS, FIELDS), max_size=6), ending=st.sampled_from(["\n", "\r\n"]))
def test_what_a_writer_quotes_comes_back(path: Path, rows: list[tuple[str, str]], ending: str) -> None:
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator=ending)
    writer.writerows([("a", "b"), *rows])
    assert read(path, out.getvalue().encode()).rows() == rows


@pytest.mark.parametrize(
    ("row", "line"),
    [
        ('"never closed 3,a', 4),
        ('"quoted "inner" 3",a', 4),
        ('"closed"x,a', 4),
    ],
)
def test_a_stray_quote_in_a_quoted_field_swallows_no_rows(tmp_path: Path, row: str, line: int) -> None:
    rows = ["text,label", *(f"text {number},a" for number in range(8))]
    rows[3], rows[6] = row, 'he said 5" is big,b'
    file = tmp_path / "quotes.csv"
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    with pytest.raises(UserError, match=f"quotes.csv:{line}"):
        Csv().read(file, "utf-8")


def test_doubled_quotes_and_quotes_inside_plain_fields_are_text(tmp_path: Path) -> None:
    file = tmp_path / "quotes.csv"
    file.write_text('text,label\n"fine ""inner"" one",a\n5" screen,b\n', encoding="utf-8")
    assert Csv().read(file, "utf-8")["text"].to_list() == ['fine "inner" one', '5" screen']


def test_a_header_of_very_many_names(path: Path) -> None:
    names = ",".join(f"n{number}" for number in range(60_000))
    assert 'the header names "n7" more than once' in failure(path, f"{names},n7\n".encode())
