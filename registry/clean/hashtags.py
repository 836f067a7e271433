"""Topics: `#topic`, and `#topic#` as Weibo has it. Numbers alone (`#1`) and what follows a letter (`C#`) are none.

Put it after `urls` and `unescape_html`: addresses and character references hold the sign, too.
"""

from typing import Any, ClassVar, Literal

import polars as pl

from registry.frozen import Frozen
from registry.text import inputs
from registry.texts.rewriting import Placeholder

_OPEN = r"(?-u:\b{start-half})[#＃]+([0-9_]*[\p{L}\p{M}][\p{L}\p{M}0-9_]*)[#＃]?"
_CLOSED = r"[#＃]+([^#＃\n]+)[#＃]"


class Hashtags(Frozen):
    """`word` leaves the topic without its sign. `closed` means that every topic ends with a sign as well, and may
    hold spaces and punctuation: `#你好，李焕英#`."""

    replace: Literal["word", "token", "drop"] = "word"
    placeholder: Placeholder = "<HASHTAG>"
    closed: bool = False

    version: ClassVar[int] = 1
    libraries: ClassVar[tuple[str, ...]] = ()
    examples: ClassVar[tuple[tuple[dict[str, Any], str, str | None], ...]] = (
        ({}, "#happy to be #1 in C#", "happy to be #1 in C#"),
        ({}, "今天#旅行#真好", "今天旅行真好"),
        ({"replace": "token"}, "so #happy!", "so <HASHTAG>!"),
        ({"replace": "drop", "closed": True}, "#你好，李焕英# 好看 #1", " 好看 #1"),
    )

    def apply(self, rows: pl.DataFrame) -> pl.DataFrame:
        put = {"word": "$1", "token": self.placeholder, "drop": ""}[self.replace]
        pattern = _CLOSED if self.closed else _OPEN
        return rows.with_columns(pl.col(inputs(rows)).str.replace_all(pattern, put))
