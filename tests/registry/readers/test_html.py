from pathlib import Path
from typing import Any

import polars as pl
import pytest
from pydantic import ValidationError

from registry.errors import UserError
from registry.readers.html import Html

PAGE = """<!DOCTYPE html><html><head><title>T</title><style>p {}</style></head><body>
<div class="section"><h2><a id="one"></a>1. First</h2><p>a &amp; b<script>evil()</script><p>c<br>d
<div class="section"><h3 id="two">2. Second</h3><table><tr><td>x<td>y</table></div></div></body>"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "page.html"


def read(path: Path, data: str | bytes, encoding: str = "utf-8", **options: Any) -> pl.DataFrame:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return Html(**{"rows": "//p", **options}).read(path, encoding)


def test_paragraphs_by_their_place(path: Path) -> None:
    frame = read(path, PAGE, columns={"text": ".", "nth": "count(preceding::p) + 1"})
    assert frame.rows() == [("a & b", 1.0), ("c\nd\n", 2.0)]


def test_sections_with_anchors_and_titles(path: Path) -> None:
    columns = {"id": "(.//h2|.//h3)[1]//@id", "title": "(.//h2|.//h3)[1]", "body": "normalize-space(.)"}
    frame = read(path, PAGE, rows="//div[@class='section']", columns=columns)
    assert frame.rows() == [
        ("one", "1. First", "1. First a & b c d 2. Second x y"),
        ("two", "2. Second", "2. Second x y"),
    ]


@pytest.mark.parametrize("data", ["", "  \n", "<!-- nothing -->", "plain text"])
def test_a_page_without_rows(path: Path, data: str) -> None:
    assert read(path, data, rows="//li", columns={"n": "count(b)"}).schema == {"n": pl.Float64}


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("<p>a\0b", "a�b"),
        ("<p>a\x01<br>\x02b", "a\x01\x02b"),
        ("<p>&foo; &lt; &#x4e2d; &nbsp;", "&foo; < 中 \xa0"),
        ("<p>a<b>b<i>c</b>d</i>", "abcd"),
        ("<div>" * 1_000 + "<p>deep", "deep"),
        ("<p><textarea><script>x</script></textarea>", "<script>x</script>"),
    ],
)
def test_pages_as_browsers_take_them(path: Path, data: str, text: str) -> None:
    assert read(path, data)["text"].to_list() == [text]


def test_what_would_be_cut_off_is_refused(path: Path) -> None:
    with pytest.raises(UserError, match="is not HTML that can be read: Excessive depth"):
        read(path, "<div>" * 5_000 + "<p>deep")


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ('<meta charset="gb2312"><p>中'.encode("gb2312"), "utf-8"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=gbk"><p>中'.encode("gbk"), "utf-8"),
        ("<p>中".encode("gbk"), "gbk"),
    ],
)
def test_the_page_or_the_card_names_the_encoding(path: Path, data: bytes, encoding: str) -> None:
    assert read(path, data, encoding)["text"].to_list() == ["中"]


def test_a_wrong_encoding_is_an_error(path: Path) -> None:
    with pytest.raises(UserError, match="is not valid utf-8"):
        read(path, b"<p>\xe9")
    with pytest.raises(UserError, match='unknown encoding "nonsense"'):
        read(path, b'<meta charset="nonsense"><p>a')


@pytest.mark.parametrize("options", [{"rows": "p["}, {"rows": "//p", "columns": {"a": "text("}}])
def test_cards_that_are_wrong(options: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="is no XPath"):
        Html(**options)
