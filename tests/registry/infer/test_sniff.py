"""Encodings, delimiters and headers found in files of unknown making."""

import zipfile

import pytest

from registry.errors import UserError
from registry.infer.sniff import sniffed

LINES = [f"the room number {n} was clean and the staff kind" for n in range(60)]


def keys(tmp_path, data, name="d.csv"):
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return dict(sniffed(path, name).keys)


def rows(delimiter, header=("text", "label"), quote='"'):
    lines = [delimiter.join(header)] if header else []
    lines += [f"{quote}{line}{quote}{delimiter}{'ab'[n % 2]}" for n, line in enumerate(LINES)]
    return "\n".join(lines) + "\n"


def test_an_ordinary_csv_needs_no_word(tmp_path):
    assert keys(tmp_path, rows(",")) == {}


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_other_delimiters_are_found(tmp_path, delimiter):
    assert keys(tmp_path, rows(delimiter)) == {"format": {"csv": {"delimiter": delimiter}}}


@pytest.mark.parametrize("name", ["d.dat", "d", "d.txt"])
def test_a_table_is_found_whatever_its_name(tmp_path, name):
    assert keys(tmp_path, rows("\t", quote=""), name) == {"format": {"csv": {"delimiter": "\t"}}}


def test_lines_of_text_stay_lines(tmp_path):
    assert keys(tmp_path, "\n".join(LINES), "d.txt") == {}


def test_a_first_row_of_data_is_no_header(tmp_path):
    made = keys(tmp_path, rows(",", header=()))
    assert made == {"format": {"csv": {"header": False, "columns": {"column_1": "text", "column_2": "text"}}}}


def test_quotes_that_are_ordinary_characters_are_found(tmp_path):
    data = "text\tlabel\n" + "".join(f'"{n} is a "good" one\tx\n' for n in range(30))
    assert keys(tmp_path, data) == {"format": {"csv": {"delimiter": "\t", "quote": None}}}


def test_quoted_line_ends_belong_to_a_field(tmp_path):
    data = "text,label\n" + "".join(f'"one {n}\ntwo, ""three""",x\n' for n in range(30))
    assert keys(tmp_path, data) == {}


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("这家餐厅的菜很好吃，服务态度也不错，下次还会再来", "gb18030"),
        ("très bon café à côté de l'hôtel, c'était été", "cp1252"),
    ],
)
def test_an_encoding_is_detected_and_stated(tmp_path, text, encoding):
    data = "text,label\n" + "".join(f'"{text} {n}",x\n' for n in range(40))
    assert keys(tmp_path, data.encode(encoding)) == {"encoding": encoding}


def test_utf_16_is_known_by_its_mark(tmp_path):
    assert keys(tmp_path, rows(",").encode("utf-16"))["encoding"] == "utf-16"


@pytest.mark.parametrize(
    ("data", "name", "kind"), [('{"a": 1}\n{"a": 2}\n', "d", "jsonl"), ('[{"a": 1}]', "d", "json")]
)
def test_json_is_known_by_its_first_character(tmp_path, data, name, kind):
    assert keys(tmp_path, data, name) == {"format": kind}


@pytest.mark.parametrize("data", [b"", b"  \n\n"])
def test_a_file_with_nothing_in_it_is_refused(tmp_path, data):
    with pytest.raises(UserError, match=r"is empty|nothing but white space"):
        keys(tmp_path, data)


def test_an_archive_asks_for_its_member(tmp_path):
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as archive:
        archive.writestr("in/rows.csv", rows(","))
    with pytest.raises(UserError, match="is an archive"):
        sniffed(tmp_path / "d.zip", "d.zip")


def test_a_quote_that_is_never_closed_is_not_taken_for_a_character(tmp_path):
    assert keys(tmp_path, rows(",") + '"never closed, a\n') == {}


@pytest.mark.parametrize("rest", ["last,b\n", '"closed, again",b\n' * 3])
def test_one_open_quote_among_plain_rows_is_a_slip(tmp_path, rest):
    with pytest.raises(UserError, match=r"never closed|neither ends its field nor is doubled") as refused:
        keys(tmp_path, rows(",", quote="") + '"open,a\n' + rest)
    assert refused.value.where.endswith(f":{rows(',').count(chr(10)) + 1}")


def test_quotes_that_most_rows_leave_open_are_characters_and_said_to_be(tmp_path):
    data = "text,label\n" + "".join(f'a screen of {n}" is good,x\n"{n} inch,y\n' for n in range(30))
    path = tmp_path / "d.csv"
    path.write_text(data)
    found = sniffed(path, "d.csv")
    assert found.keys == {"format": {"csv": {"quote": None}}}
    assert "would leave a field open" in found.notes[0]


def test_a_header_with_a_name_twice_stays_a_header(tmp_path):
    assert keys(tmp_path, "".join(f"{line},{line}\n" for line in rows(",", quote="").splitlines())) == {}
