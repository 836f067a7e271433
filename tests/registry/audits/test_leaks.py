"""Labels that something other than the meaning gives away are found; labels that nothing gives away are not."""

import random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.audits import measure
from registry.audits.checks import leaks
from registry.audits.checks.leaks import Leaks
from tests.registry.audits.planted import chinese, many, prose, row, rows

SPLITS = ("train", "train", "train", "test", "validation")


def data(write, count=400, labels=("ham", "spam")):
    """Labels are drawn by lot; `write` makes of a number and a label what a row holds."""
    lot = random.Random(7)
    made = []
    for number in range(count):
        label = lot.choice(labels)
        made.append(row(number, prose(number), label, SPLITS[number % 5]) | write(number, label))
    return rows(*made)


def told(frame, extra=None, **terms):
    return Leaks(**terms).find(frame, extra).found["why"].to_list()


def by(why):
    return [one.split(" tells ")[0] for one in why]


def nothing(number, label):
    return {}


@settings(max_examples=8)
@given(st.integers(0, 10**6), st.sampled_from([2, 3, 12]))
def test_labels_by_lot_are_told_by_nothing(seed, count):
    lot = random.Random(seed)
    names = [f"label {number}" for number in range(count)]
    weights = [1 + number * 5 for number in range(count)]
    frame = rows(*(row(n, prose(n + seed), lot.choices(names, weights)[0], SPLITS[n % 5]) for n in range(300)))
    assert told(frame) == []


def test_where_many_words_tell_a_label_the_numbers_are_those_of_all_and_one_is_named_with_its_own():
    typical = {"ham": ("dear", "thanks", "about"), "spam": ("your", "free", "win", "now")}

    def mail(number, label):
        words = (typical[label][number // 4 % len(typical[label])], typical[label][0], "the", "")
        return {"text": f"{words[number % 4]} {prose(number)}" if number % 4 < 3 else "  "}

    frame = data(mail, 1500)
    (why,) = [one for one in told(frame) if one.startswith("the first word of text")]
    held_out = frame.filter(pl.col("split") != "train")
    own, others = held_out.filter(label="ham"), held_out.filter(label="spam")

    def share(some, *words):
        return (some["text"].str.strip_chars().str.split(" ").list.first().is_in(words)).mean()

    having = (*typical["ham"], "")
    numbers = f'{share(others, *having):.0%} of all others; most often "dear": {share(own, "dear"):.0%}, 0%'
    assert why == (
        f"the first word of text tells ham: {share(own, *having):.0%} of its rows have one that is typical of it, "
        f"none or a rare one, {numbers}"
    )
    assert share(others, "dear") == 0


@pytest.mark.parametrize(
    ("note", "value"),
    [
        (pl.when(pl.col("label") == "ham").then(pl.lit("")).otherwise("id"), " (an empty value)"),
        (pl.when(pl.col("label") == "ham").then(pl.lit("x")).otherwise("id"), ' ("x")'),
    ],
)
def test_an_empty_value_is_named_as_one(note, value):
    frame = data(nothing)
    why = f"the column note{value} tells ham: 100% of its rows have it, 0% of all others"
    assert told(frame, frame.select("id", note=note)) == [why]


def test_where_rare_values_alone_tell_a_label_none_is_named():
    frame = data(nothing)
    note = pl.when(pl.col("label") == "spam").then(pl.lit("x")).otherwise("id")
    why = "the column note tells ham: 100% of its rows have none or a rare one, 0% of all others"
    assert told(frame, frame.select("id", note=note)) == [why]


@pytest.mark.parametrize(
    ("share", "said"), [(0, "0%"), (0.002, "0.2%"), (0.11, "11%"), (0.996, "over 99%"), (1, "100%")]
)
def test_a_share_is_never_rounded_to_none_or_all(share, said):
    by_one = measure.Skill("spam", 0.5, share, share, 0, measure.Value("your", share, share))
    assert leaks._why("the first word", by_one) == (
        f'the first word ("your") tells spam: {said} of its rows have it, {said} of all others'
    )


def test_a_header_that_gives_the_label_away_is_found():
    def mail(number, label):
        server = "list.example" if label == "ham" else "bulk.example"
        return {"text": f"From: {number}@{server}\nSubject: {prose(number, 3)}\n\n{prose(number)}"}

    why = told(data(mail))
    assert 'one word in the opening of text ("bulk") tells spam: 100% of its rows have it, 0% of all others' in why
    assert not any("of the whole" in one for one in by(why)), "told where it stands most narrowly, once"


def test_a_token_deep_in_a_header_is_found_there():
    def mail(number, label):
        mark = "X-Status: bulk" if label == "spam" else "X-Status: kept"
        return {"text": f"Subject: {prose(number, 30)}\n{mark}\n\n{prose(number)}"}

    assert any('in the header of text ("bulk")' in one for one in by(told(data(mail))))


@pytest.mark.parametrize(
    ("write", "expected"),
    [
        (lambda n, label: {"text": prose(n, 20 if label == "ham" else 60)}, "the length of text"),
        (lambda n, label: {"id": f"{label}-{n}"}, "the id without its numbers"),
        (lambda n, label: {"id": f"r{n + (5000 if label == 'ham' else 0)}"}, "the number in the id"),
        (lambda n, label: {"text": ("Re: " if label == "ham" else "") + prose(n)}, "the first word of text"),
        (lambda n, label: {"text": f"{label.upper()} list\n{prose(n)}"}, "the first line of text"),
        (lambda n, label: {"text": prose(n) + (" unsubscribe" if label == "spam" else "")}, "one word in the whole"),
        (
            lambda n, label: {"text": chinese(n) + ("广" if label == "spam" else "") + chinese(n + 999)},
            "one word in the",
        ),
    ],
)
def test_each_kind_of_leak_is_found(write, expected):
    assert any(one.startswith(expected) for one in told(data(write)))


def test_the_half_that_should_not_matter_of_a_pair_is_looked_at_by_itself():
    def pair(number, label):
        return {"text_pair": prose(number + 5000) + (" never" if label == "spam" else "")}

    assert any('of text_pair ("never")' in one for one in by(told(data(pair))))


def test_a_leak_is_found_however_unequal_the_labels_are():
    rare = ("common",) * 19 + ("rare",)
    frame = data(lambda n, label: {"id": f"{'a' if label == 'rare' else 'b'}{n}"}, 800, rare)
    assert any(one.startswith("the id without its numbers") for one in told(frame))


def test_ids_that_the_build_made_say_nothing():
    frame = data(lambda n, label: {"id": f"{n:016x}"})
    assert told(frame) == []


def test_a_column_that_the_task_does_not_read_is_looked_at_where_a_build_has_it():
    frame = data(nothing)
    file = pl.col("label").replace_strict({"ham": "a.mbox", "spam": "b.mbox"})
    extra = frame.select("id", file=file, size=pl.int_range(pl.len()) % 97)
    assert told(frame) == []
    assert by(told(frame, extra)) == ['the column file ("b.mbox")'] or by(told(frame, extra)) == [
        'the column file ("a.mbox")'
    ]


def test_without_train_the_rows_are_parted_in_two():
    frame = data(lambda n, label: {"text": prose(n, 20 if label == "ham" else 60), "split": "test"})
    assert any(one.startswith("the length of text") for one in told(frame))


def test_one_label_and_no_rows_are_no_error():
    assert Leaks().find(data(nothing, labels=("only",))).notes == ("there are not two labels to tell apart",)
    assert Leaks().find(data(nothing).clear()).found.is_empty()


def test_a_large_card_is_sampled_and_a_leak_still_found():
    frame = data(lambda n, label: {"text": prose(n, 20 if label == "ham" else 60)}, 1500)
    finding = Leaks(rows=200).find(frame)
    assert finding.looked_at == 400
    assert finding.found["why"][0].startswith("the length of text")


def test_how_a_text_ends_can_give_its_label_away():
    signed = [one | {"text": one["text"] + {"one": " .", "two": " !"}[one["label"]]} for one in many(400)]
    whys = Leaks().find(rows(*signed)).found["why"].to_list()
    assert any(why.startswith("the last word of text") for why in whys)
