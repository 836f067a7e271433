"""Labels that may be wrong are hinted at; labels that follow the texts are left in peace."""

from registry.audits.checks.noise import Noise
from tests.registry.audits.planted import chinese, many, pairs, prose, row, rows, typos


def topical(count=300, wrong=()):
    """Texts of two topics, each with words of its own; some rows are labelled as the other."""
    made = []
    for number in range(count):
        topic = "ab"[number % 2]
        text = " ".join(f"{topic}{word}" if place % 3 else word for place, word in enumerate(prose(number, 30).split()))
        made.append(row(number, text, {"a": "b", "b": "a"}[topic] if number in wrong else topic))
    return rows(*made)


def test_one_text_with_two_labels_is_told_with_both_rows():
    told = Noise().find(rows(*many(20), row(900, prose(0).upper(), "else")))
    assert pairs(told) == {("r0000", "r0900"), ("r0900", "r0000")}
    assert told.found["why"].to_list() == [
        "the same text is one here and else there",
        "the same text is else here and one there",
    ]


def test_nearly_one_text_with_two_labels_is_told_in_chinese_too():
    told = Noise().find(rows(*many(20, chinese), row(900, typos(chinese(0), 59), "else")))
    assert pairs(told) == {("r0000", "r0900"), ("r0900", "r0000")}
    assert all(one.startswith("nearly the same text") for one in told.found["why"])


def test_a_footer_below_many_texts_makes_them_no_like_ones():
    footer = "to leave this list write to its owner and say so in the first line of your mail please"
    footed = [one | {"text": f"{one['text'][:50]} {footer} {footer}"} for one in many(60)]
    assert Noise().find(rows(*footed)).found.is_empty()


def test_rows_whose_neighbours_bear_another_label_are_told():
    wrong = (10, 33, 120)
    told = Noise().find(topical(wrong=wrong))
    assert set(told.found["id"]) == {f"r{number:04d}" for number in wrong}
    assert told.found["why"][0] == "it is b, its nearest rows are a"


def test_where_neighbours_know_nothing_they_are_not_asked():
    told = Noise().find(rows(*many(200)))
    assert told.found.is_empty()
    assert told.notes == ("neighbours were not asked: here they hardly tell labels better than chance",)


def test_two_pairs_that_share_one_half_may_have_two_labels():
    halves = [row(n, prose(0), ("same", "other")[n % 2], text_pair=prose(n + 50, 2)) for n in range(6)]
    assert Noise().find(rows(*halves)).found.is_empty()
    both = [row(n, prose(0), ("same", "other")[n % 2], text_pair=prose(50)) for n in range(2)]
    assert Noise().find(rows(*both)).found.height == 2


def test_a_text_without_words_and_a_single_row_are_no_error():
    assert Noise().find(rows(row(1, ""), row(2, "!!!", "two"))).found.is_empty()
    assert Noise().find(rows(row(1, prose(1)))).found.is_empty()
