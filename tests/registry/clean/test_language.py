"""Language, as an offline detector tells it."""

from typing import get_args

import pytest
from pydantic import ValidationError

from registry.clean.language import INCLUDED, Code, Language, _identifier
from tests.registry.clean.rows import fates, rows

ENGLISH = "The delivery was late, but the product is really good."
GERMAN = "Die Lieferung kam spät, aber das Produkt ist wirklich gut."
CHINESE = "物流很慢，但是产品质量真的很好"
CANTONESE = "呢間餐廳啲嘢好好食，我哋下次再嚟"
MIXED = "The product is good, aber die Lieferung kam wirklich viel zu spät an."


def test_rows_in_other_languages_leave_and_say_in_which():
    op = Language(keep=["en", "zh"])
    assert fates(op, ENGLISH, GERMAN, CHINESE, ENGLISH) == [None, "language de", None, None]


def test_chinese_includes_cantonese_unless_that_alone_is_meant():
    assert fates(Language(keep=["zh"]), CANTONESE) == [None]
    assert fates(Language(keep=["yue"]), CANTONESE, CHINESE) == [None, "language zh"]


def test_languages_to_keep_are_sure_together():
    alone, together = Language(keep=["en"], confidence=0.99), Language(keep=["en", "de"], confidence=0.99)
    assert fates(alone, MIXED) != [None]
    assert fates(together, MIXED) == [None]


def test_what_may_be_one_to_keep_is_called_uncertain():
    assert fates(Language(keep=["en"], confidence=1), ENGLISH) == ["language uncertain"]
    assert fates(Language(keep=["en"], confidence=0), GERMAN) == [None]


def test_short_texts_are_not_judged_and_chinese_ones_need_fewer_letters():
    op = Language(keep=["fr"], min_chars=20)
    assert fates(op, "lol", "thank you", "很好", "12345 67890 12345 67890", CHINESE[:8]) == [None] * 4 + ["language zh"]


def test_of_pairs_both_must_fit_and_earlier_reasons_stay():
    frame = rows(ENGLISH, GERMAN, pairs=[GERMAN, GERMAN], reasons=[None, "earlier"])
    assert Language(keep=["en"]).apply(frame)["_reason"].to_list() == ["language de", "earlier"]


def test_the_codes_of_a_card_are_those_of_the_detector():
    assert set(get_args(Code)) == set(_identifier().labels)
    assert {code for codes in INCLUDED.values() for code in codes} <= set(get_args(Code))
    for wrong in (["klingon"], []):
        with pytest.raises(ValidationError):
            Language(keep=wrong)
