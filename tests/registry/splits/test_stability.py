"""The promise of stable splits, told with whole builds."""

import json
import os
import random
import subprocess
import sys

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.worlds import plenty, table

HASH = "split: {method: hash}\n"
BUILD = """
import sys, json, pathlib
from registry import build, project
from registry.catalog import Catalog
built = build.build("mine", Catalog(project.at(pathlib.Path(sys.argv[1]))), offline=True)
sizes = {name: facts["rows"] for name, facts in built.published.manifest["splits"].items()}
print(json.dumps([built.published.digest, sizes]))
"""


def where_rows_are(built):
    """text -> split, of a published version."""
    return {
        text: name
        for name in ("train", "validation", "test")
        for text in pl.read_parquet(built.published.split(name))["text"].to_list()
    }


@pytest.mark.parametrize("threads", ["1", "7"])
def test_threads_row_order_and_process_do_not_change_a_version(world, threads):
    more = f"clean: [whitespace, dedupe_exact]\n{HASH}"
    lines = [(f"  text number {n % 250}", "good" if n % 3 else "bad") for n in range(400)]
    expected = world.card(table(*lines), more).build().published
    random.Random(threads).shuffle(lines)
    world.write({"data/mine.csv": table(*lines)})
    (world.root / "cards.lock").unlink()
    environment = {
        **os.environ,
        "POLARS_MAX_THREADS": threads,
        "PYTHONHASHSEED": threads,
        "OMP_NUM_THREADS": threads,
    }
    told = subprocess.run(
        [sys.executable, "-c", BUILD, str(world.root)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    digest, sizes = json.loads(told.stdout)
    assert digest == expected.digest
    assert sizes == {name: facts["rows"] for name, facts in expected.manifest["splits"].items()}


def test_data_that_grows_or_is_corrected_moves_no_other_row(world):
    world.card(plenty(80), HASH)
    before = where_rows_are(world.build())
    world.write(
        {
            "data/mine.csv": table(
                ("quite new", "good"),
                *((f"review number {n}", "bad" if n == 5 else "good") for n in range(120)),
                ("another", "bad"),
            )
        }
    )
    after = where_rows_are(world.build())
    assert {text: after[text] for text in before} == before


def test_cleaning_does_not_change_where_a_row_goes(world):
    lines = table(*((f"Review  &amp; number {n}", ("bad", "good")[n % 2]) for n in range(80)))
    plain = where_rows_are(world.card(lines, HASH).build())
    cleaned = where_rows_are(world.card(lines, f"clean: [unescape_html, whitespace]\n{HASH}").build())
    assert sorted(plain.values()) == sorted(cleaned.values())
    assert all(cleaned[text.replace("  &amp;", " &")] == split for text, split in plain.items())


def test_a_declared_id_is_the_key_and_the_text_may_change(world):
    def lines(word):
        return table(*((str(n), f"{word} {n}", ("bad", "good")[n % 2]) for n in range(80)), header="id,text,label")

    before = where_rows_are(world.card(lines("first"), HASH).build())
    after = where_rows_are(world.card(lines("second"), HASH).build())
    assert {text.split()[1]: split for text, split in before.items()} == {
        text.split()[1]: split for text, split in after.items()
    }


@settings(max_examples=8)
@given(groups=st.lists(st.integers(0, 25), max_size=40), seed=st.integers(0, 50))
def test_a_group_is_never_torn(fresh_world, groups, seed):
    world = fresh_world()
    authors = [*range(26), *groups]
    lines = [(f"text {n}", ("bad", "good")[n % 2], f"author {author}") for n, author in enumerate(authors)]
    halves = f"split: {{method: hash, group: author, seed: {seed}, ratios: {{train: 0.5, validation: 0, test: 0.5}}}}\n"
    world.card(table(*lines, header="text,label,author"), halves)
    frames = {name: pl.read_parquet(world.build().published.split(name)) for name in ("train", "test")}
    assert not set(frames["train"]["group"]) & set(frames["test"]["group"])
    assert frames["train"].height + frames["test"].height == len(lines)
