"""Numbers that are drawn for values by hash: the same on every machine, whatever other values there are."""

import polars as pl

from registry.digest import hashed

BITS = 60
"""Of the sha256: exact in a signed 64-bit integer, and far finer than any share."""


def drawn(values: pl.Series, salt: str) -> pl.Series:
    """A whole number for each string, from 0 to below 2^60. Null stays null."""
    numbers: pl.Series = hashed(values, salt, BITS // 4).str.to_integer(base=16)
    return numbers


def fractions(values: pl.Series, salt: str) -> pl.Series:
    """Where each string falls, from 0 to below 1."""
    found: pl.Series = drawn(values, salt) / 2**BITS
    return found
