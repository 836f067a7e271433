import pytest

from registry.errors import clipped
from registry.kinds import READERS
from registry.reading.formats import glob_regex, guess


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a/x.tsv", ("csv", {"delimiter": "\t"})),
        ("X.CSV", ("csv", {})),
        ("in.zip!x.jsonl", ("jsonl", {})),
        ("x.ndjson", ("jsonl", {})),
        ("x.parquet", ("parquet", {})),
        ("x.txt", ("text", {})),
        ("x.json", ("json", {})),
        ("locale/zh.po", ("po", {})),
        ("a.eml", ("mail", {})),
        ("a.mbox", ("mail", {"mbox": True})),
        ("x.wav", ("wav", {})),
        ("x.csv.gz", ("csv", {})),
        ("x.JSONL.ZST", ("jsonl", {})),
        ("x.tsv.xz", ("csv", {"delimiter": "\t"})),
        ("x.tar.gz", None),
        ("x.gz", None),
        (".gz", None),
        ("csv", None),
        ("", None),
    ],
)
def test_a_suffix_tells_the_format(name: str, expected: tuple[str, dict[str, object]] | None) -> None:
    found = guess(name)
    assert found == expected
    if found:
        READERS.get(found.format)(**found.options)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("中文 é😀", "中文 é😀"),
        ("\x1b[31m\r\n\t\0", r"\x1b[31m\r\n\t\x00"),
        ("\u202e\u2028\ufeff\ud800", r"\u202e\u2028\ufeff\ud800"),
        ("x" * 300, "x" * 197 + "..."),
    ],
)
def test_foreign_text_cannot_write_to_the_terminal(text: str, shown: str) -> None:
    assert clipped(text) == shown


@pytest.mark.parametrize(
    ("pattern", "fitting", "others"),
    [
        ("*a*b", ["ab", "aab", "xabab"], ["a/ab", "aba"]),
        ("**a*b", ["a/ab", "a/b/ab"], ["a/b"]),
        ("**/a/**/b", ["a/b", "x/a/y/a/b"], ["a/xb", "xa/b"]),
        ("**/a**a", ["aa", "x/a/a", "aa/a"], ["a", "ba"]),
        ("*/x*/**/y", ["a/x/y", "a/xx/b/c/y"], ["a/y", "a/b/x/y"]),
        ("a*b**/c", ["abc", "abbc", "ab/c", "axb/d/c"], ["ab/dc", "a/bc"]),
    ],
)
def test_stars_take_what_lets_the_rest_fit(pattern: str, fitting: list[str], others: list[str]) -> None:
    fits = glob_regex(pattern).fullmatch
    assert [name for name in (*fitting, *others) if fits(name)] == fitting


@pytest.mark.parametrize("pattern", ["*a*a*a*a*a*b", "**a**a**a**a**b", "x/*a*a*a*a*a*/**/b"])
def test_a_long_name_is_not_tried_in_every_way(pattern: str) -> None:
    assert glob_regex(pattern).fullmatch("x/" * pattern.startswith("x") + "a" * 4_000) is None
