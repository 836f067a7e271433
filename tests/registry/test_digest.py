"""Identity: what changes a digest and what must not."""

import hashlib
import math

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.digest import canonical, content_digest, digest, file_digest, hashed, row_text
from tests.strategies import plain_data, texts


def one(value, dtype=pl.Float64):
    """The canonical text of a row with one value."""
    return (
        pl.DataFrame({"v": pl.Series([value], dtype=dtype)}).select(row_text(pl.DataFrame(schema={"v": dtype}))).item()
    )


def rows(*triples):
    return pl.DataFrame(triples, schema={"id": pl.String, "text": pl.String, "score": pl.Float64}, orient="row")


def test_the_order_of_keys_does_not_count_and_everything_else_does():
    assert digest({"a": 1, "b": [1, 2]}) == digest({"b": [1, 2], "a": 1})
    assert digest({"a": [1, 2]}) != digest({"a": [2, 1]})
    assert digest({"a": "1"}) != digest({"a": 1})
    assert canonical({"b": "很", "a": None}) == '{"a":null,"b":"很"}'


@given(value=plain_data)
def test_a_digest_is_the_sha256_of_its_canonical_text(value):
    assert digest(value) == hashlib.sha256(canonical(value).encode()).hexdigest()


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_what_json_cannot_say_is_refused(value):
    with pytest.raises(ValueError, match="Out of range"):
        digest({"a": value})


SAME = [
    (0.1 + 0.2, 0.3),
    (0.0, -0.0),
    (1e22, 1e22 * (1 + 1e-13)),
    (-2.5, -2.5000000001),
    (9.999999999e5, 1e6),
    (1e-300, 1.0000000000001e-300),
    (1 / 3, 0.33333333333),
]
DIFFERENT = [
    (0.3, 0.300000001),
    (1.0, -1.0),
    (1e22, 1e21),
    (1e-300, 1e-299),
    (5e-324, 0.0),
    (1e-320, 2e-320),
    (1.7976931348623157e308, 1.7e308),
    (math.inf, -math.inf),
    (math.inf, 1e308),
    (math.nan, 0.0),
    (math.nan, math.inf),
    (0.0, None),
    (1.0, 10.0),
]


@pytest.mark.parametrize(("left", "right"), SAME)
def test_nine_significant_digits_count(left, right):
    assert one(left) == one(right)


@pytest.mark.parametrize(("left", "right"), DIFFERENT)
def test_different_numbers_have_different_texts(left, right):
    assert one(left) != one(right)


@given(value=st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False), ulps=st.integers(-3, 3))
def test_the_text_of_a_number_is_near_the_number(value, ulps):
    mantissa, exponent = one(value).split("e")
    assert len(mantissa.lstrip("-")) <= 9
    assert (
        int(mantissa) * 10.0 ** (int(exponent) - 8) == pytest.approx(value, rel=1e-8)
        or abs(value) > 1e300
        or abs(value) < 1e-290
    )


tables = st.lists(st.lists(st.one_of(st.none(), texts), min_size=2, max_size=2), min_size=2, max_size=2)


@given(pair=tables)
def test_no_separator_inside_text_makes_two_different_rows_equal(pair):
    frame = pl.DataFrame(pair, schema={"a": pl.String, "b": pl.String}, orient="row")
    first, second = frame.select(row_text(frame)).to_series()
    assert (first == second) == (pair[0] == pair[1])


ALIKE = [("\x1f", "\\u"), ("\x1e", "\\r"), (",", "\\c"), (None, "\\N"), ("\\", "\\\\"), ("\\\x1f", "\\\\u"), ("", " ")]


@pytest.mark.parametrize(("left", "right"), ALIKE)
def test_a_text_that_looks_like_an_escape_is_not_what_it_stands_for(left, right):
    assert one(left, pl.String) != one(right, pl.String)
    assert one([left], pl.List(pl.String)) != one([right], pl.List(pl.String))


lists = st.lists(st.one_of(st.none(), st.lists(st.one_of(st.none(), texts), max_size=3)), min_size=2, max_size=2)


@given(pair=lists)
def test_lists_of_texts_are_told_apart_too(pair):
    frame = pl.DataFrame({"a": pl.Series(pair, dtype=pl.List(pl.String))})
    first, second = frame.select(row_text(frame)).to_series()
    assert (first == second) == (pair[0] == pair[1])


@given(
    pair=st.lists(
        st.lists(st.tuples(st.text("ab\x1e\x1f\\", max_size=3), texts), max_size=3, unique_by=lambda row: row[0]),
        min_size=2,
        max_size=2,
    )
)
def test_contents_are_equal_only_where_their_rows_are(pair):
    frames = [pl.DataFrame(rows, schema={"id": pl.String, "text": pl.String}, orient="row") for rows in pair]
    equal = content_digest({"test": frames[0]}) == content_digest({"test": frames[1]})
    assert equal == (sorted(pair[0]) == sorted(pair[1]))


def test_neither_row_order_nor_column_order_nor_chunks_count():
    frame = rows(("a", "x", 1.0), ("b", "y", 2.0), ("c", "z", None))
    expected = content_digest({"train": frame})
    assert content_digest({"train": frame.reverse()}) == expected
    assert content_digest({"train": frame.select("score", "text", "id")}) == expected
    assert content_digest({"train": pl.concat([frame[:1], frame[1:]], rechunk=False)}) == expected
    assert content_digest({"test": frame[:0], "train": frame}) == expected


def test_the_split_of_a_row_counts_and_so_do_names_of_columns():
    frame = rows(("a", "x", 1.0), ("b", "y", 2.0))
    assert content_digest({"train": frame}) != content_digest({"test": frame})
    assert content_digest({"train": frame[:1], "test": frame[1:]}) != content_digest(
        {"train": frame[1:], "test": frame[:1]}
    )
    assert content_digest({"train": frame}) != content_digest({"train": frame.rename({"text": "word"})})


def test_a_float32_column_has_the_digest_of_the_same_float64_values():
    values = [0.5, -1.25, 3.0]
    narrow, wide = (
        pl.DataFrame({"id": ["a", "b", "c"], "v": pl.Series(values, dtype=dtype)}) for dtype in (pl.Float32, pl.Float64)
    )
    assert content_digest({"test": narrow}) == content_digest({"test": wide})


@given(values=st.lists(st.one_of(st.none(), texts), max_size=6), salt=st.text("ab:1", max_size=5))
def test_a_hashed_column_is_sha256_of_salt_separator_value(values, salt):
    expected = [
        None if value is None else hashlib.sha256(f"{salt}\x1f{value}".encode()).hexdigest() for value in values
    ]
    assert hashed(pl.Series(values, dtype=pl.String), salt).to_list() == expected


def test_many_hashes_keep_their_order():
    values = [str(number) for number in range(50_000)]
    found = hashed(pl.Series(values), "s")
    for number in (0, 1, 2_048, 49_999):
        assert found[number] == hashlib.sha256(f"s\x1f{number}".encode()).hexdigest()


def test_a_file_has_the_digest_of_its_bytes(tmp_path):
    (tmp_path / "x").write_bytes(b"\x00bytes")
    assert file_digest(tmp_path / "x") == hashlib.sha256(b"\x00bytes").hexdigest()
