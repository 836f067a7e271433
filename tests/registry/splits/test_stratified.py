"""Exact ratios in every class, as a card author meets them."""

import polars as pl

from registry.splits.stratified import Stratified
from tests.worlds import table

SPLIT = "split: {method: stratified}\n"


def counts(built):
    return {name: facts["labels"] for name, facts in built.published.manifest["splits"].items()}


def test_every_class_has_its_ratios_whatever_the_order_of_rows(world):
    lines = [(f"text {n}", "rare" if n % 10 == 0 else "usual") for n in range(200)]
    first = world.card(table(*lines), SPLIT).build()
    assert counts(first) == {
        "train": {"rare": 16, "usual": 144},
        "validation": {"rare": 2, "usual": 18},
        "test": {"rare": 2, "usual": 18},
    }
    world.write({"data/mine.csv": table(*reversed(lines))})
    (world.root / "cards.lock").unlink()
    assert world.build().published.digest == first.published.digest


def test_the_ratios_are_of_what_cleaning_left(world):
    lines = [(f"text {n % 100}", ("bad", "good")[n % 2]) for n in range(300)]
    built = world.card(table(*lines), f"clean: [dedupe_exact]\n{SPLIT}").build()
    assert counts(built)["test"] == {"bad": 5, "good": 5}


def test_groups_stay_whole_and_equal_texts_together(world):
    lines = [(f"text {n % 150}", ("bad", "good")[n % 2], f"author {n // 4}") for n in range(240)]
    world.card(table(*lines, header="text,label,author"), "split: {method: stratified, group: author}\n")
    built = world.build().published
    kept = pl.concat([built.read(name).with_columns(split=pl.lit(name)) for name in ("train", "validation", "test")])
    assert kept.height == 240, "nothing had to leave"
    assert kept.select("group", "split").unique()["group"].is_unique().all()
    assert kept.select("text", "split").unique()["text"].is_unique().all()


def test_other_columns_are_spread_too(world):
    lines = [(f"text {n}", ("bad", "good")[n % 2], ("en", "zh")[n // 2 % 2]) for n in range(80)]
    more = "split: {method: stratified, by: [label, language], ratios: {train: 0.8, validation: 0, test: 0.2}}\n"
    world.card(table(*lines, header="text,label,language"), more)
    texts = {text: (label, language) for text, label, language in lines}
    test = [texts[text] for text in world.build().published.read("test")["text"]]
    assert sorted(test.count(pair) for pair in set(texts.values())) == [4, 4, 4, 4]


def test_another_seed_draws_other_rows():
    rows = pl.DataFrame({"id": [f"{n:03}" for n in range(100)], "_unit": range(100), "label": ["a", "b"] * 50})
    assert not Stratified(seed=1).assign(rows).equals(Stratified(seed=2).assign(rows))
