"""Chinese words parted by spaces, without what jieba does on the side."""

import subprocess
import sys
import tempfile

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from registry.clean.segment import Segment


def parted(text, **parameters):
    return Segment(**parameters).apply(pl.DataFrame({"text": [text]}))["text"].item()


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("今天天气很好，\n我们去公园。", "今天天气 很 好 ，\n我们 去 公园 。"),
        ("用Python3写的T恤", "用 Python3 写 的 T恤"),
        ("価格はJPY", "価 格 は JPY"),
        ("见<URL>，谢谢@user[微笑]", "见 <URL> ， 谢谢 @user [微笑]"),
        ("한국어 and English", "한국어 and English"),
    ],
)
def test_only_chinese_is_parted(text, after):
    assert parted(text) == after


def test_words_of_the_card_stay_whole():
    assert parted("蓝瘦香菇了") != "蓝瘦香菇 了"
    assert parted("蓝瘦香菇了", words=["蓝瘦香菇"]) == "蓝瘦香菇 了"
    with pytest.raises(ValidationError):
        Segment(words=["two words"])


@settings(max_examples=60)
@given(
    text=st.text("不信往上一族带大轰下放点小本打好粘之于要用很顺走出真多收前晚飞到哪知水鱼，a ", max_size=24),
    hmm=st.booleans(),
)
def test_words_that_were_parted_stay_as_they_are(text, hmm):
    once = parted(text, hmm=hmm)
    assert parted(once, hmm=hmm) == once
    assert once.replace(" ", "") == text.replace(" ", "")


def test_it_writes_no_file_and_no_line(tmp_path):
    code = (
        "import polars; from registry.clean.segment import Segment; "
        "Segment(words=['云计算']).apply(polars.DataFrame({'text': ['云计算很好']}))"
    )
    poisoned = tmp_path / "jieba.cache"
    poisoned.write_bytes(b"not a cache")
    run = subprocess.run(
        [sys.executable, "-W", "always", "-c", f"import tempfile; tempfile.tempdir = {str(tmp_path)!r}; {code}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "jieba" not in run.stdout + run.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["jieba.cache"]
    assert poisoned.read_bytes() == b"not a cache"
    assert tempfile.gettempdir() != str(tmp_path)


def test_a_run_without_punctuation_takes_no_longer_than_one_with():
    assert parted("发" * 20_000).replace(" ", "") == "发" * 20_000
