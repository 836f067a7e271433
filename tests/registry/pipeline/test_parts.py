"""Tables in parts: what is done with them does not depend on how much memory there is."""

from itertools import chain, pairwise

import polars as pl
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.errors import UserError
from registry.pipeline import parts
from registry.pipeline.parts import Parts, ahead, budget, gathered, in_memory, merged, ordered


def frame(*ids):
    rows = {"id": list(ids), "text": [f"text of {one}" for one in ids]}
    return pl.DataFrame(rows, schema={"id": pl.String, "text": pl.String})


@pytest.mark.parametrize(("written", "size"), [("2GB", 2 * 10**9), ("512MiB", 2**29), (" 1.5 gb ", 15 * 10**8)])
def test_the_memory_limit_is_read_from_the_environment(monkeypatch, written, size):
    monkeypatch.setenv("BENCH_MEMORY", written)
    assert budget() == size


@pytest.mark.parametrize("written", ["2", "lots", "-1GB", "2 TB"])
def test_what_is_no_size_is_refused(monkeypatch, written):
    monkeypatch.setenv("BENCH_MEMORY", written)
    with pytest.raises(UserError, match="BENCH_MEMORY"):
        budget()


@given(st.lists(st.lists(st.integers(0, 999), max_size=9), min_size=1, max_size=6), st.integers(1, 5), st.booleans())
def test_rows_come_in_order_of_id_from_memory_and_from_disk(tmp_path_factory, runs, rows, spill):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "ROWS", rows * 4 * len(runs))
        patch.setenv("BENCH_MEMORY", "0.001KB" if spill else "1GB")
        frames = [frame(*(f"{one:03}" for one in run)) for run in runs]
        found = list(ordered(frames, tmp_path_factory.mktemp("runs")))
    ids = [one["id"].to_list() for one in found]
    assert list(chain(*ids)) == sorted(f"{one:03}" for run in runs for one in run)
    assert all(before[-1] < after[0] for before, after in pairwise(ids)), "equal ids come together"


def test_what_is_too_much_for_memory_lies_in_files(tmp_path, monkeypatch):
    monkeypatch.setenv("BENCH_MEMORY", "0.1KB")
    held = gathered([frame("1"), frame("2", "3"), frame("4")], tmp_path)
    assert [path.name for path in held.held] == ["00000.parquet", "00001.parquet", "00002.parquet"]
    assert held.heights == (1, 2, 1)
    assert held.columns(["id"])["id"].to_list() == ["1", "2", "3", "4"]
    assert [one["id"].to_list() for one in held] == [["1"], ["2", "3"], ["4"]]


def test_a_column_that_a_part_lacks_is_null_there():
    held = Parts((frame("1"), frame("2").drop("text")), {"id": pl.String(), "text": pl.String()})
    assert pl.concat(held)["text"].to_list() == ["text of 1", None]


def test_rows_stand_beside_those_of_another_table():
    held = Parts((frame("1"), frame("2", "3")))
    others = pl.DataFrame({"n": [1, 2, 3]})
    found = list(held.beside(others, lambda part, beside: (part["id"].to_list(), beside["n"].to_list())))
    assert found == [(["1"], [1]), (["2", "3"], [2, 3])]


def test_files_are_read_side_by_side_with_the_names_of_their_splits(tmp_path):
    for name, ids in {"train": "ace", "test": "bd", "validation": ""}.items():
        frame(*ids).write_parquet(tmp_path / f"{name}.parquet")
    names = ["train", "validation", "test"]
    (found,) = merged([tmp_path / f"{name}.parquet" for name in names], names)
    assert found.select("id", "split").rows() == list(zip("abcde", ["train", "test"] * 2 + ["train"], strict=True))


def test_threads_give_results_in_order_and_errors_at_once():
    assert list(ahead(lambda number: number * 2, range(50))) == list(range(0, 100, 2))
    with pytest.raises(ZeroDivisionError):
        list(ahead(lambda number: 1 / number, [2, 1, 0, 1]))


def test_a_table_without_rows_is_one_part_without_rows():
    empty = frame("1").clear()
    assert in_memory(empty).heights == (0,)
    assert [one.height for one in ordered([empty], None)] == [0]


def test_a_file_that_is_held_knows_its_rows_without_being_read(tmp_path):
    frame("1", "2").write_parquet(tmp_path / "x.parquet")
    assert pq.read_metadata(tmp_path / "x.parquet").num_rows == Parts((tmp_path / "x.parquet",)).heights[0] == 2
