"""What a manifest says of labels, and of training and test rows a class."""

import pytest

from registry.card import DatasetCard
from registry.quality import labels, size
from registry.quality.measure import Rule
from tests.worlds import World


def manifest(train: dict[str, int], test: dict[str, int] | None = None, **more) -> dict:
    counts = {"train": train, "validation": {}, "test": test or {}}
    splits = {name: {"rows": sum(of.values()), "labels": of} for name, of in counts.items()}
    kept = sum(facts["rows"] for facts in splits.values())
    facts = {"labels": list(train), "splits": splits, "rows_read": kept, "rows_kept": kept, "ledger": []}
    return {**facts, "agreement": None, "audit": {"observations": {labels.SEVERAL: 0}}, **more}


@pytest.fixture
def card(world: World) -> DatasetCard:
    return world.card(more="margin: 0.05\n").catalog.dataset("mine")


@pytest.mark.parametrize(
    ("counts", "ratio", "verdict"),
    [((50, 50), 1, "good"), ((60, 40), 1.5, "good"), ((90, 10), 9, "fair"), ((95, 5), 19, "poor")],
)
def test_imbalance_is_the_largest_class_over_the_smallest(counts, ratio, verdict):
    _, found = labels.balance(manifest(dict(zip(("bad", "好"), counts, strict=True))))
    assert (found.value, found.verdict) == (pytest.approx(ratio), verdict)
    assert "KEEL" in found.rule


def test_evenness_is_one_where_all_classes_are_as_frequent_and_falls_with_drift():
    even, _ = labels.balance(manifest({"a": 7, "b": 7, "c": 7}))
    assert even.value == pytest.approx(1)
    half, _ = labels.balance(manifest({"a": 2, "b": 1, "c": 1, "d": 0}))
    assert half.value == pytest.approx(1.5 / 2)  # in bits: 1.5 of log2(4)


def test_a_class_without_rows_leaves_no_ratio_and_says_which():
    _, found = labels.balance(manifest({"a": 5, "ugly": 0}))
    assert (found.value, found.verdict, found.reason) == (None, None, 'no row has the label "ugly"')


def test_one_class_or_no_rows_has_no_balance():
    assert labels.balance(manifest({"only": 5}))[0].reason == "there are fewer than two labels"
    assert labels.balance(manifest({"a": 0, "b": 0}))[1].reason == "there are no rows"


def test_coverage_names_what_most_rows_left_at():
    ledger = [["length", "too short", 3], ["labels", "neutral", 17]]
    found = labels.coverage(manifest({"a": 80}, rows_read=100, ledger=ledger))
    assert found.value == 0.8
    assert found.note == "80 of 100 rows; most left at labels: 17 (neutral)"
    assert labels.coverage(manifest({"a": 0})).reason == "no row was read"


def test_conflicts_are_those_that_left_and_those_that_stayed():
    ledger = [["dedupe_exact", "label conflict", 6], ["dedupe_exact", "duplicate", 9]]
    seen = {"observations": {labels.SEVERAL[0]: 2}}
    found = labels.conflicts(manifest({"a": 80}, rows_read=100, ledger=ledger, audit=seen))
    assert found.value == 0.08
    assert labels.conflicts(manifest({"a": 80}, audit={"observations": {}})).value is None


def test_without_votes_agreement_is_absent(card):
    assert labels.agreement(card, manifest({"a": 1})).reason == "the card has labels without the votes behind them"


@pytest.mark.parametrize(("rows", "verdict"), [(50, "good"), (49, "fair"), (10, "fair"), (9, "poor"), (0, "poor")])
def test_the_smallest_class_is_the_rarest_of_the_training_rows(rows, verdict):
    found = size.smallest_class(manifest({"many": 500, "few": rows}))
    assert (found.value, found.verdict, found.note) == (rows, verdict, "few")


def test_the_difference_that_the_test_split_tells_is_held_against_the_margin(card):
    few, many = (size.detectable(card, rows) for rows in (100, 4000))
    assert (few.verdict, many.verdict) == ("poor", "good")
    assert few.value > 0.05 >= many.value
    assert size.detectable(card.model_copy(update={"margin": None}), 100).verdict is None
    assert size.detectable(card, 0).reason == "the test split is empty"
    assert size.detectable(card, 3).reason == "3 test rows tell nothing apart"


def test_a_rule_can_run_either_way():
    more, less = Rule(0.8, 0.6, ""), Rule(1.5, 9, "")
    assert [more.verdict(value) for value in (0.8, 0.7, 0.6, 0.5)] == ["good", "fair", "fair", "poor"]
    assert [less.verdict(value) for value in (1.5, 2, 9, 10)] == ["good", "fair", "fair", "poor"]
