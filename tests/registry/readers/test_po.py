from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.errors import UserError
from registry.readers.po import SCHEMA, Po

CATALOGUE = r"""# A comment
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"

#: file.py:3
#, python-format
msgid "one \"quoted\" %s\n"
"and more"
msgstr "一\t个"

#, fuzzy, c-format
#| msgid "old"
msgctxt "menu"
msgid "File"
msgstr "文件"

msgid "%d day"
msgid_plural "%d days"
msgstr[1] "%d 天们"
msgstr[0] "%d 天"
msgid "close"
msgstr ""

#~| msgid "older"
#~ msgid "gone"
#~ msgstr "没"
#~ "了"
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "zh.po"


def read(path: Path, text: str) -> list[dict[str, Any]]:
    path.write_bytes(text.encode())
    frame = Po().read(path, "utf-8")
    assert frame.schema == pl.Schema(SCHEMA)
    return frame.to_dicts()


def entry(msgid: str, msgstr: str, **more: Any) -> dict[str, Any]:
    return {**dict.fromkeys(SCHEMA), "fuzzy": False, "obsolete": False, "msgid": msgid, "msgstr": msgstr, **more}


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_entries(path: Path, ending: str) -> None:
    assert read(path, CATALOGUE.replace("\n", ending)) == [
        entry('one "quoted" %s\nand more', "一\t个"),
        entry("File", "文件", msgctxt="menu", fuzzy=True),
        entry("%d day", "%d 天", msgid_plural="%d days", msgstr_plural=["%d 天", "%d 天们"]),
        entry("close", ""),
        entry("gone", "没了", obsolete=True),
    ]


@pytest.mark.parametrize("text", ["", "# only a comment\n", 'msgid ""\nmsgstr "header"\n'])
def test_a_catalogue_without_entries(path: Path, text: str) -> None:
    assert read(path, text) == []


def test_a_long_line_of_odd_spaces_is_refused_at_once(path: Path) -> None:
    with pytest.raises(UserError, match="is neither a comment nor a keyword"):
        read(path, "\u3000" * 500_000 + "x")


def test_line_separators_that_are_none_to_gettext(path: Path) -> None:
    assert read(path, 'msgid "a\u2028b\x0bc"\nmsgstr "d\x85e"') == [entry("a\u2028b\x0bc", "d\x85e")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("/etc/passwd", ":1\n  is neither a comment nor a keyword with a quoted string: /etc/passwd"),
        ("msgid unquoted\nmsgstr x", ":1\n  is neither"),
        ('msgid "a"b"\nmsgstr "c"', ":1\n  is neither"),
        ('msgid "open\nmsgstr "c"', ":1\n  is neither"),
        ('"a"\nmsgid "b"\nmsgstr "c"', ":1\n  is a string without a keyword"),
        ('msgid "a"\nmsgid "b"\nmsgstr "c"', ":2\n  msgid occurs twice in one entry"),
        ('\nmsgid "a"\n', ":2\n  begins an entry that lacks its msgid or its msgstr"),
        ('msgstr "a"\n', ":1\n  begins an entry that lacks"),
        ('msgid "a"\nmsgstr "\\x41"', ":2\n  holds the escape \\x, which is not read"),
    ],
)
def test_errors_name_the_line(path: Path, text: str, said: str) -> None:
    with pytest.raises(UserError) as caught:
        read(path, text)
    assert str(caught.value).removeprefix(str(path)).startswith(said)


def quoted(text: str) -> str:
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return '"' + "".join(escapes.get(char, char) for char in text) + '"'


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff"))


@given(messages=st.lists(st.tuples(TEXT.filter(bool), TEXT)))
def test_what_is_written_comes_back(path: Path, messages: list[tuple[str, str]]) -> None:
    text = "\n".join(f"msgid {quoted(one)}\nmsgstr {quoted(other)}\n" for one, other in messages)
    assert [(row["msgid"], row["msgstr"]) for row in read(path, text)] == messages
