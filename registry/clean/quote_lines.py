"""What a message quotes of the one that it answers: lines with `>`, and all below `-----Original Message-----`.

The line that introduces a quote (`On ..., Ann wrote:`, 在……写道：) goes with it.
"""

from typing import Any, ClassVar, Literal

import polars as pl

from registry.frozen import Frozen
from registry.text import inputs

_END = r"[ \t]*(?:\r?\n|\z)"
_QUOTED = r"(?m)^[ \t]*>[^\n]*(?:\n|\z)"
# Mail programs break the line that introduces a quote. Lines before it that look like its beginning go with it, so that
# what is left cannot be read as one.
_ON = r"[ \t]*On [^\n]*[0-9][^\n]*"
_INTRODUCED = (
    rf"(?m)^(?:{_ON}\n)*{_ON}(?:\n[^\n]*)?\bwrote:{_END}"
    rf"|^[ \t]*(?:在|於)[ \t]*[0-9][^\n]*[写寫]道[：:]{_END}"
    rf"|^[^\n]*<[^<>\s]+@[^<>\s]+>[^\n]*[写寫]道[：:]{_END}"
)
_ORIGINAL = (
    r"(?ims)^[ \t]*-{2,}[ \t]*(?:Original Message|原始邮件|原始郵件|原邮件|回复的原邮件)[ \t]*-{2,}.*"
    r"|^(?:_{5,}[ \t]*\r?\n)?[ \t]*From:[^\n]*\n[ \t]*Sent:.*"
    r"|^[ \t]*(?:发件人|寄件者)[：:][^\n]*\n[ \t]*(?:发送时间|寄件日期|日期)[：:].*"
)
_SIGNATURE = r"(?ms)^-- ?\r?$.*"


class QuoteLines(Frozen):
    """`signatures: drop` also takes what stands below a line of two hyphens (RFC 3676)."""

    signatures: Literal["keep", "drop"] = "keep"

    version: ClassVar[int] = 1
    libraries: ClassVar[tuple[str, ...]] = ()
    examples: ClassVar[tuple[tuple[dict[str, Any], str, str | None], ...]] = (
        ({}, "On Mon, 5 Jan 2026,\nAnn <a@example.org> wrote:\n> hello\n>> old\nHello!", "Hello!"),
        ({}, "好的。\n在 2026年1月5日 10:00，“王” <w@example.org> 写道：\n> 可以吗？\n", "好的。\n"),
        ({}, "Agreed.\n-----Original Message-----\nFrom: Bob\nWhat now?", "Agreed.\n"),
        ({"signatures": "drop"}, "See you\n-- \nBob\nExample Inc.", "See you\n"),
        ({}, "5 > 3, and on Monday she wrote: hi", "5 > 3, and on Monday she wrote: hi"),
    )

    def apply(self, rows: pl.DataFrame) -> pl.DataFrame:
        text = pl.col(inputs(rows))
        for pattern in (_QUOTED, _INTRODUCED, _ORIGINAL, *([_SIGNATURE] if self.signatures == "drop" else [])):
            text = text.str.replace_all(pattern, "")
        return rows.with_columns(text)
