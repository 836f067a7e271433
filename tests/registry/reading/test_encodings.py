"""Encodings that a card leaves to its files."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from registry.card import SourceSpec
from registry.errors import UserError
from registry.reading.encodings import chosen, is_choice

FRENCH = "Le cœur a ses raisons que la raison ne connaît point ; on le sait en mille choses. Été, forêt, façade. " * 5
CHINESE = "自然语言处理是人工智能领域的一个重要方向，研究人与计算机之间用自然语言进行有效通信的理论和方法。" * 5


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "text"


@pytest.mark.parametrize(
    ("data", "declared", "expected"),
    [
        (b"\xff", "utf-8", "utf-8"),
        ("é".encode(), ["utf-8", "cp1252"], "utf-8"),
        ("é".encode("cp1252"), ["utf-8", "cp1252"], "cp1252"),
        (b"\xe9\x81", ["utf-8", "cp1252", "latin-1"], "latin-1"),
        ("ab".encode("utf-16-le"), ["utf-8", "utf-16-le"], "utf-16-le"),
        (b"", ["utf-8", "cp1252"], "utf-8"),
        (CHINESE.encode(), "detect", "utf-8"),
        (CHINESE.encode("gb18030"), "detect", "gb18030"),
        (FRENCH.encode("cp1252"), "detect", "cp1252"),
        (FRENCH.encode("utf-16"), "detect", "utf_16"),
        (b"ascii", "detect", "utf-8"),
    ],
)
def test_the_first_that_fits_or_the_detected_one(
    path: Path, data: bytes, declared: str | list[str], expected: str
) -> None:
    path.write_bytes(data)
    assert chosen(path, declared) == expected


def test_a_file_that_fits_none(path: Path) -> None:
    path.write_bytes(b"a\x81")
    with pytest.raises(UserError, match="fits none of the encodings utf-8, cp1252"):
        chosen(path, ("utf-8", "cp1252"))


def test_a_file_in_which_nothing_is_detected(path: Path) -> None:
    path.write_bytes(bytes(range(256)) * 20)
    with pytest.raises(UserError, match="in no encoding that can be detected"):
        chosen(path, "detect")


def test_a_file_that_is_not_there_fits_nothing_by_accident(path: Path) -> None:
    for declared in (["utf-8", "latin-1"], "detect"):
        with pytest.raises(UserError, match="No such file"):
            chosen(path, declared)


@pytest.mark.parametrize("declared", ["utf-8", "detect", ["utf-8"], ["utf-8", "cp1252"], ("gbk",)])
def test_encodings_that_a_card_may_write(declared: object) -> None:
    spec = SourceSpec(origin=None, origin_kind="local", encoding=declared)  # type: ignore[arg-type]
    assert is_choice(spec.encoding) == (declared != "utf-8")


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ("utf-9", 'unknown encoding "utf-9"'),
        (["utf-8", "hex"], 'unknown encoding "hex"'),
        (["utf-8", "detect"], 'unknown encoding "detect"'),
        ([], "must name an encoding"),
        ({"a": "b"}, "must be an encoding such as utf-8"),
        ([["utf-8"]], "must be an encoding such as utf-8"),
    ],
)
def test_encodings_that_are_wrong_are_one_mistake_in_the_card(declared: object, said: str) -> None:
    with pytest.raises(ValidationError, match=said) as caught:
        SourceSpec(origin=None, origin_kind="local", encoding=declared)  # type: ignore[arg-type]
    assert caught.value.errors()[0]["loc"] == ("encoding",)
    assert caught.value.error_count() == 1
