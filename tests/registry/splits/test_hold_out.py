"""Train on some languages or domains and test on others."""

import pytest
from pydantic import ValidationError

from registry.errors import UserError
from registry.splits.hold_out import HoldOut
from tests.worlds import table

HEADER = "text,label,language"
LINES = [(f"text {n}", ("bad", "good")[n % 2], ("en", "de", "zh")[n // 2 % 3]) for n in range(120)]


def split(more):
    return f"split: {{method: hold-out, column: language, {more}}}\n"


def languages(built, name):
    spoken = {text: language for text, _, language in LINES}
    return {spoken[text] for text in built.read(name)["text"]}


def test_each_split_has_languages_of_its_own_and_the_audit_proves_it(world):
    world.card(table(*LINES, header=HEADER), split("train: [en], validation: [de], test: [zh]"))
    built = world.build().published
    assert [languages(built, name) for name in ("train", "validation", "test")] == [{"en"}, {"de"}, {"zh"}]
    assert built.read("test")["group"].unique().to_list() == ["zh"]
    assert built.manifest["audit"]["violations"]["groups in two splits"] == 0


def test_validation_rows_may_be_a_share_of_the_train_rows_that_growth_does_not_move(world):
    world.card(table(*LINES[:60], header=HEADER), split("train: [en, de], test: [zh], validation_share: 0.3"))
    before = world.build().published
    assert languages(before, "validation") == {"en", "de"}
    world.write({"data/mine.csv": table(*LINES, header=HEADER)})
    (world.root / "cards.lock").unlink()
    after = world.build().published
    for name in ("train", "validation", "test"):
        assert set(before.read(name)["text"]) < set(after.read(name)["text"])


def test_values_that_no_split_names_are_refused_with_their_names(world):
    world.card(table(*LINES, header=HEADER), split("train: [en], test: [zh]"))
    with pytest.raises(UserError, match='40 rows have values in the column "language" that no split names: "de"'):
        world.build()


def test_values_that_no_split_names_may_leave(world):
    world.card(table(*LINES, header=HEADER), split("train: [en], test: [zh], validation_share: 0, others: drop"))
    built = world.build().published
    assert built.manifest["ledger"] == [["split", "language in no split", 40]]
    assert built.manifest["rows_kept"] == 80


def test_a_language_that_is_not_there_leaves_its_split_empty(world):
    world.card(table(*LINES, header=HEADER), split("train: [en, de, zh], test: [fr]"))
    with pytest.raises(UserError, match="no row is left for test"):
        world.build()


def test_a_value_belongs_into_one_split():
    with pytest.raises(ValidationError, match='"en" is named twice'):
        HoldOut(column="language", train=["en", "de"], test=["en"])
