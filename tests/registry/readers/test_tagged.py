from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from registry.errors import UserError
from registry.readers.tagged import Tagged


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tagged.txt"


def read(path: Path, text: str, **options: Any) -> pl.DataFrame:
    path.write_bytes(text.encode())
    return Tagged(**options).read(path, "utf-8")


@pytest.mark.parametrize(
    ("text", "options", "sentences"),
    [
        ("\n\n\tThe/at jury/nn ./.\n\n\t1/2/cd\n", {}, [(["The", "jury", "."], ["at", "nn", "."]), (["1/2"], ["cd"])]),
        ("江/nr  泽民/nr\r\n", {}, [(["江", "泽民"], ["nr", "nr"])]),
        ("\u3000/w", {}, [(["\u3000"], ["w"])]),
        ("a_b_N .|_P", {"separator": "_"}, [(["a_b", ".|"], ["N", "P"])]),
        ("a||N", {"separator": "||"}, [(["a"], ["N"])]),
        ("", {}, []),
    ],
)
def test_sentences(path: Path, text: str, options: dict[str, Any], sentences: list[Any]) -> None:
    frame = read(path, text, **options)
    assert frame.schema == {"tokens": pl.List(pl.String), "tags": pl.List(pl.String)}
    assert frame.rows() == sentences


@pytest.mark.parametrize("item", ["word", "word/", "/tag", "a/b/"])
def test_an_item_without_a_token_or_a_tag(path: Path, item: str) -> None:
    with pytest.raises(UserError) as caught:
        read(path, f"a/b\n\nc/d {item}\n")
    assert f':3\n  "{item}" is no token, "/" and tag' in str(caught.value)


@pytest.mark.parametrize("options", [{"columns": ["a"]}, {"columns": ["a", "a"]}, {"separator": ""}])
def test_cards_that_are_wrong(options: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Tagged(**options)


TOKEN = st.text(st.characters(codec="utf-8", exclude_characters=" \t\r\n\ufeff\0"), min_size=1, max_size=4)
TAG = st.text("abc-$", min_size=1, max_size=3)


@given(sentences=st.lists(st.lists(st.tuples(TOKEN, TAG), min_size=1, max_size=4), max_size=4))
def test_what_is_written_comes_back(path: Path, sentences: list[list[tuple[str, str]]]) -> None:
    rows = read(path, "\n".join(" ".join(f"{token}/{tag}" for token, tag in one) for one in sentences)).rows()
    assert [list(zip(*row, strict=True)) for row in rows] == sentences
