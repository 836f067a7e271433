from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.errors import UserError
from registry.readers.text import Text
from registry.reading.formats import CHUNK


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "lines.txt"


def read(path: Path, data: bytes, encoding: str = "utf-8") -> list[str]:
    path.write_bytes(data)
    frame = Text().read(path, encoding)
    assert frame.columns == ["text"]
    return frame["text"].to_list()


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b"", []),
        (b"\xef\xbb\xbf", []),
        (b"\n", [""]),
        (b"a", ["a"]),
        (b"a\n", ["a"]),
        (b"a\n\n", ["a", ""]),
        (b"a\r\n\r\nb", ["a", "", "b"]),
        (b"\xef\xbb\xbfa\nb\xef\xbb\xbf", ["a", "b\ufeff"]),
        (b'"a, b\tc\0\x0b\x0c\n', ['"a, b\tc\0\x0b\x0c']),
        ("a\u2028b\u0085c\n".encode(), ["a\u2028b\u0085c"]),
    ],
)
def test_lines(path: Path, data: bytes, lines: list[str]) -> None:
    assert read(path, data) == lines


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-16-be", "big5", "utf-8"])
def test_encodings(path: Path, encoding: str) -> None:
    assert read(path, "中文\n文\n".encode(encoding), encoding) == ["中文", "文"]


def test_characters_that_lie_across_two_pieces_of_the_file(path: Path) -> None:
    text = "x" + "中" * CHUNK
    for encoding in ("utf-8", "gb18030", "utf-16"):
        assert read(path, text.encode(encoding), encoding) == [text]


@pytest.mark.parametrize(
    ("data", "encoding", "said"),
    [
        (b"ok\nok\xff", "utf-8", ":2\n  byte 0xff at offset 5 is not valid utf-8"),
        (b"ok\n\xe4\xb8", "utf-8", ":2\n  byte 0xe4 at offset 3 is not valid utf-8"),
        (b"x" * CHUNK + b"\n\xe4\xb8", "utf-8", f":2\n  byte 0xe4 at offset {CHUNK + 1:,} is not"),
        (b"x" * (CHUNK - 1) + b"\xe4x", "utf-8", f":1\n  byte 0xe4 at offset {CHUNK - 1:,} is not"),
        (b"a\nb\x81\n", "cp1252", ":2\n  byte 0x81 at offset 3 is not valid cp1252"),
        (b"a\n\xff\xff", "gb18030", ":2\n  byte 0xff at offset 2 is not valid gb18030"),
        (b"a\n", "utf-16", ":1\n  is not utf-16: UTF-16 stream does not start with BOM"),
        (b"\xff\xfea\0\n\0\0\xd8", "utf-16", ":2\n  byte 0x00 at offset 6 is not valid utf-16"),
    ],
)
def test_bytes_that_do_not_fit(path: Path, data: bytes, encoding: str, said: str) -> None:
    with pytest.raises(UserError) as caught:
        read(path, data, encoding)
    assert str(caught.value).removeprefix(str(path)).startswith(said)
    assert "Set `encoding:`" in str(caught.value)


@pytest.mark.parametrize("encoding", ["nope", "hex", "rot13", "", "zlib", "a\0b", "\x1b[31m"])
def test_encodings_that_are_none(path: Path, encoding: str) -> None:
    with pytest.raises(UserError, match="unknown encoding") as caught:
        read(path, b"x", encoding)
    assert "\x1b" not in str(caught.value)


def test_a_file_that_is_not_there(path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read: No such file"):
        Text().read(path, "utf-8")


@pytest.mark.parametrize("data", [b"", b"\n", b"a\r\n\n b\n", b"a\0bcd"])
def test_a_whole_file_is_one_row(path: Path, data: bytes) -> None:
    path.write_bytes(b"\xef\xbb\xbf" + data)
    assert Text(whole=True).read(path, "utf-8").to_dict(as_series=False) == {"text": [data.decode()]}


LINES = st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\n\ufeff\0")))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=LINES, ending=st.sampled_from(["\n", "\r\n"]), final=st.booleans())
def test_every_line_is_a_row(path: Path, lines: list[str], ending: str, final: bool) -> None:
    data = ending.join(lines) + (ending if final or (lines and not lines[-1]) else "")
    expected = lines if lines or not final else [""]
    assert read(path, data.encode()) == expected
