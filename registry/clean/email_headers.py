"""The header of an e-mail or news message at the beginning of a text (RFC 5322), with continuation lines.

A header is two or more fields of which one is usual in mails, or a subject alone; a blank line ends it, and where none
follows, the first line that is no usual field. Headers give labels away. Encoded words and MIME parts are not decoded.
"""

from typing import Any, ClassVar, Literal

import polars as pl

from registry.frozen import Frozen
from registry.text import inputs

_NAMES = (
    "from to cc bcc subject date reply-to sender return-path received message-id in-reply-to references "
    "mime-version user-agent organization newsgroups followup-to distribution lines keywords summary path xref "
    "originator precedence sent importance priority delivered-to delivery-date errors-to status thread-index "
    "thread-topic x-[!-9;-~]+ content-[a-z-]+ list-[a-z-]+ resent-[a-z-]+ nntp-[a-z-]+ dkim-[a-z-]+ "
    "authentication-results"
).split()
_VALUE = r"[ \t]*:[^\n]*(?:\n[ \t]+\S[^\n]*)*(?:\n|\z)"
_ANY = rf"(?:[A-Za-z][!-9;-~]*{_VALUE})"
_USUAL = rf"(?:(?:{'|'.join(_NAMES)}){_VALUE})"
_SUBJECT = f"(?:subject{_VALUE})"
_HEADER = (
    r"(?:\s*\n)?(?:From [^\n]*\n)?"
    rf"(?:(?:{_ANY}*{_USUAL}{_ANY}+|{_ANY}+{_USUAL}|{_SUBJECT})(?:\r?\n|\z)|{_USUAL}{{2,}}|{_SUBJECT})"
)


class EmailHeaders(Frozen):
    """`keep: subject` leaves the first subject as one line, `Subject: ...`, above the message."""

    keep: Literal["nothing", "subject"] = "nothing"

    version: ClassVar[int] = 1
    libraries: ClassVar[tuple[str, ...]] = ()
    examples: ClassVar[tuple[tuple[dict[str, Any], str, str | None], ...]] = (
        ({}, "From: a@example.org\nReceived: from b\n\tby c; Mon\nSubject: hi\n\nBody: text", "Body: text"),
        ({"keep": "subject"}, "From: a@example.org\nSubject: 你好\n  吗\n\n正文", "Subject: 你好 吗\n\n正文"),
        ({}, "Subject: free money\nclick here", "click here"),
        ({}, "Note: two things\nFirst: one\n\nrest", "Note: two things\nFirst: one\n\nrest"),
    )

    def apply(self, rows: pl.DataFrame) -> pl.DataFrame:
        for name in inputs(rows):
            text = pl.col(name)
            header = text.str.extract(rf"(?i)\A(?:{_HEADER})+", 0)
            rest = text.str.strip_prefix(header)
            if self.keep == "subject":
                subject = header.str.extract(r"(?im)^subject[ \t]*:([^\n]*(?:\n[ \t]+\S[^\n]*)*)")
                line = subject.str.replace_all(r"\s*\n\s*", " ").str.strip_chars()
                rest = pl.when(line.is_null()).then(rest).otherwise(pl.format("Subject: {}\n\n{}", line, rest))
            rows = rows.with_columns(pl.when(header.is_null()).then(text).otherwise(rest).alias(name))
        return rows
