"""HTML to text: what is markup goes, what only looks like it stays, and no text takes long."""

import polars as pl
import pytest

from registry.clean.strip_html import StripHtml


def stripped(text):
    return StripHtml().apply(pl.DataFrame({"text": [text]}))["text"].item()


@pytest.mark.parametrize(
    "text",
    [
        "a < b",
        "a <b",
        "1 <2> 3",
        "I <3 you",
        "List<String> of <unk>, <EMAIL>, <mask> and <|end|>",
        "<john@example.org> <https://example.org/a>",
        "x[y[0]]>3",
        "R&D, AT&T, a&b; and &unknown;",
        "?a=1&copy=2",
        "大小 <未知> &",
        "if (a<b && c>d) x(); for (i<n || u>v)",
        "1<a and a>2, function f<A extends B>(x: A)",
        "std::vector<std::string> names",
    ],
)
def test_what_is_no_markup_stays(text):
    assert stripped(text) == text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<h1>Title</h1><p>One<br>two</p><ul><li>a</li><li>b</li></ul>", "Title\nOne\ntwo\na\nb"),
        ("<table><tr><td>1</td><td>2</td></tr></table>", "1\n2"),
        ("un<b>believ</b>able <A HREF='x>y'>link</A>", "unbelievable link"),
        ("a<script type='x'>if (1<2) { '</p>' }</script >b<style>p{}</style>c", "abc"),
        ("a<template><p>x</p></template>b<noscript>y</noscript>", "ab"),
        ("<p title='<script>'>shown</p>", "shown"),
        ("a<!-- <p> -- > -->b<!---->c<!-- never closed", "abc"),
        ("before<script>never closed", "before"),
        ("<!DOCTYPE html><?xml version='1.0'?><html><body>好</body></html>", "好"),
        ("<![CDATA[x < y]]>", "x < y"),
        ("<o:p>Word</o:p><my-tag a='1'/>", "Word"),
        ("&lt;b&gt;AG&lt;/b&gt; &amp;amp; &#x4F60;&#22909;", "AG & 你好"),
        ("</p>stray</script>", "stray"),
        ("<input disabled type=radio checked>a<td nowrap width=50%>b<br / >c<p hidden>d", "a\nb\nc\nd"),
        ("<img src=\"x\"alt='>'/>a<div :k='1' @click=\"a>b\" data-x>b<script odd>c</script>", "a\nb"),
        ("&#0;&#xD800;&#1114112;", "\ufffd\ufffd\ufffd"),
    ],
)
def test_markup_goes(markup, text):
    assert stripped(markup) == text


def test_markup_that_shows_when_other_markup_goes_is_markup():
    assert stripped("<<b>b>bold<</b>/b> <scr<script></script>ipt>alert(1)</script>") == "bold"


@pytest.mark.parametrize(
    "text",
    [
        "<" * 30_000 + "b>" * 30_000,
        "&" + "amp;" * 30_000 + "lt;b&gt;",
        "<div>" * 30_000,
        '<b a="' * 30_000,
        "<!--<b>" * 30_000,
        "<b a='\">" * 30_000,
    ],
)
def test_text_that_was_made_to_take_long_does_not(text):
    once = stripped(text)
    assert stripped(once) == once
    assert len(once) <= len(text)
