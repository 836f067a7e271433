"""Names of users: `@name`, also those of the Fediverse (`@name@host`). E-mail addresses are not mentions."""

from typing import Any, ClassVar

import polars as pl

from registry.frozen import Frozen
from registry.text import inputs
from registry.texts.rewriting import Placeholder, Replace, replacement

_BEFORE, _SIGN = r"(^|[^\p{Latin}\p{Greek}\p{Cyrillic}\p{N}_@＠])", "[@＠]"
_LATIN = "[A-Za-z0-9_]+"


class Mentions(Frozen):
    """A Latin name ends where Chinese begins (`@bob的分享`). With `mixed_names` it does not, as on Weibo, where names
    may be both (`@TFBOYS-王俊凯`) and a space ends them."""

    replace: Replace = "token"
    placeholder: Placeholder = "<USER>"
    mixed_names: bool = False

    version: ClassVar[int] = 1
    libraries: ClassVar[tuple[str, ...]] = ()
    examples: ClassVar[tuple[tuple[dict[str, Any], str, str | None], ...]] = (
        ({}, "@Bob_1: thanks, @ann@example.social!", "<USER>: thanks, <USER>!"),
        ({}, "谢谢@bob的分享 //@小明：好", "谢谢<USER>的分享 //<USER>：好"),
        ({"mixed_names": True, "placeholder": "@user"}, "@Kevin-小王 你好", "@user 你好"),
        ({"replace": "drop"}, "@a@b hi", " hi"),
        ({}, "bob@example.org costs 3 @ 5", "bob@example.org costs 3 @ 5"),
    )

    def apply(self, rows: pl.DataFrame) -> pl.DataFrame:
        part = r"\w+" if self.mixed_names else _LATIN
        name = r"\w+(?:-\w+)*" if self.mixed_names else rf"(?:{_LATIN}|\w+)"
        mention = rf"{_BEFORE}{_SIGN}{name}(?:{_SIGN}{name}(?:[.-]{part})*)*"
        put = f"${{1}}{replacement(self.replace, self.placeholder)}"
        return rows.with_columns(pl.col(inputs(rows)).str.replace_all(mention, put))
