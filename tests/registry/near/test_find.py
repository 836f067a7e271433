"""Finding near-duplicates: all but few of those there are, and nothing else."""

import random
from collections.abc import Sequence

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.near import crowd, find
from registry.near.find import between, within
from registry.near.shingle import Shingle
from tests.registry.near.reference import clusters, jaccard, like

HEAD = "this list is moderated; to leave it write to its owner, who answers on working days only: "
PLAIN = Shingle()
Pairs = dict[tuple[int, int], float]


def words(seed: int, count: int) -> list[str]:
    draw = random.Random(seed)
    return ["".join(draw.choices("abcdefghijklmnop", k=draw.randint(2, 8))) for _ in range(count)]


def texts(count: int, seed: int = 1) -> list[str]:
    """Random sentences, each fourth one an edited copy of the one before."""
    draw, known, made = random.Random(seed), words(seed, 300), []
    for number in range(count):
        if number % 4 == 3:
            place = draw.randrange(len(made[-1]))
            made.append(made[-1][:place] + draw.choice(["", "x", "yz "]) + made[-1][place + 1 :])
        else:
            made.append(" ".join(draw.choices(known, k=draw.randint(1, 14))))
    return list(dict.fromkeys(made))


def pairs(some: Sequence[str], threshold: float = 0.8, shingle: Shingle = PLAIN) -> Pairs:
    found = within(pl.Series(some, dtype=pl.String), threshold, shingle)
    return {(left, right): value for left, right, value in found.iter_rows()}


@pytest.mark.parametrize("threshold", [0.4, 0.6, 0.8, 0.95, 1.0])
def test_nearly_all_like_pairs_are_found_and_no_other(threshold: float) -> None:
    some = texts(200)
    expected, found = like(some, threshold, Shingle()), pairs(some, threshold)
    assert found.items() <= expected.items()
    assert len(found) >= 0.97 * len(expected) > 0 or threshold == 1


def test_chinese_texts_are_like_by_pairs_of_characters() -> None:
    draw = random.Random(3)
    some = ["".join(draw.choices("的一是在不了有和人这中大为上个国我以要他", k=40)) for _ in range(40)]
    some += [text[:20] + "好" + text[21:] for text in some[:20]]
    assert pairs(some) == like(some, 0.8, Shingle()) != {}
    assert set(pairs(some)) >= {(place, 40 + place) for place in range(20)}


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(alphabet="ab 汉", max_size=9), unique=True, max_size=12))
def test_short_and_empty_texts_are_told_apart(some: list[str]) -> None:
    assert pairs(some).items() <= like(some, 0.8, Shingle()).items()


def test_the_order_of_texts_does_not_matter() -> None:
    some = texts(200)
    order = random.Random(5).sample(range(len(some)), len(some))
    found = {(some[left], some[right]) for left, right in pairs(some)}
    shuffled = [some[place] for place in order]
    assert {frozenset((shuffled[left], shuffled[right])) for left, right in pairs(shuffled)} == {
        frozenset(pair) for pair in found
    }


def test_two_sets_are_compared_across_only_and_equal_texts_count() -> None:
    left, right = texts(80, seed=1), texts(80, seed=2)
    right[7], right[9] = left[3], left[4] + "!"
    found = between(pl.Series(left), pl.Series(right), 0.8, Shingle())
    expected = {
        (one, other): value
        for one, text in enumerate(left)
        for other, like_it in enumerate(right)
        if (value := jaccard(text, like_it, Shingle())) >= 0.8
    }
    assert {(one, other): value for one, other, value in found.iter_rows()} == expected
    assert expected[3, 7] == 1


def test_nothing_is_like_nothing() -> None:
    empty = pl.Series([], dtype=pl.String)
    assert within(empty, 0.8, Shingle()).is_empty()
    assert between(empty, pl.Series(["a"]), 0.8, Shingle()).is_empty()
    assert between(empty, empty, 0.8, Shingle()).is_empty()
    assert between(pl.Series(["a"]), pl.Series(["a"]), 0.8, Shingle()).rows() == [(0, 0, 1.0)]


def crowds() -> dict[str, list[str]]:
    """Texts that share so much that every bucket holds nearly all of them."""
    plain, draw = texts(150, seed=7), random.Random(7)
    return {
        "boilerplate": [HEAD + text[:40] for text in plain],
        "boilerplate, some with little else": [HEAD + text[: draw.randint(2, 40)] for text in plain],
        "numbers only differ": [f"your order {number * 7919 % 10**6:06d} has left our house" for number in range(120)],
        "few letters": ["".join(draw.choices("ab", k=30)) for _ in range(80)],
        "one long, many short": ["x" * 3000, *(f"{HEAD}{number}" for number in range(80)), ""],
    }


@pytest.mark.parametrize("name", crowds())
@pytest.mark.parametrize("bucket", [0, 2048])
def test_a_crowd_has_the_clusters_that_comparing_all_with_all_gives(
    name: str, bucket: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(find, "BUCKET", bucket)
    some = list(dict.fromkeys(crowds()[name]))
    expected, found = like(some, 0.8, Shingle()), pairs(some)
    assert found.items() <= expected.items()
    assert clusters(len(some), found) == clusters(len(some), expected)


@pytest.mark.parametrize("name", crowds())
def test_whoever_has_a_like_text_across_a_crowd_is_in_a_pair(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find, "BUCKET", 0)
    monkeypatch.setattr(crowd, "GROUP", 8)
    some = list(dict.fromkeys(crowds()[name]))
    left, right = some[::2], some[1::2]
    found = between(pl.Series(left), pl.Series(right), 0.8, Shingle())
    expected = {pair for pair in like([*left, *right], 0.8, Shingle()) if pair[0] < len(left) <= pair[1]}
    assert {(one, len(left) + other) for one, other, _ in found.iter_rows()} <= expected
    assert set(found["left"]) == {one for one, _ in expected}
    assert set(found["right"]) == {other - len(left) for _, other in expected}


def test_small_groups_and_several_passes_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    some = list(dict.fromkeys(crowds()["boilerplate, some with little else"]))
    expected = clusters(len(some), like(some, 0.8, Shingle()))
    monkeypatch.setattr(find, "BUCKET", 0)
    monkeypatch.setattr(crowd, "GROUP", 8)
    monkeypatch.setattr(crowd, "ENTRIES", 1000)
    assert clusters(len(some), pairs(some)) == expected
