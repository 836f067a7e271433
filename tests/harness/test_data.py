"""Which rows a run sees: folds that hide nothing and show nothing twice, limits that nest."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from pydantic import ValidationError

from harness.data import data, in_force
from harness.folds import Fold, Folds
from harness.spec import Limits, RunSpec
from registry.digest import file_digest
from registry.split import SPLITS
from registry.store import Published

FOLDS = Folds(4, 2)


def version(folder: Path, **splits: pl.DataFrame) -> Published:
    """Files as a build publishes them, and as much of a manifest as a run reads."""
    empty = next(iter(splits.values())).clear()
    frames = {name: splits.get(name, empty) for name in SPLITS}
    for name, frame in frames.items():
        frame.write_parquet(folder / f"{name}.parquet")
    facts = {name: {"rows": frame.height, "labels": Counter(frame["label"])} for name, frame in frames.items()}
    checksums = {name: file_digest(folder / f"{name}.parquet") for name in frames}
    return Published(folder, {"content_digest": "f" * 64, "splits": facts, "checksums": checksums})


def rows(count: int = 200, **columns: Iterable[Any]) -> pl.DataFrame:
    """Three bad ones for each good one, in folds that take turns, and in other ones the second time."""
    made = {
        "id": [f"r{n:03d}" for n in range(count)],
        "text": [f"text number {n}" for n in range(count)],
        "label": ["good" if n % 4 == 0 else "bad" for n in range(count)],
        "fold_1": [n % FOLDS.folds for n in range(count)],
        "fold_2": [n * 7 // 3 % FOLDS.folds for n in range(count)],
    }
    return pl.DataFrame({**made, **columns})


def spec(fold: Fold | None = None, seed: int = 1, **limits: int) -> RunSpec:
    return RunSpec("mine", "f" * 64, "majority", seed, fold, Limits(**limits), {})


def ids(frame: pl.DataFrame) -> set[str]:
    return set(frame["id"])


@pytest.mark.parametrize("repeat", [1, 2])
def test_every_row_is_tested_once_by_a_model_that_has_not_seen_it(tmp_path: Path, repeat: int) -> None:
    published, everything = version(tmp_path, train=rows()), ids(rows())
    found = [data(spec(Fold(repeat, number)), published) for number in range(FOLDS.folds)]
    assert sorted(one for part in found for one in part.test["id"]) == sorted(everything)
    for part in found:
        assert ids(part.train) | ids(part.validation) | ids(part.test) == everything
        assert part.train.height + part.validation.height + part.test.height == len(everything)
        assert all(frame["id"].is_sorted() for frame in part)


def test_a_tenth_of_the_training_rows_is_for_validation_in_every_fold_the_same(tmp_path: Path) -> None:
    published = version(tmp_path, train=rows(2000))
    first, second = (data(spec(Fold(1, number)), published) for number in (0, 1))
    share = first.validation.height / (first.validation.height + first.train.height)
    assert 0.07 < share < 0.13
    assert ids(first.validation) - ids(second.test) == ids(second.validation) - ids(first.test)


@pytest.mark.parametrize("column", ["group", "cluster"])
def test_rows_that_belong_together_are_for_validation_together(tmp_path: Path, column: str) -> None:
    published = version(tmp_path, train=rows(**{column: [str(n // 5) for n in range(200)]}))
    found = data(spec(Fold(1, 0)), published)
    assert found.validation.height
    assert not set(found.validation[column]) & set(found.train[column])


def test_rows_tied_by_a_text_a_group_and_a_cluster_in_turn_are_for_validation_together(tmp_path: Path) -> None:
    chained = rows(
        960,
        text=[f"text {n}" if n % 6 else f"Text  {n // 12 * 12}" for n in range(960)],
        group=[str(n // 3) for n in range(960)],
        cluster=pl.Series([n // 6 if n % 6 in (2, 3) else None for n in range(960)], dtype=pl.UInt32),
        fold_1=[n // 12 % 4 for n in range(960)],
    )
    found = data(spec(Fold(1, 0)), version(tmp_path, train=chained))
    twelves = [{int(one[1:]) // 12 for one in frame["id"]} for frame in found]
    assert found.validation.height
    assert not twelves[0] & twelves[1]


def test_a_row_of_no_cluster_goes_by_its_id(tmp_path: Path) -> None:
    published = version(tmp_path, train=rows(cluster=pl.Series([None] * 200, dtype=pl.UInt32)))
    assert 0 < data(spec(Fold(1, 0)), published).validation.height < 50


def test_validation_rows_that_are_published_are_used_as_they_are(tmp_path: Path) -> None:
    kept, others = rows().filter(pl.col("id") < "r020"), rows().filter(pl.col("id") >= "r020")
    published = version(tmp_path, train=others, validation=kept)
    found = data(spec(Fold(1, 0)), published)
    assert found.validation.equals(kept)
    assert found.train.height + found.test.height == others.height


def test_test_rows_beside_folds_are_left_alone(tmp_path: Path) -> None:
    kept, others = rows().filter(pl.col("id") < "r020"), rows().filter(pl.col("id") >= "r020")
    found = data(spec(Fold(1, 0)), version(tmp_path, train=others, test=kept))
    assert not ids(kept) & (ids(found.train) | ids(found.validation) | ids(found.test))


def test_so_many_of_each_class_and_other_ones_for_another_seed(tmp_path: Path) -> None:
    published = version(tmp_path, train=rows(), test=rows().head(8))
    two, four = (data(spec(per_class=count), published) for count in (2, 4))
    assert Counter(four.train["label"]) == {"bad": 4, "good": 4}
    assert ids(two.train) < ids(four.train)
    assert four.train["id"].is_sorted()
    assert ids(data(spec(seed=2, per_class=4), published).train) != ids(four.train)
    assert four.test.height == 8


def test_a_class_with_fewer_rows_gives_all_it_has(tmp_path: Path) -> None:
    published = version(tmp_path, train=rows(40))
    assert Counter(data(spec(per_class=20), published).train["label"]) == {"bad": 20, "good": 10}


def test_a_limit_applies_to_what_a_fold_learns_from(tmp_path: Path) -> None:
    published = version(tmp_path, train=rows())
    for limits, height in (({"train": 30}, 30), ({"per_class": 3}, 6)):
        found = data(spec(Fold(2, 1), **limits), published)
        assert found.train.height == height
        assert not ids(found.train) & (ids(found.test) | ids(found.validation))


def test_limits_that_leave_every_row_in_are_none(tmp_path: Path) -> None:
    manifest = version(tmp_path, train=rows(40)).manifest
    assert in_force(Limits(train=39), manifest) == Limits(train=39)
    assert in_force(Limits(train=40), manifest) == in_force(Limits(), manifest) == Limits()
    assert in_force(Limits(per_class=29), manifest) == Limits(per_class=29)
    assert in_force(Limits(per_class=30), manifest) == Limits()


def test_two_ways_to_limit_the_same_rows_are_refused() -> None:
    with pytest.raises(ValidationError, match="write one of them"):
        Limits(train=100, per_class=16)
