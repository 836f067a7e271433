"""The share of symbols."""

from registry.clean.symbol_ratio import SymbolRatio
from tests.registry.clean.rows import fates


def test_symbols_are_counted_among_all_that_is_no_white_space():
    assert fates(SymbolRatio(at_most=0.5), "ab !!", "ab !!!", "👍👍", "कि", "12", "  ") == [
        None,
        "over 0.5 symbols",
        "over 0.5 symbols",
        None,
        None,
        None,
    ]
