"""The header of a message goes, and what only looks like one stays."""

import polars as pl
import pytest

from registry.clean.email_headers import EmailHeaders

MAIL = (
    "From ann@example.org Mon Jan  5 10:00:00 2026\r\n"
    "Return-Path: <ann@example.org>\r\n"
    "Received: from mail.example.org\r\n\tby mx.example.net; Mon, 5 Jan 2026\r\n"
    "X-Spam-Flag: YES\r\n"
    "Subject: =?UTF-8?B?5L2g5aW9?=\r\n  and more\r\n"
    "\r\n"
    "Dear all: hello\r\n"
)


def cleaned(text, **parameters):
    return EmailHeaders(**parameters).apply(pl.DataFrame({"text": [text]}))["text"].item()


def test_the_whole_header_goes_with_its_continuation_lines():
    assert cleaned(MAIL) == "Dear all: hello\r\n"


def test_the_subject_can_stay_as_one_line():
    assert cleaned(MAIL, keep="subject") == "Subject: =?UTF-8?B?5L2g5aW9?= and more\n\nDear all: hello\r\n"
    assert cleaned("From: a\nDate: b\n\ntext", keep="subject") == "text"


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("From: a\nSubject: b\nOrganization: c\nLines: 3\n\ntext", "text"),
        ("\n\nSubject: b\n\ntext", "text"),
        ("Subject: b\ntext", "text"),
        ("From: a\nTo: b\ntext with no: field", "text with no: field"),
        ("From: a\nArticle-I.D.: b\n\n主题：好", "主题：好"),
        ("From: a\nSubject: b\n\nFrom: c\nSubject: d\n\nforwarded", "forwarded"),
        ("Subject: b", ""),
    ],
)
def test_headers_of_mails_and_of_news(text, after):
    assert cleaned(text) == after


@pytest.mark.parametrize(
    "text",
    [
        "Note: this\nand: that\n\ntext",
        "Date: tonight\nBe there",
        "text\n\nFrom: a\nSubject: b\n\n",
        "From here on it is: easy\nTo: be",
        "http://a.example: a link\n\ntext",
        "",
    ],
)
def test_texts_that_begin_with_something_else_stay(text):
    assert cleaned(text) == text


@pytest.mark.parametrize("unit", ["Subject: a\n", "X-Y: a\n", "a: b\n", "From: a\n x\n", " \n"])
def test_a_header_of_a_megabyte_is_no_trap(unit):
    once = cleaned(unit * (1_000_000 // len(unit)))
    assert cleaned(once) == once
