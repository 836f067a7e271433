"""Who is meant by an @, and where the name ends."""

import polars as pl
import pytest

from registry.clean.mentions import Mentions


def replaced(text, **parameters):
    return Mentions(**parameters).apply(pl.DataFrame({"text": [text]}))["text"].item()


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("@ann, @bob_2: hi", "<USER>, <USER>: hi"),
        (".@ann (@bob)", ".<USER> (<USER>)"),
        ("@ann@bob", "<USER>"),
        ("@ann@chat.example.", "<USER>."),
        ("ann@mail.example josé@mail.example", "ann@mail.example josé@mail.example"),
        ("@ 5 @@ann", "@ 5 @@ann"),
        ("＠小明 你好", "<USER> 你好"),
        ("回复@小明:好 //@Ann的：对", "回复<USER>:好 //<USER>的：对"),
    ],
)
def test_names_end_where_they_end(text, after):
    assert replaced(text) == after


def test_mixed_names_end_at_a_space_or_at_punctuation():
    assert replaced("@TFBOYS-王俊凯 好 @小明Ann：对", mixed_names=True) == "<USER> 好 <USER>：对"


def test_a_placeholder_that_is_a_mention_is_found_again_as_itself():
    once = replaced("@小明@ann.b_@c你", placeholder="@user", mixed_names=True)
    assert replaced(once, placeholder="@user", mixed_names=True) == once == "@user"
