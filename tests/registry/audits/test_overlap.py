"""What training has seen of a test split: with typos, in passages, in Chinese; boilerplate is nobody's leak."""

from itertools import product

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.audits import overlap
from registry.audits import rows as published
from registry.audits.checks.near import Near
from registry.audits.checks.ngrams import Ngrams
from registry.audits.overlap import Runs
from registry.clean.dedupe_near import DedupeNear
from tests.registry.audits.planted import chinese, many, pairs, prose, row, rows, typos

FOOTER = "to leave this list write to the owner of the list and say so in the first line of your mail please"
ABOUT = "本店所有商品均支持七天无理由退换货服务如有任何问题请随时联系在线客服人员谢谢您的惠顾"


@pytest.mark.parametrize("write", [prose, chinese])
def test_a_near_duplicate_with_typos_is_found_with_both_sides(write):
    told = Near().find(rows(*many(40, write), row(900, typos(write(0)), split="test")))
    assert pairs(told) == {("r0900", "r0000")}
    (worst,) = told.found.to_dicts()
    assert (worst["split"], worst["other_split"]) == ("test", "train")
    assert 0.7 <= worst["measure"] < 1


def test_the_threshold_decides():
    leaky = rows(*many(10), row(900, typos(prose(0)), split="test"))
    assert Near(threshold=0.95).find(leaky).found.is_empty()
    assert Near(threshold=0.7).find(leaky).found.height == 1


@pytest.mark.parametrize("split", ["train", "validation"])
def test_rows_of_validation_count_as_seen_and_pairs_inside_a_split_do_not(split):
    inside = [row(900, typos(prose(0)), split="train"), row(901, typos(prose(3)), split="test")]
    assert Near().find(rows(*many(20), *inside)).found.is_empty()
    assert Near().find(rows(*many(20), row(902, prose(999), split=split), row(903, typos(prose(999)), split="test")))


@pytest.mark.parametrize("write", [prose, chinese])
def test_a_passage_in_a_text_that_is_otherwise_another_is_found(write):
    quoting = write(500) + " " + write(0) + " " + write(501)
    told = Ngrams().find(rows(*many(40, write), row(900, quoting), row(901, write(0) + write(502)[:20], split="test")))
    assert ("r0901", "r0900") in pairs(told) or ("r0901", "r0000") in pairs(told)
    assert Near().find(rows(*many(40, write), row(900, quoting), row(901, write(0) + write(502)[:20], split="test")))


@pytest.mark.parametrize(("write", "footer"), [(prose, FOOTER), (chinese, ABOUT)])
def test_boilerplate_of_many_documents_does_not_count(write, footer):
    footed = [one | {"text": f"{one['text'][:80]} {footer}"} for one in many(60, write)]
    assert Ngrams().find(rows(*footed)).found.is_empty()
    few = [
        *many(60, write)[:-2],
        row(900, f"{write(900)[:40]} {footer}"),
        row(901, f"{write(901)[:40]} {footer}", split="test"),
    ]
    assert Ngrams(share=0.3).find(rows(*few)).found["id"].to_list() == ["r0901"]


@pytest.mark.parametrize(("write", "footer"), [(prose, FOOTER), (chinese, ABOUT)])
def test_boilerplate_makes_no_near_duplicates_and_hides_none(write, footer):
    footed = [one | {"text": f"{one['text'][:60]} {footer} {footer}"} for one in many(60, write)]
    planted = row(900, footed[0]["text"].replace(write(0)[10:12], "oops", 1), split="test")
    assert pairs(Near().find(rows(*footed, planted))) == {("r0900", "r0000")}


def by_sets(left: str, right: str) -> float:
    """The Jaccard similarity of n-grams: five characters, two where the first of them is Han."""

    def of(text: str) -> set[str]:
        grams = {text[start:][: 2 if "\u4e00" <= text[start] <= "\u9fff" else 5] for start in range(len(text))}
        return {gram for gram in grams if len(gram) == (2 if "\u4e00" <= gram[0] <= "\u9fff" else 5)}

    return len(of(left) & of(right)) / len(of(left) | of(right))


def test_a_footer_accuses_nobody_and_what_is_told_is_how_alike_the_whole_texts_are():
    footed = [one | {"text": f"{one['text'][:60]} {FOOTER}"} for one in many(600)]
    assert max(by_sets(footed[0]["text"], one["text"]) for one in footed[1:]) > 0.4, "the footer is most of them"
    planted = [row(900 + n, f"{typos(prose(5 * n)[:60], 30)} {FOOTER}", split="test") for n in range(4)]
    frame = rows(*footed, *planted)
    assert pairs(Near().find(rows(*footed))) == set()
    found = Near(threshold=0.6).find(frame).found
    assert {f"r09{n:02d}" for n in range(4)} == set(found["id"])
    text = dict(frame.select("id", "_text").rows())
    assert [one["measure"] for one in found.to_dicts()] == [
        by_sets(text[one["id"]], text[one["other"]]) for one in found.to_dicts()
    ]


@pytest.mark.parametrize(("write", "footer"), [(prose, FOOTER), (chinese, ABOUT)])
def test_texts_that_are_alike_only_where_their_different_footers_are_taken_out_are_not_near(write, footer):
    """Both footers stand in many texts; one text has the first, its like the second."""
    other = footer[::-1]
    footed = [one | {"text": f"{one['text'][:60]} {(footer, other)[n % 2]}"} for n, one in enumerate(many(60, write))]
    body = write(900)[:60]
    moved = [row(900, f"{body} {footer}"), row(901, f"{body} {other}", split="test")]
    assert by_sets(*(one["text"] for one in moved)) < 0.7
    assert pairs(Near().find(rows(*footed, *moved))) == set()


def deduped(frame: pl.DataFrame, op: DedupeNear) -> pl.DataFrame:
    clusters = op.links(op.keys(frame.with_columns(_reason=pl.lit(None, pl.String))))["rows"]["cluster"]
    return frame.with_columns(cluster=clusters).filter(
        pl.col("cluster").is_null() | pl.col("cluster").is_first_distinct()
    )


@pytest.mark.parametrize(("write", "footer"), [(prose, ""), (prose, FOOTER), (chinese, ""), (chinese, ABOUT)])
def test_what_dedupe_near_left_has_no_near_duplicates_at_its_threshold(write, footer):
    texts = [(n, every, typos(write(n), every)) for n, every in product(range(40), (7, 12, 20, 30, 61))]
    made = [
        row(
            100 * n + every,
            f"{text} {(footer, footer[::-1])[(n if n % 3 else every) % 2]}",
            split=("train", "test")[every % 2],
        )
        for n, every, text in texts
    ]
    frame = rows(*many(100, write, 5000), *made)
    assert len(Near().find(frame).found) >= 20
    assert pairs(Near().find(deduped(frame, DedupeNear(threshold=0.7)))) == set()


def test_many_copies_of_one_text_are_no_boilerplate():
    copies = [row(800 + n, typos(prose(0), 30 + n), split="test") for n in range(20)]
    assert len(Near().find(rows(*many(40), *copies)).found) == 20


def test_case_and_punctuation_do_not_hide_a_passage():
    shouted = prose(0).upper().replace(" ", " ... ", 5)
    assert pairs(Ngrams().find(rows(*many(20), row(900, shouted, split="test")))) == {("r0900", "r0000")}


def test_a_row_that_is_too_short_to_say_is_counted_and_not_called_clean():
    told = Ngrams().find(rows(*many(5), row(900, "too short", split="test")))
    assert told.notes == ("1 test row too short, or boilerplate throughout: `near` is for those",)


@pytest.mark.parametrize("audit", [Near(), Ngrams()])
@pytest.mark.parametrize("split", ["train", "test"])
def test_without_another_side_there_is_nothing_to_find(audit, split):
    told = audit.find(rows(*(row(n, prose(n), split=split) for n in range(5))))
    assert told.found.is_empty()
    assert told.looked_at == 0
    assert told.notes == (overlap.ONE_SIDED,)


def test_the_order_of_rows_does_not_matter():
    leaky = [
        *many(30),
        row(900, typos(prose(0)), split="test"),
        row(901, typos(prose(0), 50)),
        row(902, prose(3)[:150]),
    ]
    for audit in (Near(), Ngrams()):
        assert audit.find(rows(*leaky)).found.equals(audit.find(rows(*reversed(leaky))).found)


WORDS = st.sampled_from("a b c d e f g 一 二 三 四".split())
TEXTS = st.lists(WORDS, max_size=12).map(" ".join)
ROWS = st.lists(st.tuples(TEXTS, st.sampled_from(["train", "test"])), min_size=1, max_size=12)


def naive(told: list[tuple[str, str]], length: int, terms: Runs) -> set[str]:
    """The test rows that share enough runs with train, by sets and loops."""

    def of(text: str) -> set[tuple[str, ...]]:
        words = text.split()
        return {tuple(words[start : start + length]) for start in range(len(words) - length + 1)}

    def common(split: str) -> set[tuple[str, ...]]:
        counted = [run for text in {text for text, one in told if one == split} for run in of(text)]
        return {run for run in counted if counted.count(run) > terms.documents}

    boilerplate = common("train") | common("test")
    seen = {run for text, split in told if split == "train" for run in of(text)} - boilerplate
    runs = {f"r{n:04d}": of(text) - boilerplate for n, (text, split) in enumerate(told) if split == "test"}
    return {name for name, mine in runs.items() if mine and len(mine & seen) / len(mine) >= terms.share}


@given(ROWS, st.integers(1, 3), st.sampled_from([0.3, 0.5, 1.0]))
def test_shares_are_those_of_plain_sets(told, documents, share):
    terms = Runs(words=3, characters=3, documents=documents, share=share)
    frame = rows(*(row(n, text, split=split) for n, (text, split) in enumerate(told)))
    found = overlap.in_runs(overlap.sides(published.testing(frame), published.training(frame)), terms)
    assert set(found.rows["id"]) == naive(told, 3, terms)


@settings(max_examples=20)
@given(ROWS)
def test_an_equal_text_is_found_by_all_three(told):
    frame = rows(*(row(n, f"{text} x y z", split=split) for n, (text, split) in enumerate(told)))
    compared = overlap.sides(published.testing(frame), published.training(frame))
    seen = set(frame.filter(pl.col("split") == "train")["_text"])
    equal = {
        one for one, text, split in frame.select("id", "_text", "split").rows() if split == "test" and text in seen
    }
    assert set(overlap.equal(compared)["id"]) == equal
    assert equal <= set(overlap.near(compared, overlap.Nearness())["id"])
    assert equal <= set(overlap.in_runs(compared, Runs(words=3, characters=3, documents=100)).rows["id"])
