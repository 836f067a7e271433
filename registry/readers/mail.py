"""Mail (RFC 822): one row a message, with the columns subject, sender, date and body as text.

The body is the first part of plain text that is not blank, else the first of HTML without its tags, else what other
text there is; attachments and all other headers are left out. Text is decoded with the character set that its part
declares, else the source's `encoding`, else UTF-8; where none fits, each byte becomes the latin-1 character, so
that nothing is lost. Broken messages are read as far as they can be understood.
"""

import codecs
import email
import re
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from itertools import pairwise
from pathlib import Path
from typing import ClassVar

import polars as pl
from pydantic import Field

from registry.errors import UserError
from registry.frozen import Frozen
from registry.reading.encodings import WIDER
from registry.reading.markup import html_text

COLUMNS = ("subject", "sender", "date", "body")
_NO_TEXT = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "utf_7"})
"""Codecs of Python that are no character sets of mail; some are slow on purpose-made bytes."""
_CHARSET = re.compile(r"""charset\*?\s*=\s*(?:[\w-]*'\w*')?["']?([^\s"';]+)""", re.IGNORECASE)
_NEXT_IN_MBOX = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From [^\n]*\n")


class Mail(Frozen):
    """One message a file, or a mailbox of many."""

    version: ClassVar[int] = 1
    mbox: bool = Field(
        default=False, description='the file is a mailbox: each "From " line after a blank one begins a message'
    )

    def read(self, path: Path, encoding: str) -> pl.DataFrame:
        """All messages in order; a part that a message lacks is missing in its row."""
        try:
            data = path.read_bytes()
        except OSError as error:
            raise UserError(f"cannot be read: {error.strerror or error}", where=str(path)) from None
        messages = [re.sub(rb"(?m)^>(>*From )", rb"\1", one) for one in _split(data)] if self.mbox else [data]
        rows = [_row(message, encoding, str(path)) for message in messages]
        return pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String), orient="row")


def _split(data: bytes) -> Iterator[bytes]:
    starts = (match.start() for match in _NEXT_IN_MBOX.finditer(data))
    for start, end in pairwise([0, *starts, len(data)]):
        if data[start:end].strip():
            yield data[start:end]


def _row(data: bytes, encoding: str, where: str) -> tuple[str | None, ...]:
    try:
        message = email.message_from_bytes(data)
        headers = (_header(message, name, encoding) for name in ("subject", "from", "date"))
        return (*headers, _body(message, encoding, where))
    except RecursionError:
        raise UserError("holds a message whose parts are nested too deep", where=where) from None


def _header(message: Message, name: str, encoding: str) -> str | None:
    """A header on one line, encoded words decoded where possible; bare bytes are taken to be as the body is."""
    raw = next((value for key, value in message.raw_items() if key.lower() == name), None)
    if raw is None:
        return None
    line = re.sub(r"\r?\n(?=[ \t])", "", str(raw)).strip()
    if not line.isascii():
        return _decoded(line.encode("utf-8", "surrogateescape"), _charset(message), encoding)
    try:
        parts = decode_header(line)
    except HeaderParseError:
        return line
    return "".join(text if isinstance(text, str) else _decoded(text, charset, encoding) for text, charset in parts)


def _body(message: Message, encoding: str, where: str) -> str | None:
    texts: dict[str, str] = {}
    for part in message.walk():
        kind = part.get_content_type()
        if part.is_multipart() or _raw(part, "content-disposition").lower().startswith("attachment"):
            continue
        if kind.startswith(("text/", "multipart/")):  # a multipart that has no parts is broken: its text is left
            kind = kind if kind in ("text/plain", "text/html") else "other"
            text = _decoded(_bytes(part), _charset(part), encoding)
            if not texts.get(kind, "").strip():
                texts[kind] = text
    plain, markup, other = (texts.get(kind) for kind in ("text/plain", "text/html", "other"))
    if markup is not None and not (plain and plain.strip()):
        return html_text(markup, where)
    return plain if plain is not None else other


def _bytes(part: Message) -> bytes:
    """The content of a part; as it was written where its transfer encoding yields nothing."""
    data = part.get_payload(decode=True)
    if not data:
        del part["content-transfer-encoding"]
        data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _charset(part: Message) -> str | None:
    """The declared character set. Read from the header itself: the library's own reader breaks on broken ones."""
    found = _CHARSET.search(_raw(part, "content-type"))
    return found[1] if found else None


def _raw(part: Message, name: str) -> str:
    return next((str(value).strip() for key, value in part.raw_items() if key.lower() == name), "")


def _decoded(data: bytes, charset: str | None, encoding: str) -> str:
    for name in (charset, encoding, "utf-8"):
        try:
            codec = codecs.lookup(name or "utf-8").name.replace("-", "_")
            if codec not in _NO_TEXT:
                return data.decode(WIDER.get(codec, codec))
        except (LookupError, UnicodeError, ValueError):
            continue  # the next one; the last always fits
    return data.decode("latin-1")
