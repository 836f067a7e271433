"""What a build says of the difference to the version that was locked before."""

import re
import shutil

import pytest

from registry.versions import changes
from tests.worlds import plenty, table

HASH = "split: {method: hash}\n"
OPS = "clean: [whitespace, {length: {min_chars: 3}}, dedupe_exact]\n"
VOTED = """\
select: "SELECT text, label::INTEGER[] AS ratings FROM rows"
annotation: {question: q, scale: {min: 0, max: 5}, votes: ratings, agreement: {at_least: -1}}
labels: {from: {bad: "aggregate < 2", good: "aggregate >= 2"}}
"""


def told(built):
    return [change.text for change in built.changes]


@pytest.fixture
def locked(world):
    world.card(plenty(), OPS + HASH).build()
    return world


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (OPS + HASH, []),
        (OPS.replace("3", "5") + HASH, ["clean > length > min_chars 3 -> 5"]),
        (OPS.replace("{length: {min_chars: 3}}", "length") + HASH, ["clean > length > min_chars 3 -> default"]),
        (OPS.replace("whitespace, ", "") + HASH, ["clean > whitespace removed"]),
        (OPS.replace("whitespace", "normalize, whitespace") + HASH, ["clean > normalize added"]),
        (
            "clean: [{length: {min_chars: 3}}, whitespace, dedupe_exact]\n" + HASH,
            ["clean: another order: whitespace, length, dedupe_exact -> length, whitespace, dedupe_exact"],
        ),
        (
            OPS.replace("dedupe_exact", "dedupe_exact, whitespace") + HASH,
            ["clean > whitespace (2) added"],
        ),
        (OPS + "split: {method: hash, seed: 14}\n", ["split > seed default -> 14"]),
        (OPS + "split: {method: all-test}\n", ["split > method hash -> all-test"]),
        (OPS + HASH + "labels: [good, bad]\n", ['labels added: {"names": ["good", "bad"]}']),
        (OPS + HASH + "select: SELECT * FROM rows\n", ["select default -> SELECT * FROM rows"]),
    ],
)
def test_every_step_that_changed_is_named(locked, more, said):
    assert told(locked.card(more=more).build()) == said
    assert told(locked.build()) == []


def test_the_first_build_changed_nothing(world):
    assert told(world.card(plenty(), HASH).build()) == []


def test_without_the_old_version_the_steps_are_named_alone(locked):
    shutil.rmtree(locked.home)
    said = told(locked.card(more=OPS.replace("3", "5") + "split: {method: all-test}\n").build())
    assert said == [
        f"{name} changed (the locked version is not in this store: no details)" for name in ("clean", "split")
    ]


def test_files_that_changed_came_and_went_are_told_one_by_one(world):
    world.card(more=HASH).write({f"data/{name}.csv": plenty(60) for name in "ab"})
    card = (world.root / "cards/datasets/task/mine.yaml").read_text()
    world.write({"cards/datasets/task/mine.yaml": card.replace("data/mine.csv", "data/*.csv")}).build()
    world.write({"data/a.csv": plenty(61), "data/c.csv": plenty(62)})
    (world.root / "data/b.csv").unlink()
    shown = [re.sub(r"[0-9a-f]{8}\.\.\.", "HASH", text) for text in told(world.build())]
    assert shown == [
        "source rows: data/a.csv HASH -> HASH",
        "source rows: data/b.csv HASH -> none",
        "source rows: data/c.csv none -> HASH",
    ]


def test_a_file_of_another_name_with_the_same_bytes_is_said_to_be_that(locked):
    (locked.root / "data/mine.csv").rename(locked.root / "data/other.csv")
    card = (locked.root / "cards/datasets/task/mine.yaml").read_text()
    again = locked.write({"cards/datasets/task/mine.yaml": card.replace("mine.csv", "other.csv")}).build()
    assert told(again) == [
        "source rows > local > path data/mine.csv -> data/other.csv",
        "source rows: files renamed, the same bytes: data/other.csv",
    ]
    assert again.before == again.published.digest


def test_how_a_source_is_read_and_sources_that_come_and_go(locked):
    card = (locked.root / "cards/datasets/task/mine.yaml").read_text()
    sources = "{rows: {local: data/mine.csv, format: {csv: {quote: none}}}, more: {local: data/more.csv}}"
    locked.write({"data/more.csv": plenty(3)})
    select = "select: SELECT text, label FROM rows UNION ALL SELECT text, label FROM more\n"
    locked.write({"cards/datasets/task/mine.yaml": re.sub("sources: .*", f"sources: {sources}", card) + select})
    said = told(locked.build())
    assert said == [
        'source more added: {"local": {"path": "data/more.csv"}}',
        "source rows > reader > quote default -> null",
        "select default -> SELECT text, label FROM rows UNION ALL SELECT text, label...",
    ]


def test_votes_and_rules_are_named_too(world):
    rows = table(*((f"text {n}", f"[{n % 5}, {n % 4}]") for n in range(30)))
    world.card(rows, VOTED).build()
    rule = VOTED.replace("< 2", "< 3").replace(">= 2", ">= 3").replace("max: 5", "max: 6")
    assert told(world.card(more=rule).build()) == [
        "annotation > scale > max 5.0 -> 6.0",
        "labels > rules > bad aggregate < 2 -> aggregate < 3",
        "labels > rules > good aggregate >= 2 -> aggregate >= 3",
    ]


ASKED = """\
select: "SELECT text, string_split(label, ' ') AS ratings FROM rows"
annotation: {question: q, votes: ratings, MORE}
labels: [bad, good]
"""
VOTES = table(*((f"text {n}", ("good good bad", "bad bad good")[n % 2]) for n in range(30)))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("migrations: {fine: good}", "migrations: {fine: good, awful: bad}", "migrations > awful added: bad"),
        ("migrations: {fine: good, awful: bad}", "migrations: {fine: good}", "migrations > awful removed"),
        ("migrations: {fine: good}", "migrations: {fine: bad}", "migrations > fine good -> bad"),
        ("agreement: {level: nominal}", "agreement: {measure: gwet-ac1}", "agreement > level nominal -> none"),
    ],
)
def test_what_is_asked_of_the_votes_is_named_in_words(world, before, after, said):
    world.card(VOTES, ASKED.replace("MORE", before)).build()
    assert f"annotation > {said}" in told(world.card(more=ASKED.replace("MORE", after)).build())


def test_guidelines_are_told_by_their_file(world):
    world.write({"cards/guidelines/one.md": "Read.\n", "cards/guidelines/two.md": "Think.\n"})
    world.card(VOTES, ASKED.replace("MORE", "ties: drop")).build()
    said = []
    for name, text in (("one", "Read.\n"), ("one", "Read twice.\n"), ("two", "Think.\n")):
        world.write({f"cards/guidelines/{name}.md": text})
        world.card(more=ASKED.replace("MORE", f"guidelines: cards/guidelines/{name}.md"))
        said += told(world.build())
    assert [re.sub(r"[0-9a-f]{8}\.\.\.", "HASH", text) for text in said] == [
        "guidelines: none -> cards/guidelines/one.md HASH",
        "guidelines: cards/guidelines/one.md HASH -> HASH",
        "guidelines: cards/guidelines/one.md HASH -> cards/guidelines/two.md HASH",
    ]


def test_of_a_long_query_the_first_other_line_is_shown(world):
    query = "select: |\n  SELECT text,\n    label\n  FROM rows\n"
    world.card(plenty(), query + HASH).build()
    (text,) = told(world.card(more=query.replace("    label", "    trim(label) AS label") + HASH).build())
    assert text == "select changed, first in line 2: label -> trim(label) AS label"


def test_parts_tell_steps_apart_and_leave_the_files_to_the_sources():
    one = {"sources": {"rows": {"files": ["a" * 64], "reader": {"format": "csv"}}}, "split": {"seed": 1}}
    other = {"sources": {"rows": {"files": ["b" * 64], "reader": {"format": "csv"}}}, "split": {"seed": 2}}
    assert changes.parts(one)["source rows"] == changes.parts(other)["source rows"]
    assert changes.parts(one)["split"] != changes.parts(other)["split"]
