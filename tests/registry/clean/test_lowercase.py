"""Lower case is a spelling, not a key."""

import polars as pl
import pytest

from registry.clean.lowercase import Lowercase


@pytest.mark.parametrize(
    ("text", "after"),
    [("ÀÉÎ", "àéî"), ("STRASSE Straße", "strasse straße"), ("ΟΔΟΣ", "οδος"), ("Ж中文ABC", "ж中文abc"), ("ⅧⒶ", "ⅷⓐ")],
)
def test_each_script_has_its_own(text, after):
    assert Lowercase().apply(pl.DataFrame({"text": [text]}))["text"].item() == after
