"""What counts as a word, wherever words are counted.

In scripts with spaces, a word is what stands between white space, as `wc -w` counts; each Han or Kana character is one
word together with the punctuation beside it. Scripts that are written without spaces otherwise (Thai, Khmer) are not
segmented: there a word is what stands between white space, too.
"""

import polars as pl

CJK = r"\p{Han}\p{Hiragana}\p{Katakana}\u{30FC}\u{FF70}"
"""For a character class of Polars: what is a word by itself. The two long-vowel marks belong to no script."""

WORD = rf"[^\s\w]*[{CJK}][^\s\w]*|[^\s{CJK}]+"


def count(text: pl.Expr) -> pl.Expr:
    """How many words each text has, as u32."""
    return text.str.count_matches(WORD)


def split(text: pl.Expr) -> pl.Expr:
    """The words of each text in order, as lists."""
    return text.str.extract_all(WORD)


def mostly_characters(text: pl.Expr) -> pl.Expr:
    """Whether more than half of the words are Han or Kana characters: a text without spaces."""
    return 2 * text.str.count_matches(f"[{CJK}]") > count(text)
