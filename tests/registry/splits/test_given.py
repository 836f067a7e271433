"""The source's own splits, as a card author meets them."""

import pytest

from registry.errors import UserError
from tests.worlds import World, table

SPLIT = "split: {method: given, column: part}\n"
HEADER = "text,label,part"


def test_rows_go_where_the_source_says(tmp_path):
    rows = (("one", "a", "train"), ("two", "b", "test"), ("three", "a", "validation"), ("four", "b", "train"))
    built = World(tmp_path).card(table(*rows, header=HEADER), SPLIT).build().published
    assert {split: built.read(split)["text"].sort().to_list() for split in ("train", "validation", "test")} == {
        "train": ["four", "one"],
        "validation": ["three"],
        "test": ["two"],
    }


def test_equal_texts_stay_in_the_strictest_split_only(tmp_path):
    rows = (("same", "a", "train"), ("Same ", "a", "test"), ("other", "b", "train"), ("third", "b", "test"))
    built = World(tmp_path).card(table(*rows, header=HEADER), SPLIT).build().published
    assert built.manifest["ledger"] == [["split", "same text in test", 1]]
    assert built.read("train")["text"].to_list() == ["other"]


@pytest.mark.parametrize("value", ["dev", "", "Train"])
def test_other_names_are_refused_with_what_would_be_right(tmp_path, value):
    world = World(tmp_path).card(table(("one", "a", "test"), ("two", "b", value), header=HEADER), SPLIT)
    with pytest.raises(UserError, match=f'1 row with no split, such as "{value}"') as caught:
        world.build()
    assert "train, validation, test" in str(caught.value)


def test_a_card_without_that_column_is_told(tmp_path):
    world = World(tmp_path).card(table(("one", "a"), ("two", "b")), SPLIT)
    with pytest.raises(UserError, match=r'no column "part".*`split: column:` names it'):
        world.build()
