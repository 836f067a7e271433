from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from registry.errors import UserError
from registry.readers.xml import Xml

TREE = """<?xml version="1.0"?>
<codes><chapter><name>1</name>
  <diag><name>A</name><desc lang="en">first <b>bold</b> end</desc><note>x</note><note>y</note>
    <diag><name>A.1</name><desc>inner</desc></diag></diag></chapter>
<chapter><name>2</name><diag><name>B</name></diag></chapter></codes>"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tree.xml"


def read(path: Path, data: str | bytes, encoding: str = "utf-8", **options: Any) -> pl.DataFrame:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return Xml(**{"rows": "//p", **options}).read(path, encoding)


def failure(path: Path, data: str | bytes, **options: Any) -> str:
    with pytest.raises(UserError) as caught:
        read(path, data, **options)
    return str(caught.value).removeprefix(str(path))


def test_columns_are_found_from_each_row(path: Path) -> None:
    columns = {
        "code": "name",
        "text": "desc",
        "lang": "desc/@lang",
        "chapter": "ancestor::chapter/name",
        "parent": "parent::diag/name",
        "note": "note",
        "notes": "count(note)",
        "leaf": "not(diag)",
        "value": "number(desc)",
    }
    frame = read(path, TREE, rows="//diag", columns=columns)
    assert frame.columns == list(columns)
    assert frame.rows() == [
        ("A", "first bold end", "en", "1", None, "x", 2.0, False, None),
        ("A.1", "inner", None, "1", "A", None, 0.0, True, None),
        ("B", None, None, "2", None, None, 0.0, True, None),
    ]


def test_without_columns_the_text_of_a_row_is_the_column(path: Path) -> None:
    assert read(path, "<r><p>a<!-- no -->b<?no?></p><p/></r>").to_dict(as_series=False) == {"text": ["ab", ""]}


def test_no_rows_have_the_types_of_many(path: Path) -> None:
    columns = {"text": "a", "n": "count(b)", "ok": "a = b"}
    assert read(path, "<r/>", columns=columns).schema == read(path, "<r><p/></r>", columns=columns).schema


def test_namespaces_are_named_or_passed_by(path: Path) -> None:
    data = '<r xmlns="urn:x"><p>a</p></r>'
    assert read(path, data).height == 0
    assert read(path, data, rows="//x:p", namespaces={"x": "urn:x"})["text"].to_list() == ["a"]
    assert read(path, data, rows="//*[local-name() = 'p']")["text"].to_list() == ["a"]


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ('<?xml version="1.0" encoding="iso-8859-1"?><r><p>é</p></r>'.encode("latin-1"), "utf-8"),
        ('<?xml version="1.0" encoding="UTF-16"?><r><p>é</p></r>'.encode("utf-16"), "utf-8"),
        ("<r><p>é</p></r>".encode("latin-1"), "latin-1"),
        ('<?xml version="1.0" encoding="utf-8"?><r><p>é</p></r>'.encode("latin-1"), "latin-1"),
        ('<?xml version="1.0" encoding="utf-16"?><r><p>é</p></r>'.encode(), "utf-8"),
        ("\ufeff<r><p>é</p></r>".encode(), "utf-8"),
    ],
)
def test_the_document_or_the_card_names_the_encoding(path: Path, data: bytes, encoding: str) -> None:
    assert read(path, data, encoding)["text"].to_list() == ["é"]


def bomb(levels: int, use: str) -> str:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, levels))
    return f'<!DOCTYPE r [<!ENTITY e0 "lol">{entities}]><r>{use.replace("E", f"&e{levels - 1};")}</r>'


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (bomb(9, "<p>E</p>"), "Maximum entity amplification"),
        (bomb(9, '<p a="E"/>'), "Maximum entity amplification"),
        (bomb(2, '<p a="E"/>'), "declares entities"),
        (bomb(2, "<p>E</p>"), "declares entities"),
        ('<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]><r><p>&e;</p></r>', "declares entities"),
        ('<!DOCTYPE r [<!ENTITY % e SYSTEM "http://127.0.0.1:9/e"> %e;]><r><p/></r>', "declares entities"),
        ('<!DOCTYPE r SYSTEM "http://127.0.0.1:9/r.dtd"><r>\n<p>&nbsp;</p></r>', ":2\n  uses the entity &nbsp;"),
        ("<r><p>&nbsp;</p></r>", ":1\n  is not XML that can be read: Entity 'nbsp' not defined"),
        ("<r>" * 300 + "</r>" * 300, "Excessive depth"),
        ("<r><p>a\0b</p></r>", ":1\n  is not XML that can be read"),
        ("<r>\n<p>a</q></r>", ":2\n  is not XML that can be read"),
        ("", "is not XML that can be read"),
        ("<r><p>a</p></r><r/>", "is not XML that can be read"),
        (b"<r><p>\xe9</p></r>", ":1\n  byte 0xe9 at offset 6 is not valid utf-8"),
    ],
)
def test_what_is_broken_or_hostile(path: Path, data: str | bytes, said: str) -> None:
    assert said in failure(path, data)


def test_rows_are_elements(path: Path) -> None:
    for rows in ("//p/text()", "count(//p)", "'x'"):
        assert "finds something else than elements" in failure(path, "<r><p>a</p></r>", rows=rows)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"rows": "//["},
        {"rows": "//x:p"},
        {"rows": "//p", "columns": {}},
        {"rows": "//p", "columns": {"a": "nonsense("}},
        {"rows": "//p", "columns": {"a": "unknown(.)"}},
        {"rows": "//p", "columns": {"a": "document('/etc/passwd')"}},
        {
            "rows": "//p",
            "columns": {"a": "re:test(., 'x')"},
            "namespaces": {"re": "http://exslt.org/regular-expressions"},
        },
        {"rows": "//p", "columns": {"a": "$variable"}},
    ],
)
def test_cards_that_are_wrong(options: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Xml(**options)


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cn", "Cs")))


@given(texts=st.lists(TEXT))
def test_what_is_escaped_comes_back(path: Path, texts: list[str]) -> None:
    data = "<r>" + "".join(f"<p>{escape(text)}</p>" for text in texts) + "</r>"
    assert read(path, data)["text"].to_list() == texts
