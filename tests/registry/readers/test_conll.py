from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from registry.errors import UserError
from registry.readers.conll import Conll


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "sentences.conll"


def read(path: Path, text: str, **options: Any) -> pl.DataFrame:
    path.write_bytes(text.encode())
    return Conll(**{"columns": ["tokens", "tags"], **options}).read(path, "utf-8")


@pytest.mark.parametrize(
    ("text", "options", "sentences"),
    [
        ("EU B-ORG\nrejects O\n\nGo O\n", {}, [(["EU", "rejects"], ["B-ORG", "O"]), (["Go"], ["O"])]),
        ("\r\n\r\na O\r\n \t\r\nb  \t O", {}, [(["a"], ["O"]), (["b"], ["O"])]),
        ("a b\tO\n\t\nb\tO\n\t\n", {"delimiter": "\t"}, [(["a b"], ["O"]), (["b"], ["O"])]),
        ("\tO\n", {"delimiter": "\t"}, [([""], ["O"])]),
        ("\u3000 O\n\xa0 O\n", {}, [(["\u3000", "\xa0"], ["O", "O"])]),
        ("# id 1 2\na O\n# O\n\n#tag O\n", {"comment": "# "}, [(["a", "#"], ["O", "O"]), (["#tag"], ["O"])]),
        ("# O\n", {}, [(["#"], ["O"])]),
        ("", {}, []),
        ("\n \n", {}, []),
    ],
)
def test_sentences(path: Path, text: str, options: dict[str, Any], sentences: list[Any]) -> None:
    frame = read(path, text, **options)
    assert frame.schema == {"tokens": pl.List(pl.String), "tags": pl.List(pl.String)}
    assert frame.rows() == sentences


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a O\n\nb\n", ":3\n  has 1 column, but 2 are named"),
        ("a O O\n", ":1\n  has 3 columns, but 2 are named"),
    ],
)
def test_errors_name_the_line(path: Path, text: str, said: str) -> None:
    with pytest.raises(UserError) as caught:
        read(path, text)
    assert str(caught.value).removeprefix(str(path)).startswith(said)


@pytest.mark.parametrize("options", [{}, {"columns": []}, {"columns": ["a", "a"]}, {"columns": ["a"], "delimiter": ""}])
def test_cards_that_are_wrong(options: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Conll(**options)


TOKEN = st.text(st.characters(codec="utf-8", exclude_characters=" \t\r\n\ufeff\0"), min_size=1, max_size=4)
SENTENCES = st.lists(st.lists(st.tuples(TOKEN, TOKEN), min_size=1, max_size=4), max_size=4)


@given(sentences=SENTENCES, gap=st.sampled_from(["\n", "\n\n", "\t\n", "\r\n"]))
def test_what_is_written_comes_back(path: Path, sentences: list[list[tuple[str, str]]], gap: str) -> None:
    text = gap.join("".join(f"{token}\t{tag}\n" for token, tag in sentence) for sentence in sentences)
    rows = read(path, text, delimiter="\t").rows()
    assert [list(zip(*row, strict=True)) for row in rows] == sentences
