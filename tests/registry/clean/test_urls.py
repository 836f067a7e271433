"""Where a web address begins and ends."""

import polars as pl
import pytest
from pydantic import ValidationError

from registry.clean.urls import Urls


def replaced(text, **parameters):
    return Urls(**parameters).apply(pl.DataFrame({"text": [text]}))["text"].item()


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("http://a.example/x.", "<URL>."),
        ("(http://a.example/x)", "(<URL>)"),
        ("http://en.example/wiki/Set_(mathematics)", "<URL>"),
        ("[text](https://a.example/?q=1&r=2#s)", "[text](<URL>)"),
        ("“https://a.example”", "“<URL>”"),
        ('<a href="http://a.example">', '<a href="<URL>">'),
        ("HTTP://A.EXAMPLE/ and WWW.a.example!", "<URL> and <URL>!"),
        ("texthttp://t.example/1http://t.example/2", "text<URL>"),
        ("ftp://user:x@[::1]:21/f", "<URL>"),
        ("https://ru.example/Москва, https://de.example/Käse.", "<URL>, <URL>."),
        ("网址http://a.example/页面", "网址<URL>页面"),
        ("见www.a.example，谢谢", "见<URL>，谢谢"),
        ("https://a.example/x（推荐）", "<URL>（推荐）"),
        ("http://a.exampleから", "<URL>から"),
        ("http://a.example/x에서", "<URL>에서"),
        ("awww.cute http:// www. example.org ftp", "awww.cute http:// www. example.org ftp"),
    ],
)
def test_an_address_ends_where_its_sentence_goes_on(text, after):
    assert replaced(text) == after


def test_the_placeholder_is_of_a_form_that_no_op_finds_again():
    for wrong in ("http://x.example", "a b", "$1", "#tag", ""):
        with pytest.raises(ValidationError, match="placeholder"):
            Urls(placeholder=wrong)
    assert replaced("http://a.example", placeholder="[LINK]") == "[LINK]"


def test_an_address_of_a_million_brackets_is_no_trap():
    assert replaced("http://a" + "(" * 1_000_000) == "<URL>" + "(" * 1_000_000
