"""How varied texts are, held against texts whose variety is known."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.quality.vocabulary import growth, variety


def words_by_heaps(count: int, factor: float, exponent: float) -> list[str]:
    """A new word wherever the law says that there is one more, the first word again everywhere else."""
    found, seen = [], 0
    for number in range(1, count + 1):
        new = int(factor * number**exponent) > seen
        seen += new
        found.append(f"w{seen}" if new else "w1")
    return found


@pytest.mark.parametrize(("factor", "exponent"), [(1.0, 0.8), (5.0, 0.5), (10.0, 0.4)])
def test_the_law_that_made_the_words_is_found_again(factor, exponent):
    found = growth(pl.Series(words_by_heaps(60_000, factor, exponent)))
    assert found.exponent == pytest.approx(exponent, abs=0.01)
    assert found.factor == pytest.approx(factor, rel=0.1)
    assert found.points[-1][0] == 60_000


def test_a_few_words_have_points_and_no_law():
    found = growth(pl.Series(["a", "b", "a"]))
    assert found.points[-1] == (3, 2)
    assert found.exponent is found.factor is None
    assert growth(pl.Series([], dtype=pl.String)).points == ()


def test_distinct_words_are_a_mean_over_stretches():
    # The first thousand words are all different, the second thousand one and the same.
    texts = pl.Series([" ".join(f"w{n}" for n in range(1000)), " ".join(["again"] * 1000), "cut short"])
    found = variety(texts)
    assert found.words == 2002
    assert found.distinct == {(1, 1000): pytest.approx((1.0 + 0.001) / 2)}


def test_pairs_and_triples_do_not_cross_texts():
    # Within a text there is the one pair "a b"; across texts there would be "b a", too.
    found = variety(pl.Series(["a b"] * 5000))
    assert found.distinct[2, 10_000] == pytest.approx(1 / 5000)
    assert (3, 10_000) not in found.distinct
    alternating = variety(pl.Series(["a b c"] * 4000))
    assert alternating.distinct[3, 10_000] == pytest.approx(1 / 3333)


def test_chinese_counts_characters_and_case_and_width_do_not_count():
    chinese = variety(pl.Series(["房间很干净，服务也好"] * 2))
    assert (chinese.words, chinese.growth.points[-1]) == (18, (18, 9))
    assert variety(pl.Series(["Hello, WORLD", "ｈｅｌｌｏ world!"])).growth.points[-1] == (4, 2)


@given(st.lists(st.text(max_size=12), max_size=30))
def test_any_text_is_counted(texts):
    found = variety(pl.Series(texts, dtype=pl.String))
    assert found.growth.points[-1:] == () or found.growth.points[-1][0] == found.words
    assert all(distinct <= words for words, distinct in found.growth.points)
