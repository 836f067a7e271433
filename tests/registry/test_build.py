"""Whole builds: what is kept, what is found again, and what a crash leaves behind."""

import errno
import json
import os
import re
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry import atomic
from registry import build as builder
from registry.clean.whitespace import Whitespace
from registry.errors import GateError, UserError
from registry.pipeline import making
from registry.progress import Silent
from tests.strategies import words
from tests.worlds import plenty, table

HASH = "split: {method: hash}\n"
RACE = """
import sys, pathlib
from registry import build, project
from registry.catalog import Catalog
sys.stdin.readline()
print(build.build("mine", Catalog(project.at(pathlib.Path(sys.argv[1]))), offline=True).published.digest)
"""


def splits(built):
    return {name: pl.read_parquet(built.published.split(name)) for name in ("train", "validation", "test")}


def exploding(*arguments, **named):
    raise AssertionError("nothing should be read again")


def files(world, pattern="**/*"):
    return sorted(path.relative_to(world.home).as_posix() for path in world.home.glob(pattern) if path.is_file())


lines = st.lists(
    st.tuples(
        st.one_of(st.just(""), st.just("  "), words, words.map(str.upper)),
        st.sampled_from(["bad", "good", ""]),
    ),
    max_size=25,
)


@settings(max_examples=25)
@given(found=lines, conflict=st.sampled_from(["drop", "pool"]), method=st.sampled_from(["hash", "all-test"]))
def test_kept_and_dropped_add_up_to_read_whatever_the_data(fresh_world, found, conflict, method):
    world = fresh_world()
    always = [(f"word {n}", label) for n in range(30) for label in [("bad", "good")[n % 2]]]
    ratios = ", ratios: {train: 0.5, validation: 0, test: 0.5}" if method == "hash" else ""
    more = (
        "select: SELECT text, nullif(label, '') AS label FROM rows\n"
        f"clean: [whitespace, {{length: {{min_chars: 2}}}}, {{dedupe_exact: {{conflict: {conflict}}}}}]\n"
        f"split: {{method: {method}{ratios}}}\n"
    )
    built = world.card(table(*always, *found), more).build()
    manifest = built.published.manifest
    left = pl.read_parquet(built.published.folder / "ledger.parquet")
    kept = pl.concat(splits(built).values())
    assert manifest["rows_read"] == len(always) + len(found) == kept.height + left.height
    assert sum(count for _, _, count in manifest["ledger"]) == left.height
    assert left["reason"].null_count() == left["op"].null_count() == 0
    assert set(kept["id"]).isdisjoint(left["id"])
    assert set(left["duplicate_of"].drop_nulls()) <= set(kept["id"])
    assert Counter(kept["text"].str.to_lowercase()).most_common(1)[0][1] == 1
    assert not any(manifest["audit"]["violations"].values())


@pytest.mark.parametrize("conflict", ["drop", "pool", "refuse"])
def test_a_row_without_a_label_neither_replaces_nor_contradicts_a_labelled_one(world, conflict):
    select = "select: SELECT text, nullif(label, '') AS label FROM rows\n"
    more = f"{select}clean: [{{dedupe_exact: {{conflict: {conflict}}}}}]\n"
    built = world.card(table(("a", "good"), ("A", ""), (" a", ""), ("b", "bad")), more).build()
    assert splits(built)["test"].select("text", "label").sort("text").rows() == [("a", "good"), ("b", "bad")]
    assert built.published.manifest["ledger"] == [["labels", "no label", 2]]


def test_equal_texts_in_two_splits_leave_only_the_strictest(world):
    """Without dedupe and with declared ids, equal texts do fall into different splits."""
    rows = [(str(n), f"text {n // 4}", ("bad", "good")[n // 4 % 2]) for n in range(240)]
    built = world.card(table(*rows, header="id,text,label"), HASH).build()
    texts = [set(frame["text"]) for frame in splits(built).values()]
    assert not texts[0] & texts[1] | texts[0] & texts[2] | texts[1] & texts[2]
    left = pl.read_parquet(built.published.folder / "ledger.parquet")
    assert set(left["reason"]) == {"same text in test", "same text in validation"}
    assert set(left["op"]) == {"split"}
    assert left["duplicate_of"].null_count() == 0
    assert built.published.manifest["audit"]["observations"]["rows that repeat a text of their split"] > 0


def test_an_unchanged_build_is_found_and_nothing_is_read_again(world, monkeypatch):
    first = world.card(plenty(), HASH).build()
    before = files(world)
    monkeypatch.setattr(making, "read", exploding)
    second = world.build()
    assert first.fresh
    assert not second.fresh
    assert second.published == first.published
    assert not second.lock_changed
    assert files(world) == before


@pytest.mark.parametrize(
    "change",
    [
        ("title: A table", "title: Another table"),
        ("license: {spdx: CC0-1.0}", "license: {spdx: MIT, note: n}"),
        ("languages: [en]", "languages: [zh, en]\ncitation: c\ndomain: film\nmetrics: [mcc]"),
        ("{method: hash}", "{method: hash, seed: 13, ratios: {train: 0.8, validation: 0.1, test: 0.1}}"),
        ("local: data/mine.csv", "local: {path: data/mine.csv}"),
        ("task: text-classification\n", "task: text-classification\nclean: []\n"),
    ],
)
def test_what_changes_no_row_keeps_the_version(world, change):
    first = world.card(plenty(), HASH).build()
    card = world.root / "cards/datasets/task/mine.yaml"
    assert change[0] in card.read_text()
    world.write({"cards/datasets/task/mine.yaml": card.read_text().replace(*change)})
    assert not (again := world.build()).fresh
    assert again.published.digest == first.published.digest


@pytest.mark.parametrize(
    "more",
    [
        "split: {method: hash, seed: 14}\n",
        "split: {method: all-test}\n",
        f"clean: [whitespace]\n{HASH}",
        f"labels: [good, bad]\n{HASH}",
        f"select: SELECT * FROM rows\n{HASH}",
    ],
)
def test_what_can_change_rows_is_another_build(world, more):
    first = world.card(plenty(), HASH).build()
    second = world.card(plenty(), more).build()
    assert second.fresh
    assert second.published.manifest["build_key"] != first.published.manifest["build_key"]


def test_other_source_bytes_are_another_build_and_the_old_one_is_found_again(world):
    first = world.card(plenty(60), HASH).build()
    second = world.card(plenty(61), HASH).build()
    third = world.card(plenty(60), HASH).build()
    assert (first.fresh, second.fresh, third.fresh) == (True, True, False)
    assert third.published == first.published
    assert builder.locate("mine", world.catalog) == first.published


@settings(max_examples=6)
@given(data=st.data())
def test_neither_the_order_of_rows_nor_that_of_keys_nor_comments_count(fresh_world, data):
    rows = [(f"remark {n // 3}", ("bad", "good")[(n // 3 + (n % 3 == 0)) % 2]) for n in range(60)]
    more = (
        "clean:\n- length: {max_chars: 99, min_chars: 2}\n- dedupe_exact: {conflict: pool}\n"
        "split: {seed: 3, ratios: {train: 0.4, test: 0.3, validation: 0.3}, method: hash}\n"
    )
    first = fresh_world().card(table(*rows), more).build().published
    world = fresh_world().card(table(*data.draw(st.permutations(rows))), more)
    card = world.root / "cards/datasets/task/mine.yaml"
    blocks = re.split(r"\n(?=\w)", card.read_text().rstrip())
    shuffled = data.draw(st.permutations(blocks))
    comments = data.draw(
        st.lists(st.sampled_from(["# a remark\n", "\n", "#\n"]), min_size=len(blocks), max_size=len(blocks))
    )
    card.write_text("".join(f"{comment}{block}\n" for comment, block in zip(comments, shuffled, strict=True)))
    second = world.build().published
    assert second.digest == first.digest
    ours, theirs = first.manifest["identity"], second.manifest["identity"]
    assert {**ours, "sources": 0} == {**theirs, "sources": 0}
    assert list(splits_of(first)["id"]) == list(splits_of(second)["id"])


def splits_of(published):
    return pl.concat([published.read(name) for name in ("train", "validation", "test")])


def test_a_promised_split_that_comes_out_empty_is_refused(world):
    with pytest.raises(UserError, match=r"no row is left for .*: 2 rows of 2 stayed"):
        world.card(table(("a", "x"), ("d", "y")), "split: {method: hash, seed: 5}\n").build()


@pytest.mark.parametrize("gate", ["", ", agreement: {at_least: 0.6}"])
def test_a_card_that_nobody_answered_is_refused_with_what_begins_it(world, gate):
    card = f"annotation: {{question: Which?{gate}}}\nlabels: [bad, good]\nsplit: {{method: hash}}\n"
    with pytest.raises(UserError, match="nobody has answered yet; `bench annotate label mine --as NAME` or") as refused:
        world.card("text\n" + "".join(f"text {n}\n" for n in range(40)), card).build()
    assert refused.value.exit_code == 2
    world.card(
        "text,label\n" + "".join(f"text {n},{('bad', 'good')[n % 2]}\n" for n in range(60)), card.replace(gate, "")
    )
    assert world.build().published.manifest["rows_kept"] == 60


def test_rows_that_share_their_key_are_the_reason_that_a_split_is_empty(world):
    same = table(*((f"review number {n}", ("bad", "good")[n % 2], "one") for n in range(60)), header="text,label,who")
    with pytest.raises(UserError, match=r"60 rows of 60 stayed, with 1 key; rows of one key stay together") as refused:
        world.card(same, "split: {method: hash, group: who}\n").build()
    assert "Add rows with other keys" in refused.value.do


def test_a_version_depends_on_nothing_but_its_inputs(world, fresh_world):
    here = world.card(plenty(), HASH).build()
    there = fresh_world().card(plenty(), HASH).build()
    assert there.published.manifest == here.published.manifest
    assert str(world.root) not in json.dumps(here.published.manifest)


def test_an_exception_leaves_no_staging_folder_and_no_version(world, monkeypatch):
    world.card(plenty(), HASH)
    monkeypatch.setattr(making, "audit", exploding)
    with pytest.raises(AssertionError):
        world.build()
    assert not list((world.home / "staging").iterdir())
    assert files(world, "versions/**/*") == []


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_a_disk_that_is_full_or_read_only_is_one_user_error(world, monkeypatch, number):
    def refuses(*arguments, **named):
        raise OSError(number, os.strerror(number))

    world.card(plenty(), HASH)
    with monkeypatch.context() as broken:
        broken.setattr(pl.DataFrame, "write_parquet", refuses)
        with pytest.raises(UserError) as refused:
            world.build()
    assert "writing to the store failed" in str(refused.value)
    assert "BENCH_HOME" in refused.value.do
    assert not list((world.home / "staging").iterdir())
    assert files(world, "versions/**/*") == []
    assert world.build().fresh, "the same command works once that is mended"


def test_a_disk_that_fills_while_the_manifest_is_written_publishes_nothing(world, monkeypatch):
    def refuses(path, text):
        raise OSError(errno.ENOSPC, "No space left on device")

    world.card(plenty(), HASH)
    monkeypatch.setattr(atomic, "write_text", refuses)
    with pytest.raises(UserError, match="Free some space"):
        world.build()
    assert files(world, "versions/**/*") == []


def test_a_store_that_is_a_file_is_told_plainly(world):
    world.card(plenty(), HASH).write({"home": "not a folder"})
    with pytest.raises(UserError, match="writing to the store failed"):
        world.build()


def test_a_project_whose_lock_cannot_be_written_is_told_plainly(world, monkeypatch):
    (world.card(plenty(), HASH).root / "cards.lock").mkdir()
    with pytest.raises(UserError):
        world.build()


def test_two_processes_that_build_the_same_both_succeed(world):
    world.card(plenty(), HASH)
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", RACE, str(world.root)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for racer in racers:
        racer.stdin.write("go\n")
        racer.stdin.flush()
    digests = {racer.communicate()[0].strip() for racer in racers}
    assert [racer.returncode for racer in racers] == [0, 0]
    assert digests == {world.build().published.digest}
    assert len(list((world.home / "versions" / "mine").iterdir())) == 1
    assert not list((world.home / "staging").iterdir())


class Losing(Whitespace):
    def apply(self, rows):
        return rows.head(rows.height - 1)


class Repeating(Whitespace):
    def apply(self, rows):
        return pl.concat([rows, rows.head(1)])


class Renaming(Whitespace):
    def apply(self, rows):
        return rows.with_columns(id=pl.col("id") + "x")


@pytest.mark.parametrize("op", [Losing, Repeating, Renaming])
def test_an_op_that_changes_which_rows_there_are_is_a_bug_with_a_name(world, monkeypatch, op):
    world.card(plenty(), "clean: [whitespace]\n")
    monkeypatch.setattr("registry.clean.whitespace.Whitespace", op)
    with pytest.raises(RuntimeError, match="whitespace changed which rows there are: 60 before"):
        world.build()
    assert files(world, "versions/**/*") == []


def test_the_representative_of_a_duplicate_is_a_row_that_stays(world):
    """x1 stands for x2 and leaves itself: for z, whose text a later op makes the same, or for nothing."""
    rows = [("1", "x", "good"), ("2", "X", "good"), ("3", "&#120;", "good"), ("4", "ab", "bad"), ("5", "AB", "bad")]
    more = "clean: [dedupe_exact, unescape_html, dedupe_exact, {length: {max_chars: 1}}]\nlabels: [bad, good]\n"
    built = world.card(table(*reversed(rows), header="id,text,label"), more).build()
    left = pl.read_parquet(built.published.folder / "ledger.parquet").sort("id")
    assert left.select("id", "reason", "duplicate_of").rows() == [
        ("2", "duplicate", "1"),
        ("3", "duplicate", "1"),
        ("4", "over 1 characters", None),
        ("5", "duplicate", None),
    ]


def test_a_chain_of_representatives_is_followed_to_its_end(world):
    """2 leaves for 1 by dedupe, then 1 for a row of the test split whose text became the same."""
    words = [(f"{n}", f"w{n}", ("bad", "good")[n % 2]) for n in range(200)]
    world.card(table(*words, header="id,text,label"), HASH)
    where = {row: name for name, frame in splits(world.build()).items() for row in frame["id"]}
    train = [row for row, name in where.items() if name == "train"]
    first, second = sorted(train[:2])
    test = next(row for row, name in where.items() if name == "test")
    same = {first: "same", second: "SAME", test: "&#115;ame"}
    rows = [(row, same.get(row, text), "good" if row in same else label) for row, text, label in words]
    more = f"clean: [dedupe_exact, unescape_html]\n{HASH}"
    built = world.card(table(*rows, header="id,text,label"), more).build()
    left = pl.read_parquet(built.published.folder / "ledger.parquet")
    assert left.select("id", "reason", "duplicate_of").sort("reason").rows() == [
        (second, "duplicate", test),
        (first, "same text in test", test),
    ]


def test_a_failed_gate_holds_for_versions_that_were_built_before(world):
    card = (
        'select: "SELECT text, label::INTEGER[] AS ratings FROM rows"\n'
        "annotation: {question: q, scale: {min: 0, max: 5}, votes: ratings, agreement: {at_least: AT}}\n"
        'labels: {from: {bad: "aggregate < 2", good: "aggregate >= 2"}}\n'
    )
    lines = table(("a", "[1, 2]"), ("b", "[4, 2]"), ("c", "[0, 1]"))
    built = world.card(lines, card.replace("AT", "-1")).build()
    assert builder.locate("mine", world.catalog) == built.published
    world.card(more=card.replace("AT", "0.99"))
    with pytest.raises(GateError, match=r"below the 0\.99 that the card asks for") as refused:
        builder.locate("mine", world.catalog)
    with pytest.raises(GateError) as again:
        world.build()
    assert str(again.value) == str(refused.value)


class Writer(Silent):
    """Somebody who adds a row to the table when its reading begins."""

    def __init__(self, path):
        self.path = path

    @contextmanager
    def step(self, name, total=None, unit=""):
        with self.path.open("a") as file:
            file.write("one more,good\n")
        with super().step(name, total, unit) as step:
            yield step


def test_what_is_locked_is_what_was_read(world):
    world.card(plenty(), HASH)
    with pytest.raises(UserError, match="rows changed while it was read"):
        builder.build("mine", world.catalog, progress=Writer(world.root / "data/mine.csv"))
    assert not (world.root / "cards.lock").exists()
    assert not (world.home / "versions").exists()
    assert world.build().fresh


def test_an_audit_that_asks_for_leaks_is_given_the_columns_that_the_task_does_not_read(world):
    rows = [(f"text number {n} {n * 7919 % 1000}", "ab"[n % 2], f"part-{'ab'[n % 2]}.txt") for n in range(400)]
    card = "audit: [leaks]\nsplit: {method: hash}\n"
    built = world.card(table(*rows, header="text,label,file"), card).build().published
    found = json.dumps(built.manifest["audit"]["asked"])
    assert "the column file" in found
    assert built.read("train").columns == ["id", "text", "label"]
    world.card(table(*rows, header="text,label,file"), "split: {method: hash}\n")
    assert world.build().published.digest == built.digest
