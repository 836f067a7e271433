"""Values that come back from YAML as they were, whatever stands in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry import yamlsource
from registry.infer import emit
from tests.strategies import texts

anything = st.text(st.characters(codec="utf-8"), max_size=30)
keys = anything.filter(lambda key: key != "<<")
data = st.recursive(
    st.one_of(anything, texts, st.booleans(), st.none(), st.integers(-(10**9), 10**9)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(keys, inner, max_size=3)),
    max_leaves=8,
)


def back(text):
    return yamlsource.parse(text, "card").data


@given(data, anything)
def test_any_value_comes_back_whatever_the_comments_say(value, note):
    lines = [*emit.comment(note), f"a: {emit.value(value)}", *emit.comment(note), "b: end"]
    assert back("\n".join(lines) + "\n") == {"a": value, "b": "end"}


@given(st.lists(anything, min_size=1, max_size=4).map("\n".join))
def test_any_block_comes_back(text):
    found = back(f"a: {emit.block(text)}\nb: end\n")
    assert found["b"] == "end"
    assert found["a"].removesuffix("\n") == text.removesuffix("\n")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain words", "plain words"),
        ("正面", "正面"),
        ("😀", '"😀"'),
        ("no", '"no"'),
        ("null", '"null"'),
        ("1e3", '"1e3"'),
        ("a: b # c", '"a: b # c"'),
        ("\t", '"\\t"'),
        ("a\u2028b", '"a\\U00002028b"'),
        ("", '""'),
    ],
)
def test_a_scalar_is_plain_only_where_it_can_mean_nothing_else(text, written):
    assert emit.scalar(text) == written


def test_a_comment_is_folded_and_shows_what_cannot_be_seen():
    (line,) = emit.comment("a\nb\x1b[31m\u202e")
    assert line == "# a\\nb\\x1b[31m\\u202e"
    assert all(line.startswith("# ") for line in emit.comment("word " * 100))
