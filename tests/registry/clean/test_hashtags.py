"""Topics, as most platforms write them and as Weibo does."""

import polars as pl
import pytest

from registry.clean.hashtags import Hashtags


def replaced(text, **parameters):
    return Hashtags(**parameters).apply(pl.DataFrame({"text": [text]}))["text"].item()


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("#happy,#2020vision #été", "happy,2020vision été"),
        ("#旅行#北京#美食", "旅行北京美食"),
        ("#旅行##北京# 好", "旅行北京 好"),
        ("C# F#sharp #1 a#b ＃東京", "C# F#sharp #1 a#b 東京"),
        ("##heading", "heading"),
    ],
)
def test_a_topic_is_a_word_with_a_sign(text, after):
    assert replaced(text) == after


def test_a_closed_topic_may_be_a_sentence():
    text = "#你好，李焕英##春节 档# 好看 #1 and #more"
    assert replaced(text, closed=True, replace="token") == "<HASHTAG><HASHTAG> 好看 <HASHTAG>more"
    assert replaced("#a\nb#", closed=True) == "#a\nb#"
