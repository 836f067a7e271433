"""What is told of splits that differ, and of margins that cannot be told."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from harness import building
from harness.drift import differences, drifted, few_groups, power, too_few
from registry.placing.drift import as_json
from tests.worlds import World, table


def manifest(rows: int = 400, **more: Any) -> dict[str, Any]:
    splits = {name: {"rows": rows} for name in ("train", "validation", "test")}
    return {"task": "text-classification", "labels": ["a", "b"], "splits": splits, **more}


def measured(distance: float, p: float | None) -> dict[str, Any]:
    alike = {"distance": 0.0, "p": 1.0}
    test = {"classes": {"distance": distance, "p": p}, "divergence": 0.01, "length": alike}
    return {"drift": {"splits": {"train": {"classes": alike, "divergence": 0.0, "length": alike}, "test": test}}}


def test_every_split_is_told_with_its_classes_and_lengths() -> None:
    found = differences(manifest(**measured(0.12, 0.0004)))
    assert [(one.split, one.what) for one in found] == [
        (split, what) for split in ("train", "test") for what in ("classes", "text lengths")
    ]
    assert str(found[2]) == "classes of test differ by 0.12 (p < 0.001)"
    assert [one.notable for one in found] == [False, False, True, False]


@pytest.mark.parametrize(("distance", "p"), [(0.12, 0.2), (0.01, 0.0), (0.12, None)])
def test_what_chance_explains_is_small_or_cannot_be_compared_is_no_word_worth(distance: float, p: float | None) -> None:
    assert drifted(manifest(**measured(distance, p))) == ""


def test_a_version_of_before_splits_were_measured_says_nothing() -> None:
    assert (differences(manifest()), drifted(manifest())) == ((), "")


def test_a_margin_that_takes_more_rows_is_told_with_how_many() -> None:
    assert too_few(manifest(), 0.02)
    assert power(manifest(), 0.02).startswith("400 test rows tell a difference of 0.0")
    assert power(manifest(), 0.02).endswith(": too few")
    assert not too_few(manifest(), 0.1)
    assert not power(manifest(), 0.1).endswith("too few")
    assert not too_few(manifest(), None)
    assert "margin" not in power(manifest(), None)


def test_with_folds_all_training_rows_count() -> None:
    folded = manifest(folds={"folds": 5, "repeats": 1})
    folded["splits"]["test"]["rows"] = 0
    assert power(folded, None).startswith("400 train rows")
    assert not too_few(folded, 0.1)
    assert power(manifest(0), None).startswith("0 test rows tell no difference")


def test_what_is_measured_is_what_is_told(tmp_path: Path) -> None:
    def found(**splits: tuple[int, str]) -> str:
        files = {name: tmp_path / f"{name}.parquet" for name in splits}
        for name, (bad, text) in splits.items():
            labels = ["bad"] * bad + ["good"] * (100 - bad)
            ids = [f"{name}{n}" for n in range(100)]
            pl.DataFrame({"id": ids, "label": labels, "text": [text] * 100}).write_parquet(files[name])
        return drifted(manifest(100, drift=as_json(files, 0.02)))

    told = found(train=(90, "so many characters"), test=(10, "few"))
    assert "classes of test differ by 0.40 (p < 0.001)" in told
    assert "text lengths of train differ by 0.50 (p < 0.001)" in told
    assert not found(train=(50, "few"), test=(50, "few"))


@pytest.mark.parametrize(("groups", "told"), [(2, "test has 2 groups: "), (20, "")])
def test_intervals_over_few_groups_are_told_to_be_too_narrow(world: World, groups: int, told: str) -> None:
    rows = [(f"what {n} said", ("bad", "good")[n % 2], f"g{n % groups}") for n in range(40)]
    built = world.card(table(*rows, header="text,label,who"), "split: {method: all-test, group: who}\n").build()
    assert few_groups(built.published).startswith(told)
    assert bool(few_groups(built.published)) == bool(told) == ("2 groups: intervals" in building.told(built))


def test_a_line_names_twenty_labels_at_most(world: World) -> None:
    lines = building.told(world.card(table(*((f"text {n}", f"l{n:02d}") for n in range(77)))).build()).splitlines()
    assert [line.split(":")[0] for line in lines if line.endswith("l19 and 57 more")] == ["  labels"]
    assert any("fewer than 10 rows" in line and line.endswith("l19 (1) and 57 more") for line in lines)
