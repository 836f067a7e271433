"""What one file is: its encoding, its format, and how its fields are separated.

A delimiter counts as right when the card's own reader reads the file with it. Refuses files without a byte in them.
"""

import csv
import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from registry.errors import UserError
from registry.infer.archive import is_archive
from registry.infer.tagged import sentences
from registry.kinds import READERS
from registry.reading.encodings import WIDER
from registry.reading.formats import Guess, codec_name, decoded, guess
from registry.reading.sample import BYTES, WIDE, first_rows

HEAD = 1 << 18
"""Bytes that are looked at for guesses; what is said to be UTF-8 was read whole."""

DELIMITERS = ",;\t|"
RECORDS = 200
LONGEST_NAME = 60

FAMILY = {**WIDER, "iso8859-1": "cp1252", "big5": "big5hkscs"}
"""What a detector calls an encoding, and the larger one that reads the same bytes and more."""

PLAUSIBLE = (
    "gb18030 big5 big5hkscs shift_jis cp932 euc_jp euc_kr cp949 cp1250 cp1251 cp1252 cp1253 cp1254 cp1256".split()
)


class Sniffed(NamedTuple):
    """Keys of a source entry (`encoding`, `format`), as a card writes them, and what speaks for them."""

    keys: Mapping[str, Any]
    notes: tuple[str, ...]


def sniffed(path: Path, name: str) -> Sniffed:
    """UserError where the file is empty or no format fits it."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head.strip():
        raise UserError("is empty" if not head else "holds nothing but white space", where=name)
    if is_archive(head):
        do = 'Name a file inside it: bench card infer "{local: FILE, path: ARCHIVE!MEMBER}".'
        raise UserError("is an archive", where=name, do=do)
    known = guess(name)
    if head.startswith(b"PAR1") or (known and known.format == "parquet"):
        return Sniffed({} if known else {"format": "parquet"}, ())
    if known and known.format == "wav":
        return Sniffed({"file_column": "file"}, ())
    encoding, notes = encoding_of(path, head)
    found = _of_text(path, _text(head, encoding), known, encoding)
    return Sniffed({**found.keys, **_declared(encoding)}, (*notes, *found.notes))


def _of_text(path: Path, text: str, known: Guess | None, encoding: str) -> Sniffed:
    """The format, where the file's name does not say it, and what speaks for it."""
    if known is None or known.format == "text":
        tagged = sentences(text)
        if tagged:
            return Sniffed(tagged.keys, (tagged.why,))
        known = None if _all_tabbed(text) else known  # a table, whatever its name says
    if known and known.format != "csv":
        return Sniffed({}, ())
    if not known and text.lstrip()[:1] in ("{", "["):
        kind = "jsonl" if text.lstrip().startswith("{") and _is_lines(text) else "json"
        if kind in READERS.names():
            return Sniffed({"format": kind}, ())
    dialect = _dialect(path, text, encoding)
    if dialect is None:
        return Sniffed({} if known else {"format": "text"}, ())
    return Sniffed(_format(dialect, known), dialect.notes)


def _format(dialect: "_Dialect", known: Guess | None) -> dict[str, Any]:
    """`format:`, where the file name does not say as much already."""
    if known and dialect.options == dict(known.options):
        return {}
    return {"format": {"csv": dialect.options} if dialect.options else "csv"}


def _declared(encoding: str) -> dict[str, str]:
    return {} if encoding == "utf-8" else {"encoding": encoding}


def encoding_of(path: Path, head: bytes) -> tuple[str, tuple[str, ...]]:
    """UTF-8 where the whole file is that, else the likeliest by its head. UserError where none fits."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16", ("encoding: the file begins with the byte order mark of UTF-16",)
    try:
        for _ in decoded(path, "utf-8"):
            pass
    except UserError as error:
        from charset_normalizer import from_bytes

        best = from_bytes(head, cp_isolation=PLAUSIBLE).best()
        if best is None:
            do = "Set `encoding:` yourself, or say what the file is with `format:`."
            raise UserError(f"{error.what}, and no other encoding fits", where=str(path), do=do) from None
        name = _larger(codec_name(best.encoding), head)
        return name, (f"encoding: {error.what}; {name} fits, by the look of the characters: check a few rows",)
    return "utf-8", ()


def _larger(name: str, head: bytes) -> str:
    """The encoding that people would name: the Western one where these bytes mean the same in it, or the full one."""
    try:
        if head.decode("cp1252") == head.decode(name):
            return "cp1252"
    except UnicodeDecodeError:
        pass  # a multi-byte one, whose last character was cut, or bytes that cp1252 has no character for
    return FAMILY.get(name, name).replace("_", "-")


def _text(head: bytes, encoding: str) -> str:
    """The text of the first whole lines."""
    text = head.decode(encoding, "replace").removeprefix("\ufeff")
    return text if len(head) < HEAD else text[: text.rfind("\n") + 1]


def _all_tabbed(text: str) -> bool:
    """Whether every line has the same number of tabs, and has some."""
    counts = {line.count("\t") for line in text.splitlines() if line}
    return len(counts) == 1 and counts != {0}


def _is_lines(text: str) -> bool:
    """Whether objects stand one a line, rather than over several."""
    first = next(line for line in text.splitlines() if line.strip())
    return first.rstrip().endswith("}")


STRAY = "format: quotes are ordinary characters here: as marks around fields they would leave a field open or cut"


class _Dialect(NamedTuple):
    delimiter: str
    quote: str | None
    names: tuple[str, ...] | None
    """Made-up names where the file has no header."""

    @property
    def options(self) -> dict[str, Any]:
        return {
            **({"delimiter": self.delimiter} if self.delimiter != "," else {}),
            **({"quote": None} if self.quote is None else {}),
            **({"header": False, "columns": dict.fromkeys(self.names, "text")} if self.names else {}),
        }

    @property
    def notes(self) -> tuple[str, ...]:
        shown = {"\t": "tabs", ";": "semicolons", "|": "bars"}.get(self.delimiter)
        return (
            *([f"format: {shown} separate the fields"] if shown else []),
            *([STRAY] if self.quote is None else []),
            *(["format: the first row looks like data, so the columns are named by number"] if self.names else []),
        )


def _dialect(path: Path, text: str, encoding: str) -> _Dialect | None:
    """The likeliest dialect that the reader takes; None where nothing separates anything."""
    ranked = sorted(_candidates(text), key=lambda scored: -scored[0])
    for _, delimiter, quote, rows in ranked:
        names = None if _has_header(rows) else tuple(f"column_{number}" for number in range(1, len(rows[0]) + 1))
        dialect = _Dialect(delimiter, quote, names)
        slip = _trouble(path, _Dialect(delimiter, '"', names), encoding) if _is_slip(text, dialect) else None
        if slip:
            raise slip
        if _trouble(path, dialect, encoding) is None:
            return dialect
    return _Dialect(*ranked[0][1:3], None) if ranked else None


def _is_slip(text: str, dialect: "_Dialect") -> bool:
    """Whether quotes would be ordinary characters only because of a few lines; between tabs they often are."""
    lines = text.splitlines()
    odd = sum(line.count('"') % 2 for line in lines)
    return dialect.quote is None and dialect.delimiter != "\t" and 0 < odd * 2 <= len(lines)


def _candidates(text: str) -> Iterator[tuple[float, str, str | None, list[list[str]]]]:
    """Delimiters and quotes with the share of records that have the commonest number of fields, if that is above 1."""
    for delimiter in DELIMITERS:
        for quote in ('"', None):
            rows = _records(text, delimiter, quote)
            if not rows or len(rows[0]) < 2:
                continue
            if quote is None and _quoted(rows):
                continue
            width, count = Counter(map(len, rows)).most_common(1)[0]
            if width == len(rows[0]):
                yield count / len(rows) + (0.001 if quote else 0), delimiter, quote, rows


def _quoted(rows: list[list[str]]) -> bool:
    """Whether quotes, taken for ordinary characters, enclose fields in most rows: then they are none."""
    enclosed = sum(any(len(one) > 1 and one[0] == one[-1] == '"' for one in row) for row in rows)
    return enclosed * 2 > len(rows)


def _records(text: str, delimiter: str, quote: str | None) -> list[list[str]]:
    """The first records; none where a quote is not one."""
    quoting: Any = csv.QUOTE_NONE if quote is None else csv.QUOTE_MINIMAL
    reader = csv.reader(text.splitlines(True), delimiter=delimiter, quotechar=quote, quoting=quoting, strict=True)
    rows: list[list[str]] = []
    try:
        for row in reader:
            if row:
                rows.append(row)
            if len(rows) == RECORDS:
                break
    except csv.Error as error:
        # Anything else is the end of what was looked at, in the middle of a quoted field.
        return [] if "expected after" in str(error) else rows
    return rows


def _has_header(rows: list[list[str]]) -> bool:
    """Whether the first row names columns: short, filled, no numbers, and no values of the rows below."""
    first, body = rows[0], rows[1:]
    if any(not name.strip() or len(name) > LONGEST_NAME for name in first):
        return False
    if any(re.fullmatch(r"[-+]?[\d.,]+", name.strip()) for name in first):
        return False
    return not any(name in {row[place] for row in body if place < len(row)} for place, name in enumerate(first))


def _trouble(path: Path, dialect: _Dialect, encoding: str) -> UserError | None:
    """Why the card's reader does not take the file so, if it does not; of a large one, its beginning."""
    reader = READERS.get("csv").model_validate(dialect.options)
    with tempfile.TemporaryDirectory(prefix="cardbench-") as folder:
        if path.stat().st_size > BYTES and not encoding.startswith(WIDE):
            head = first_rows(path, BYTES, dialect.quote)
            path = Path(folder) / "head"
            path.write_bytes(head)
        try:
            empty = not reader.read(path, encoding).height
        except UserError as error:
            return error
    return UserError("holds no row", where=str(path)) if empty else None
