"""Two versions row by row: what happened to each row, which rule did it, and what version that makes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.versions.diff import KINDS, diff
from tests.strategies import words
from tests.worlds import table

HASH = "split: {method: hash}\n"
TEST = "split: {method: all-test}\n"
LABELS = ("bad", "good")
MIRROR = {"added": "removed", "removed": "added", "changed": "changed", "relabelled": "relabelled", "moved": "moved"}


def rows(count=40, **edits):
    """id, text, label; `edits` replaces rows by id, None takes one away."""
    plain = {f"r{n:02d}": (f"remark number {n}", LABELS[n % 2]) for n in range(count)}
    return table(*((i, *row) for i, row in {**plain, **edits}.items() if row), header="id,text,label")


def published(world, csv=None, more=TEST):
    return world.card(csv, more).build().published


def rules(groups):
    return {group.rule: group.rows for group in groups}


@pytest.fixture
def before(world):
    return published(world, rows(), "clean: [{length: {min_chars: 3}}, dedupe_exact]\n" + TEST)


def test_a_version_does_not_differ_from_itself(before):
    same = diff(before, before)
    assert [same.total(kind) for kind in KINDS] == [0] * 5
    assert same.unchanged == 40
    assert same.changes == ()
    assert same.bump == "none"


def test_rows_that_came_went_or_changed_are_told_with_their_rule(world, before):
    csv = rows(r01=("other words", "good"), r02=None, r03=("remark number 3", "bad"), r99=("a new one", "bad"))
    found = diff(before, published(world, csv, "clean: [{length: {min_chars: 3}}, dedupe_exact]\n" + TEST))
    assert {kind: found.total(kind) for kind in KINDS} == dict.fromkeys(KINDS, 1) | {"moved": 0}
    assert found.unchanged == 37
    assert found.bump == "major"
    (change,) = found.changes
    assert rules(found.added) == {f"the source had no such row: {change.text}": 1}
    assert rules(found.removed) == {f"the source has no such row any more: {change.text}": 1}
    assert rules(found.changed) == {f"text differs: {change.text}": 1}
    assert rules(found.relabelled) == {f"good -> bad: the label differs: {change.text}": 1}
    assert found.changed[0].examples == ({"id": "r01", "text": ["remark number 1", "other words"]},)
    assert found.relabelled[0].examples == ({"id": "r03", "text": "remark number 3", "label": ["good", "bad"]},)


def test_a_row_that_an_op_left_out_is_told_with_the_op_and_the_row_that_stayed(world, before):
    csv = rows(r05=("hm", "good"), r06=("Remark number  8", "bad"))
    found = diff(before, published(world, csv, "clean: [{length: {min_chars: 3}}, dedupe_exact]\n" + TEST))
    assert rules(found.removed) == {
        "left out now by length: under 3 characters": 1,
        "left out now by dedupe_exact: duplicate": 1,
    }
    examples = {one["id"]: one for group in found.removed for one in group.examples}
    assert examples["r08"]["duplicate_of"] == "r06"
    back = diff(published(world, csv, "clean: [{length: {min_chars: 3}}, dedupe_exact]\n" + TEST), before)
    assert "left out before by length: under 3 characters" in rules(back.added)


def test_another_seed_moves_rows_and_nothing_else(world):
    one, other = (published(world, rows(200), HASH.replace("}", f", seed: {seed}}}")) for seed in (1, 2))
    found = diff(one, other, limit=2)
    assert found.total("moved") > 30
    assert found.total("moved") + found.unchanged == 200
    assert all(rule.endswith(": split > seed 1 -> 2") for rule in rules(found.moved))
    assert all(len(group.examples) <= 2 for group in found.moved)
    assert found.bump == "major"


def test_a_row_that_moves_with_its_group_says_so(world):
    lines = [(f"r{n:03d}", f"remark {n}", LABELS[n % 2], f"g{n % 30}") for n in range(120)]
    more = "split: {method: hash, group: source}\n"
    one = published(world, table(*lines, header="id,text,label,source"), more)
    where = {row: name for name in ("train", "test") for row in one.read(name)["id"]}
    group = next(line[3] for line in lines if where.get(line[0]) == "test")
    moving = next(line for line in lines if where.get(line[0]) == "train")
    edited = [(*line[:3], group) if line == moving else line for line in lines]
    found = diff(one, published(world, table(*edited, header="id,text,label,source"), more))
    assert rules(found.moved) == {"train -> test: its group differs": 1}
    assert list(found.changed[0].examples[0]) == ["id", "text", "group"]


def test_a_label_that_other_rules_give_is_told_apart_from_other_votes(world):
    card = (
        'select: "SELECT id, text, label::INTEGER[] AS ratings FROM rows"\n'
        "annotation: {question: q, scale: {min: 0, max: 5}, votes: ratings, agreement: {at_least: -1}}\n"
        'labels: {from: {bad: "aggregate < LIMIT", good: "aggregate >= LIMIT"}}\n'
    )
    votes = {f"r{n}": (f"text {n}", f"[{n % 5}, {n % 5}]") for n in range(20)}
    lines = [
        table(*((i, *row) for i, row in one.items()), header="id,text,label")
        for one in (votes, {**votes, "r0": ("text 0", "[5, 5]")})
    ]
    first = published(world, lines[0], card.replace("LIMIT", "2") + TEST)
    ruled = diff(first, published(world, lines[0], card.replace("LIMIT", "3") + TEST))
    ((rule, count),) = rules(ruled.relabelled).items()
    assert count == 4
    assert rule.startswith("good -> bad: the votes are the same, the rules differ, by one of: labels > rules > bad")
    voted = diff(first, published(world, lines[1], card.replace("LIMIT", "2") + TEST))
    ((rule, count),) = rules(voted.relabelled).items()
    assert rule.startswith("bad -> good: the votes differ: source rows: data/mine.csv ")
    assert voted.total("changed") == 1


def test_more_rows_are_a_minor_version_and_the_same_rows_made_otherwise_a_patch(world, before):
    cleaned = "clean: [{length: {min_chars: 3}}, dedupe_exact]\n"
    more = diff(before, published(world, rows(41), cleaned + TEST))
    assert (more.bump, more.total("added")) == ("minor", 1)
    again = diff(before, published(world, rows(), "clean: [whitespace]\n" + TEST))
    assert again.bump == "patch"
    assert [change.text for change in again.changes]


def test_a_column_that_came_is_minor_and_one_that_went_is_major(world):
    lines = table(*((f"r{n}", f"text {n}", LABELS[n % 2], f"g{n}") for n in range(10)), header="id,text,label,source")
    plain = published(world, lines)
    grouped = published(world, lines, "split: {method: all-test, group: source}\n")
    assert diff(plain, grouped).columns == (("group",), ())
    assert diff(plain, grouped).bump == "minor"
    assert diff(grouped, plain).bump == "major"


def test_without_declared_ids_an_edited_row_is_one_removed_and_one_added(world):
    one = published(world, table(("a", "bad"), ("b", "good")))
    found = diff(one, published(world, table(("a", "bad"), ("c", "good"))))
    assert found.hashed_ids
    assert (found.total("removed"), found.total("added"), found.total("changed")) == (1, 1, 0)


edits = st.dictionaries(
    st.sampled_from([f"r{n:02d}" for n in range(12)]),
    st.one_of(st.none(), st.tuples(words, st.sampled_from(LABELS))),
    max_size=6,
)


@settings(max_examples=10)
@given(one=edits, other=edits, seeds=st.tuples(st.sampled_from([1, 2]), st.sampled_from([1, 2])))
def test_every_row_has_one_fate_and_the_way_back_mirrors_the_way_there(fresh_world, one, other, seeds):
    world = fresh_world()
    cleaned = "clean: [dedupe_exact]\n"
    split = "split: {method: hash, ratios: {train: 0.5, validation: 0, test: 0.5}, seed: SEED}\n"
    versions = [
        published(world, rows(30, **edit), cleaned + split.replace("SEED", str(seed)))
        for edit, seed in zip((one, other), seeds, strict=True)
    ]
    there, back = diff(*versions), diff(*reversed(versions))
    for kind, mirrored in MIRROR.items():
        assert there.total(kind) == back.total(mirrored)
    assert there.unchanged == back.unchanged
    both = there.rows[0] - there.total("removed")
    assert both == there.rows[1] - there.total("added")
    edited = sum(there.total(kind) for kind in ("changed", "relabelled", "moved"))
    assert max(both - edited, 0) <= there.unchanged <= both
    assert (there.bump == "none") == (versions[0] == versions[1])
    assert (there.bump == "major") == any(there.total(kind) for kind in KINDS if kind != "added")
