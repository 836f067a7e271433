"""The scorecard of a version that was built from rows with known faults."""

import json

import polars as pl
import pytest

from registry import lock
from registry.audits.finding import FOUND, finding
from registry.audits.kept import keep
from registry.identity import audited
from registry.kinds import AUDITS
from registry.quality import sample as sampling
from registry.quality.facts import facts, measured
from registry.quality.sample import lengths, row_lengths, sample
from registry.quality.scorecard import scorecard
from registry.store import by_digest
from tests.worlds import World, plenty, table

HASH = "split: {method: hash, seed: 5}\n"


def built(world: World, csv: str, more: str = HASH):
    return world.card(csv, more).build().published


def card_of(world: World, version):
    return scorecard(world.catalog.dataset("mine"), version, world.catalog)


def test_duplicates_that_left_and_that_stayed_are_both_counted(world):
    rows = [(f"remark number {n}", ("bad", "good")[n % 2]) for n in range(80)]
    twice = [*rows, *rows[:10]]
    cleaned = card_of(world, built(world, table(*twice), f"clean: [dedupe_exact]\n{HASH}"))
    assert cleaned.measure("exact duplicates").value == pytest.approx(10 / 90)
    assert cleaned.measure("exact duplicates").note == "10 left, 0 stayed"
    left_in = card_of(world, built(world, table(*twice)))
    assert left_in.measure("exact duplicates").note == "0 left, 10 stayed"
    assert "does not look for them" in left_in.measure("near duplicates").reason


def test_every_measure_without_a_value_says_why(world):
    found = card_of(world, built(world, plenty(80)))
    measures = [one for part in found.parts for one in part.measures]
    assert [part.name for part in found.parts] == ["labels", "diversity", "size", "access"]
    assert all(bool(one.reason) == (one.value is None) for one in measures)
    assert all(bool(one.rule) == (one.verdict is not None) for one in measures)
    assert "bench audit mine" in found.measure("suspected label errors").reason


def test_label_errors_are_those_that_the_last_audit_suspects(world):
    version = built(world, plenty(80))
    suspects = pl.DataFrame([{**dict.fromkeys(FOUND), "id": f"r{n}", "measure": 0.9} for n in range(4)], schema=FOUND)
    keep(finding(suspects, 80), world.home, audited("noise", AUDITS.get("noise")()), version.digest)
    found = card_of(world, version).measure("suspected label errors")
    assert found.value == 4 / 80
    assert found.note.startswith("4 of 80 rows")


def test_lengths_are_counted_in_every_row_and_split(world):
    rows = [("x" * 10 + str(n), "a") for n in range(10, 90)] + [("长" * 40, "b")]
    version = built(world, table(*rows))
    found = lengths(row_lengths(version))
    assert sum(sum(counts) for counts in found.rows.values()) == 81
    assert all(len(counts) == len(found.edges) - 1 for counts in found.rows.values())
    assert max(quantiles[-1] for quantiles in found.quantiles.values()) == 40
    assert {quantiles[1] for quantiles in found.quantiles.values()} == {12}
    assert found.edges[0] <= 12
    assert found.edges[-1] > 40


def test_no_order_of_rows_matters(world, monkeypatch):
    monkeypatch.setattr(sampling, "CHARACTERS", 400)
    lines = plenty(80).splitlines()
    there = measured(built(world, plenty(80)))
    back = measured(built(world, "\n".join([lines[0], *reversed(lines[1:])]) + "\n"))
    assert there == back
    assert there.sampled < there.rows == 80


def test_a_sample_is_the_beginning_of_a_larger_one(world, monkeypatch):
    version = built(world, plenty(80))
    whole = sample(version, row_lengths(version)).texts.to_list()
    monkeypatch.setattr(sampling, "CHARACTERS", 200)
    some = sample(version, row_lengths(version)).texts.to_list()
    assert whole[: len(some)] == some
    assert 200 <= sum(map(len, some)) < 220
    monkeypatch.setattr(sampling, "LONGEST", 6)
    assert set(sample(version, row_lengths(version)).texts.str.len_chars()) == {6}


def test_scripts_and_language_are_held_against_the_card(world):
    rows = [(f"房间很干净，服务也好，第{n}次来", ("差", "好")[n % 2]) for n in range(80)]
    found = card_of(world, built(world, table(*rows)))  # the card says en
    assert found.measure("letters in the languages' scripts").value == 0
    assert found.measure("language of the texts").value == "zh"
    assert found.measure("label imbalance").verdict == "good"


def test_facts_are_kept_and_made_again_where_the_memory_is_damaged(world):
    version = built(world, plenty(80))
    first = facts(version, world.home)
    (memory,) = (world.home / "cache" / "quality").iterdir()
    kept = json.loads(memory.read_text())
    memory.write_text(json.dumps({**kept, "words": 7}))
    assert facts(version, world.home).words == 7
    memory.write_text("{")
    assert facts(version, world.home) == first == facts(version, world.home)


def test_a_version_as_locked_rebuilds_bit_for_bit(world):
    version = built(world, plenty(80))
    found = card_of(world, version)
    assert found.measure("rebuilds bit for bit").value == "yes"
    assert found.measure("sources pinned").value == found.measure("sources at hand").value == 1
    entry = lock.entry(world.catalog.project, "mine")
    other = entry.model_copy(update={"content_digest": "0" * 64})
    lock.write(world.catalog.project, lambda whole: whole.model_copy(update={"cards": {"mine": other}}))
    assert card_of(world, version).measure("rebuilds bit for bit").verdict == "poor"


def test_without_an_entry_or_its_file_a_version_cannot_be_made_again(world):
    version = built(world, plenty(80))
    (world.root / "cards.lock").unlink()
    (world.root / "data" / "mine.csv").unlink()
    found = card_of(world, by_digest(world.home, "mine", version.digest))
    assert "no entry" in found.measure("rebuilds bit for bit").reason
    assert (found.measure("sources pinned").verdict, found.measure("sources at hand").verdict) == ("poor", "poor")
    assert "rows" in found.measure("sources at hand").note


@pytest.mark.parametrize(
    ("license", "verdict"),
    [("{spdx: CC0-1.0}", "good"), ("{spdx: MIT, use: research}", "fair"), ("{spdx: NOASSERTION}", "poor")],
)
def test_a_licence_is_judged_by_who_may_use_the_data(world, license, verdict):  # noqa: A002
    version = built(world, plenty(80))
    path = world.root / "cards/datasets/task/mine.yaml"
    path.write_text(path.read_text().replace("{spdx: CC0-1.0}", license))
    assert card_of(world, version).measure("licence").verdict == verdict


def test_pairs_of_texts_are_read_together(world):
    rows = [(f"premise {n}", f"claim {n}", ("no", "yes")[n % 2]) for n in range(80)]
    world.card(table(*rows, header="text,text_pair,label"), HASH)
    path = world.root / "cards/datasets/task/mine.yaml"
    path.write_text(path.read_text().replace("task: text-classification", "task: text-pair"))
    version = world.build().published
    assert "\n" in sample(version, row_lengths(version)).texts[0]
    assert measured(version).words == 80 * 4


def test_near_duplicates_that_left_are_told_apart_from_equal_ones(world):
    said = "the room was clean and the staff were kind to us on every single day of our stay"
    rows = [(f"{n} {'abcdefghijklmnopqrstuvwxyz'[n % 26] * 9} item {n * 7}", ("bad", "good")[n % 2]) for n in range(80)]
    rows += [(said, "good"), (said, "good"), (f"{said} again", "good"), (f"{said} too", "good")]
    found = card_of(world, built(world, table(*rows), f"clean: [dedupe_exact, dedupe_near]\n{HASH}"))
    assert found.measure("exact duplicates").note == "1 left, 0 stayed"
    assert found.measure("near duplicates").value == 2 / 84
