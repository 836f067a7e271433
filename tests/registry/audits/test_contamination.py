"""What one card's training rows know of another card's test split, for two cards and for all at once."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.audits import across, contamination, kept
from registry.audits.contamination import Contamination, between, contaminated
from registry.audits.overlap import Nearness, Runs
from registry.errors import UserError
from registry.near.jaccard import similarities
from registry.near.shingle import Shingle
from tests.registry.audits.planted import chinese, many, prose, row, rows, typos
from tests.registry.audits.published import publish

TERMS = Contamination()
TRAIN = [
    *many(40),
    row(900, prose(7000).upper()),
    row(901, typos(prose(7001)), split="validation"),
    row(902, prose(7777, 200) + prose(7002)),
    row(903, prose(7003), split="test"),
]
TEST = [*many(20, chinese), *(row(n, prose(7000 + n), split="test") for n in range(100, 104))]
TEST += [row(200 + n, prose(7000 + n), split="test") for n in range(4)]


def reasons(found: pl.DataFrame) -> list[tuple[str, str, str]]:
    return found.select("id", "reason", "other").sort("id").rows()


def test_each_training_row_to_leave_out_has_its_reason(tmp_path):
    train, test = publish(tmp_path, TRAIN, "train"), publish(tmp_path, TEST, "test")
    found = contaminated(train, test, TERMS, tmp_path)
    assert reasons(found) == [("r0900", "exact", "r0200"), ("r0901", "near", "r0201"), ("r0902", "ngrams", "r0202")]
    assert contaminated(test, train, TERMS, tmp_path).is_empty(), "it is about the test split of the second one alone"


FOOTER = "to leave this list write to the owner of the list and say so in the first line of your mail please"


def test_the_footer_of_one_card_is_in_the_similarity_that_is_told_and_can_make_two_texts_unlike():
    """Without the footer of the training card both pairs would be the same text."""
    footed = [one | {"text": f"{one['text'][:200]} {FOOTER}"} for one in many(40)]
    train = [*footed, row(900, f"{prose(900, 150)} {FOOTER}"), row(901, f"{prose(901, 20)} {FOOTER}")]
    test = [row(900, prose(900, 150), split="test"), row(901, prose(901, 20), split="test")]
    (told,) = between(rows(*train), rows(*test), TERMS).found.filter(why="near").to_dicts()
    alike = similarities(pl.Series([f"{prose(900, 150)} {FOOTER}"]), pl.Series([prose(900, 150)]), Shingle())
    assert (told["id"], told["measure"]) == ("r0900", alike[0])
    cards = [rows(*train, card="a"), rows(*test, card="b")]
    (near,) = across.known(pl.concat(cards, how="diagonal"), TERMS).filter(why="near").to_dicts()
    assert (near["id"], near["measure"]) == ("r0900", alike[0])


def test_without_those_rows_nothing_is_known_any_more():
    train, test = rows(*TRAIN), rows(*TEST)
    known = between(train, test, TERMS).found["id"]
    assert between(train.filter(~pl.col("id").is_in(known.implode())), test, TERMS).found.is_empty()


def test_digests_and_parameters_are_all_that_names_the_result(tmp_path):
    train, test = publish(tmp_path, TRAIN, "train"), publish(tmp_path, TEST, "test")
    contaminated(train, test, TERMS, tmp_path)
    strict = Contamination(near=Nearness(threshold=0.99))
    assert [one for one, *_ in reasons(contaminated(train, test, strict, tmp_path))] == ["r0900", "r0902"]
    assert len(list((tmp_path / "audits").iterdir())) == 2
    assert contamination.identity(TERMS) == {"audit": "contamination", "version": 2}
    assert contamination.identity(strict) == {"audit": "contamination", "version": 2, "near": {"threshold": 0.99}}


def test_a_version_that_was_changed_is_refused_and_a_kept_result_needs_no_rows(tmp_path):
    train, test = publish(tmp_path, TRAIN, "train"), publish(tmp_path, TEST, "test")
    found = contaminated(train, test, TERMS, tmp_path)
    rows(*many(3)).write_parquet(train.split("train"))
    assert contaminated(train, test, TERMS, tmp_path).equals(found)
    with pytest.raises(UserError, match="changed after it was published"):
        contaminated(train, test, Contamination(ngrams=Runs(words=8)), tmp_path)


TEXTS = st.sampled_from([prose(n, 16) for n in range(5)] + [typos(prose(n, 16)) for n in range(3)] + ["short one", ""])
CARDS = st.dictionaries(
    st.sampled_from("abcd"), st.lists(st.tuples(TEXTS, st.sampled_from(["train", "test"])), max_size=6), min_size=2
)


@settings(max_examples=12)
@given(CARDS)
def test_all_cards_at_once_say_what_each_two_say(cards):
    terms = Contamination(ngrams=Runs(words=5, documents=2))
    made = {
        card: rows(*(row(n, text, split=split) for n, (text, split) in enumerate(told)), card=card)
        for card, told in cards.items()
        if told
    }
    if not made:
        return
    together = across.known(pl.concat(made.values()), terms)
    for ours, theirs in ((one, other) for one in made for other in made):
        alone = across.known(
            pl.concat([made[ours].filter(pl.col("split") == "test"), made[theirs].filter(pl.col("split") == "train")]),
            terms,
        )
        both = together.filter(pl.col("card") == ours, pl.col("other_card") == theirs)
        assert both.rows() == alone.rows()


def test_the_table_counts_rows_by_reason(tmp_path):
    versions = [publish(tmp_path, TRAIN, "train"), publish(tmp_path, TEST, "test")]
    found = across.across(versions, TERMS, tmp_path)
    assert across.table(found).rows() == [("test", "train", 3, 1, 1, 1)]
    assert found.equals(across.across(versions[::-1], TERMS, tmp_path))
    assert len(list((tmp_path / "audits").iterdir())) == 1
    assert kept.flagged(versions[0], tmp_path) is None, "what others know of a card is no audit of it"
