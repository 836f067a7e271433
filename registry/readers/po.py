"""gettext catalogues (PO): one row an entry, the header left out.

The columns are msgctxt, msgid, msgid_plural, msgstr, msgstr_plural, fuzzy and obsolete. An entry with plural forms
has all of them in msgstr_plural, by number, and the first in msgstr; what an entry lacks is missing in its row.
An own parser, because polib opens the file that a catalogue names in its only line, cuts the ends off a string
without quotes, and breaks lines at characters that are none to gettext.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import polars as pl

from registry.errors import UserError, clipped
from registry.frozen import Frozen
from registry.reading.formats import decoded

SCHEMA = {
    "msgctxt": pl.String(),
    "msgid": pl.String(),
    "msgid_plural": pl.String(),
    "msgstr": pl.String(),
    "msgstr_plural": pl.List(pl.String),
    "fuzzy": pl.Boolean(),
    "obsolete": pl.Boolean(),
}
_LINE = re.compile(
    r'(?P<obsolete>#~)?\s*(?:(?P<key>msgctxt|msgid_plural|msgid|msgstr(?:\[\d{1,2}\])?)\s*)?"(?P<text>(?:[^"\\]|\\.)*)"\s*'
)
_ESCAPES = dict(zip('ntrvbfa\\"', '\n\t\r\v\b\f\a\\"', strict=True))
DO = "Mend the catalogue; `msgfmt --check` shows more."


class Po(Frozen):
    """A gettext catalogue of messages and their translations."""

    version: ClassVar[int] = 1

    def read(self, path: Path, encoding: str) -> pl.DataFrame:
        """All entries in order, fuzzy and obsolete ones too. UserError names the line that cannot be read."""
        text = "".join(decoded(path, encoding))
        try:
            entries = [entry.row() for entry in _entries(text) if not entry.is_header]
        except _SyntaxError as error:
            raise UserError(error.what, where=f"{path}:{error.line}", do=DO) from None
        return pl.DataFrame(entries, schema=SCHEMA, orient="row")


class _SyntaxError(Exception):
    def __init__(self, line: int, what: str) -> None:
        self.line, self.what = line, what
        super().__init__(what)


class _Entry:
    """What was read of one entry: its strings by keyword, in pieces."""

    def __init__(self) -> None:
        self.texts: dict[str, list[str]] = {}
        self.line, self.fuzzy, self.obsolete = 0, False, False

    @property
    def is_translated(self) -> bool:
        return any(key.startswith("msgstr") for key in self.texts)

    @property
    def is_header(self) -> bool:
        return self._text("msgid") == "" and "msgctxt" not in self.texts

    def row(self) -> tuple[Any, ...]:
        numbered = sorted((int(key[7:-1]), key) for key in self.texts if key.startswith("msgstr["))
        forms = [self._text(key) for _, key in numbered]
        names = [self._text(key) for key in ("msgctxt", "msgid", "msgid_plural")]
        return (*names, forms[0] if forms else self._text("msgstr"), forms or None, self.fuzzy, self.obsolete)

    def _text(self, key: str) -> str | None:
        return "".join(self.texts[key]) if key in self.texts else None


def _entries(text: str) -> Iterator[_Entry]:
    entry, key = _Entry(), ""
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.strip(" \t\r")
        comment = line.startswith("#") and not line.startswith("#~")
        found = None if comment or not line or line.startswith("#~|") else _LINE.fullmatch(line)
        begins = comment or (found is not None and found["key"] in ("msgctxt", "msgid"))
        if begins and entry.is_translated:
            yield _whole(entry)
            entry, key = _Entry(), ""
        if line.startswith("#,"):
            entry.fuzzy |= "fuzzy" in re.split(r"[#,\s]+", line)
        elif found is not None:
            key = _add(entry, found, key, number)
        elif line and not comment and not line.startswith("#~|") and line != "#~":
            raise _SyntaxError(number, f"is neither a comment nor a keyword with a quoted string: {clipped(line, 60)}")
    if entry.texts:
        yield _whole(entry)


def _add(entry: _Entry, found: re.Match[str], key: str, number: int) -> str:
    """Add a line to its entry; its keyword, or that of the line that it continues."""
    entry.line = entry.line or number
    entry.obsolete |= found["obsolete"] is not None
    if found["key"]:
        key = found["key"]
        if key in entry.texts:
            raise _SyntaxError(number, f"{key} occurs twice in one entry")
        entry.texts[key] = []
    if not key:
        raise _SyntaxError(number, "is a string without a keyword")
    entry.texts[key].append(_unescaped(found["text"], number))
    return key


def _whole(entry: _Entry) -> _Entry:
    if "msgid" not in entry.texts or not entry.is_translated:
        raise _SyntaxError(entry.line, "begins an entry that lacks its msgid or its msgstr")
    return entry


def _unescaped(text: str, number: int) -> str:
    def character(match: re.Match[str]) -> str:
        if match[1] not in _ESCAPES:
            raise _SyntaxError(number, f"holds the escape \\{clipped(match[1])}, which is not read")
        return _ESCAPES[match[1]]

    return re.sub(r"\\(.)", character, text, flags=re.DOTALL)
