"""What an answer quotes goes; what its writer wrote stays."""

import polars as pl
import pytest

from registry.clean.quote_lines import QuoteLines


def cleaned(text, **parameters):
    return QuoteLines(**parameters).apply(pl.DataFrame({"text": [text]}))["text"].item()


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("> a\n>> b\n > c\nd\n>e", "d\n"),
        ("Yes.\n\nOn 5 Jan 2026 at 10:00, Ann wrote:\n> no?", "Yes.\n\n"),
        ("Yes.\r\nOn Mon, Jan 5, 2026 at 10:00 AM Ann Example\r\n<ann@example.org> wrote:\r\n> no?\r\n", "Yes.\r\n"),
        ("好\n在2026年1月5日，小明写道：\n> 吗", "好\n"),
        ("好\n小明 <m@example.org> 于2026年1月5日周一 下午3:00写道：\n", "好\n"),
        ("OK\n-----Original Message-----\nSo?\n", "OK\n"),
        ("好的\n------------------ 原始邮件 ------------------\n吗？", "好的\n"),
        ("OK\n________________________________\nFrom: Ann\nSent: Monday\nTo: Bob\n\nSo?", "OK\n"),
        ("好的\n发件人: 小明\n发送时间: 2026年1月5日\n吗？", "好的\n"),
    ],
)
def test_quotes_go(text, after):
    assert cleaned(text) == after


@pytest.mark.parametrize(
    "text",
    [
        "if a > b\nthen c",
        "On the other hand,\nas she wrote:\nno",
        "鲁迅写道：",
        "From: Ann\nDate: today\n\nnot a quote",
        "--- a line ---",
        "Bye\n-- \nAnn",
    ],
)
def test_what_is_no_quote_stays(text):
    assert cleaned(text) == text


def test_signatures_go_when_asked_for():
    assert cleaned("Bye\r\n-- \r\nAnn\r\nTel. 1", signatures="drop") == "Bye\r\n"
    assert cleaned("a -- b\n--- c", signatures="drop") == "a -- b\n--- c"


@pytest.mark.parametrize("unit", ["On 1\n", "On 1 wrote:\n", "<a@b ", ">\n", "From: a\n", "写道：", "-----"])
def test_a_megabyte_of_beginnings_is_no_trap(unit):
    once = cleaned(unit * (1_000_000 // len(unit)))
    assert cleaned(once) == once
