"""How alike splits are, and when a difference is only chance."""

import json
import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.placing.drift import as_json, chi_square_tail, detectable, drift, kolmogorov_tail
from registry.power import rows_needed
from tests.worlds import plenty

labels = st.lists(st.sampled_from("abc"), min_size=1, max_size=40)


def split(found, length=3):
    lengths = length if isinstance(length, list) else [length] * len(found)
    return pl.DataFrame({"label": found, "length": lengths}, schema={"label": pl.String, "length": pl.UInt32})


@given(found=labels, copies=st.integers(1, 5))
def test_equal_splits_do_not_drift(found, copies):
    for told in drift({"train": split(found * copies), "test": split(found)}).values():
        assert told.classes.distance == pytest.approx(0, abs=1e-12)
        assert told.divergence == pytest.approx(0, abs=1e-12)
        assert told.length.distance == 0
        assert told.classes.p in (None, pytest.approx(1))


def test_the_distance_is_the_share_of_rows_that_would_have_to_change():
    told = drift({"train": split(["a"] * 60 + ["b"] * 20), "test": split(["b"] * 20)})
    # Of all rows 60 % are a and 40 % b.
    assert told["train"].classes.distance == pytest.approx(0.15)
    assert told["test"].classes.distance == pytest.approx(0.6)
    # Half of the bits that a and b, told apart by their mean, would take.
    mean = (0.3, 0.7)
    bits = 0.5 * math.log2(1 / 0.7) + 0.5 * (0.6 * math.log2(0.6 / mean[0]) + 0.4 * math.log2(0.4 / mean[1]))
    assert told["test"].divergence == pytest.approx(bits)
    assert told["test"].classes.p < 1e-6


def test_the_chance_of_classes_is_that_of_the_textbook():
    """Fisher's 2 x 2 table [[10, 20], [30, 40]] has a chi-square of 0.7937 without correction."""
    told = drift({"train": split(["a"] * 30 + ["b"] * 40), "test": split(["a"] * 10 + ["b"] * 20)})
    assert told["test"].classes.p == pytest.approx(0.372998, abs=1e-6)
    assert told["train"].classes.p == pytest.approx(told["test"].classes.p)


def test_longer_texts_in_one_split_are_seen():
    told = drift({"train": split(["a"] * 90, [10] * 90), "test": split(["a"] * 10, [30] * 10)})
    assert told["test"].length.distance == pytest.approx(0.9)
    assert told["test"].length.p < 1e-3
    assert told["test"].classes.p is None


def test_a_small_split_is_no_alarm_when_rows_were_drawn_by_chance():
    random = np.random.default_rng(3)
    everything = list(random.choice(["a", "b", "c"], 400, p=[0.6, 0.3, 0.1]))
    alarms = 0
    for _ in range(100):
        order = random.permutation(400)
        drawn = [everything[place] for place in order]
        alarms += drift({"train": split(drawn[20:]), "test": split(drawn[:20])})["test"].classes.p < 0.05
    assert alarms <= 12


@given(one=labels, other=labels)
def test_every_number_lies_within_its_range(one, other):
    for told in drift({"train": split(one), "test": split(other, 9)}).values():
        assert 0 <= told.classes.distance <= 1
        assert 0 <= told.divergence <= 1
        assert 0 <= told.length.distance <= 1
        assert all(value is None or 0 <= value <= 1 for value in (told.classes.p, told.length.p))


@pytest.mark.parametrize(
    ("statistic", "freedom", "tail"), [(3.841459, 1, 0.05), (5.991465, 2, 0.05), (16.918978, 9, 0.05), (0, 4, 1)]
)
def test_the_chi_square_tail_is_that_of_printed_tables(statistic, freedom, tail):
    assert chi_square_tail(statistic, freedom) == pytest.approx(tail, abs=1e-6)


@pytest.mark.parametrize(("statistic", "tail"), [(1.358, 0.05), (1.628, 0.01), (0.01, 1)])
def test_the_kolmogorov_tail_is_that_of_printed_tables(statistic, tail):
    assert kolmogorov_tail(statistic) == pytest.approx(tail, abs=1e-3)


def test_rows_with_several_labels_count_for_each():
    both = pl.DataFrame({"label": [["a", "b"], ["a"]], "length": [1, 2]})
    only = pl.DataFrame({"label": [["b"], ["b"]], "length": [1, 2]})
    assert drift({"train": both, "test": only})["test"].classes.distance == pytest.approx(0.4)


def test_what_the_test_split_can_tell_is_held_against_the_margin():
    assert detectable(500, 0.02).needed == rows_needed(0.02)
    assert detectable(500, 0.02).smallest > 0.02
    assert detectable(3, None) == (3, None, None, None)


def test_the_manifest_gets_plain_json_from_the_written_files(tmp_path):
    texts = {"train": ["one", "two"], "validation": [], "test": ["three"]}
    files = {name: tmp_path / f"{name}.parquet" for name in texts}
    for name, found in texts.items():
        table = {"text": found, "label": ["a" for _ in found]}
        pl.DataFrame(table, schema=dict.fromkeys(table, pl.String)).write_parquet(files[name])
    told = as_json(files, 0.05)
    assert json.loads(json.dumps(told)) == told
    assert list(told["splits"]) == ["train", "test"]
    assert told["splits"]["test"]["length"]["distance"] == 0.666667
    assert told["test"] == {"rows": 1, "smallest": None, "margin": 0.05, "needed": rows_needed(0.05)}


def test_a_build_reports_it(world):
    built = world.card(plenty(200), "margin: 0.5\nsplit: {method: stratified}\n").build().published
    told = built.manifest["drift"]
    assert {name: told["splits"][name]["classes"]["distance"] for name in told["splits"]} == {
        "train": 0,
        "validation": 0,
        "test": 0,
    }
    assert told["test"]["rows"] == 20
    assert told["test"]["needed"] == rows_needed(0.5)


def test_a_split_in_which_no_row_has_a_label_differs_from_one_in_which_all_have_one():
    train = pl.DataFrame({"label": [["a"], ["a", "b"], ["b"]], "length": [1, 1, 1]})
    test = pl.DataFrame({"label": [[], []], "length": [1, 1]}, schema={"label": pl.List(pl.String), "length": pl.Int64})
    found = drift({"train": train, "test": test})
    assert found["test"].classes.distance == pytest.approx(4 / 6)
    assert 0 < found["test"].divergence <= 1
