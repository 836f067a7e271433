"""What was cleaned once is not cleaned again, and what is kept is never trusted over what it was made from."""

import shutil

import polars as pl
import pytest

from registry.clean.whitespace import Whitespace
from registry.pipeline import cleancache
from registry.pipeline.cleancache import Kept
from registry.pipeline.cleaning import clean
from registry.pipeline.parts import Parts
from registry.pipeline.rows import Origin
from tests.worlds import World, table

ROWS = [(f"text  number {number}", "ab"[number % 2]) for number in range(40)]
CLEAN = "clean: [whitespace, dedupe_exact]\n"


@pytest.fixture
def counted(monkeypatch):
    """How many rows were cleaned."""
    seen = []
    apply = Whitespace.apply
    monkeypatch.setattr(Whitespace, "apply", lambda self, rows: seen.append(rows.height) or apply(self, rows))
    return seen


def test_another_split_or_label_set_cleans_nothing_again(tmp_path, counted):
    world = World(tmp_path).card(table(*ROWS), CLEAN)
    world.build()
    assert sum(counted) == 40
    world.card(table(*ROWS), CLEAN + "split: {method: hash, seed: 14}\n").build()
    world.card(table(*ROWS), CLEAN + "labels: [a, b, c]\n").build()
    assert sum(counted) == 40


def test_other_texts_or_another_op_are_cleaned(tmp_path, counted):
    world = World(tmp_path).card(table(*ROWS), CLEAN)
    world.build()
    world.card(table(*ROWS, ("one more", "a")), CLEAN).build()
    world.card(table(*ROWS), "clean: [whitespace, {length: {min_chars: 5}}]\n").build()
    assert sum(counted) == 40 + 41 + 40


def test_kept_rows_give_the_version_that_cleaning_gives(tmp_path):
    world = World(tmp_path).card(table(*ROWS), CLEAN)
    world.build()
    world.card(table(*ROWS), CLEAN + "split: {method: hash, seed: 14}\n")
    kept = world.build().published.digest
    shutil.rmtree(world.catalog.project.home / cleancache.FOLDER)
    shutil.rmtree(world.catalog.project.home / "versions")
    assert world.build().published.digest == kept


@pytest.mark.parametrize("op", ["{sample: {rows: 30}}", "{balance: {most: 12}}", "dedupe_exact"])
def test_an_op_that_learns_nothing_of_texts_needs_nothing_kept(tmp_path, counted, op):
    world = World(tmp_path).card(table(*ROWS), f"clean: [whitespace, {op}]\n")
    world.build()
    again = world.card(table(*ROWS), f"clean: [whitespace, {op}]\nsplit: {{method: hash, seed: 14}}\n").build()
    assert sum(counted) == again.published.manifest["rows_read"] == 40


@pytest.mark.parametrize("damage", ["rows-00000.parquet", "same.parquet", "kept.json"])
def test_what_is_torn_or_changed_is_made_again(tmp_path, counted, damage):
    world = World(tmp_path).card(table(*ROWS), CLEAN)
    world.build()
    (folder,) = (world.catalog.project.home / cleancache.FOLDER).iterdir()
    content = (folder / damage).read_bytes()
    (folder / damage).write_bytes(content[: len(content) // 2])
    world.card(table(*ROWS), CLEAN + "split: {method: hash, seed: 14}\n").build()
    assert sum(counted) == 80
    assert (folder / damage).read_bytes() == content


def test_who_comes_second_goes_on_with_its_own_parts(tmp_path):
    def cleaned(folder, *parts):
        frames = [pl.DataFrame({"id": list(ids), "text": list(ids)}) for ids in parts]
        (tmp_path / folder).mkdir(parents=True)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("BENCH_MEMORY", "0.001KB")
            return Kept(clean(Parts(tuple(frames)), [], tmp_path / folder), Origin(None, (), {}))

    first = cleancache.keep(cleaned("one", "ab", "cd"), tmp_path, "key", tmp_path / "one")
    second = cleancache.keep(cleaned("two", "a", "bcd"), tmp_path, "key", tmp_path / "two")
    assert pl.concat(first.cleaned.parts)["id"].to_list() == list("abcd")
    assert pl.concat(second.cleaned.parts)["id"].to_list() == list("abcd")
