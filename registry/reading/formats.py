"""What the name and encoding of a foreign file say: its format, its name in a terminal, its text as UTF-8.

Refuses to guess an encoding: bytes that do not fit the declared one are an error with their place.
"""

import codecs
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from registry.errors import UserError, clipped

CHUNK = 1 << 20
BOM = "\ufeff"


class UndecodableError(UserError):
    """Bytes that are not text in the encoding with which they are read."""


class Guess(NamedTuple):
    """A reader and its parameters, as a card would write them under `format`."""

    format: str
    options: Mapping[str, str | bool]


_BY_SUFFIX = {
    ".csv": Guess("csv", {}),
    ".tsv": Guess("csv", {"delimiter": "\t"}),
    ".jsonl": Guess("jsonl", {}),
    ".ndjson": Guess("jsonl", {}),
    ".json": Guess("json", {}),
    ".parquet": Guess("parquet", {}),
    ".txt": Guess("text", {}),
    ".po": Guess("po", {}),
    ".wav": Guess("wav", {}),
    ".eml": Guess("mail", {}),
    ".mbox": Guess("mail", {"mbox": True}),
}
_COMPRESSED = (".gz", ".xz", ".bz2", ".zst")


def guess(name: str) -> Guess | None:
    """The format that a file name announces, compressed or not; None where the card must say it."""
    plain = PurePosixPath(name).stem if is_compressed(name) else name
    return _BY_SUFFIX.get(PurePosixPath(plain).suffix.lower())


def is_compressed(name: str) -> bool:
    """Whether a name announces a single compressed file, such as x.csv.gz. A tar holds several."""
    path = PurePosixPath(name)
    return path.suffix.lower() in _COMPRESSED and PurePosixPath(path.stem).suffix.lower() != ".tar"


def refuse_repeats(columns: tuple[str, ...]) -> tuple[str, ...]:
    """Names of columns, each written once; ValueError otherwise. For validators of readers."""
    if len(set(columns)) < len(columns):
        raise ValueError("must name each column once")
    return columns


def is_glob(path: str) -> bool:
    return any(char in path for char in "*?[")


def glob_regex(pattern: str) -> re.Pattern[str]:
    """A glob as a regular expression: `*`, `?` and `[a-z]` within a folder, `**` across folders."""
    known = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    tokens = re.findall(r"\*\*/|\*\*|\*|\?|\[!?[^]/]+\]|.", pattern, flags=re.DOTALL)
    parts = [known.get(token) or _characters(token) for token in tokens]
    stars = [place for place, token in enumerate(tokens) if token.startswith("*")]
    for star, following in pairwise(stars):
        if _may_be_early(tokens[star : following + 1]):
            parts[star], parts[following - 1] = f"(?>{parts[star]}?", f"{parts[following - 1]})"
    return re.compile("".join(parts), re.DOTALL)


def _may_be_early(tokens: Sequence[str]) -> bool:
    """Whether what stands between two stars may as well fit at the first place where it does.

    The second star takes whatever else the first could have taken. Without this, a long name can be made to fit in so
    many ways that it is tried for years.
    """
    first, *fixed, last = tokens
    plain = all(len(token) == 1 for token in fixed)  # a choice of characters may hold a slash
    free = last == "**" or (first == "*" and (last == "*" or fixed[-1:] == ["/"]))
    return first != "**/" and bool(fixed) and plain and free


def _characters(token: str) -> str:
    """One character, or a choice of them such as [0-9] or [!0-9]."""
    if len(token) == 1:
        return re.escape(token)
    inner = token[1:-1].removeprefix("!").replace("\\", r"\\").replace("^", r"\^").replace("[", r"\[")
    return f"[^/{inner}]" if token[1] == "!" else f"[{inner}]"


@contextmanager
def utf8(path: Path, encoding: str) -> Iterator[Path]:
    """A file with the same text in valid UTF-8: the file itself where it is that, else a temporary one."""
    if codec_name(encoding) == "utf-8":
        for _ in decoded(path, encoding):
            pass  # read for its errors: the readers' own name neither offset nor line
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="cardbench-") as folder:
        copy = Path(folder) / "utf8"
        try:
            with copy.open("w", encoding="utf-8", newline="") as out:
                out.writelines(decoded(path, encoding))
        except OSError as error:
            do = "Free some space, or set TMPDIR to a folder that can be written, and run the command again."
            what = f"cannot be converted from {encoding} to UTF-8: {error.strerror or error}"
            raise UserError(what, where=str(path), do=do) from None
        yield copy


def decoded(path: Path, encoding: str) -> Iterator[str]:
    """The text of a file in pieces, without its byte order mark."""
    decoder = codecs.getincrementaldecoder(codec_name(encoding))()
    read, lines, first = 0, 1, True
    for chunk in _chunks(path):
        read += len(chunk)
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeError as error:
            raise _undecodable(error, path, encoding, read, lines) from None
        if first and text:
            _refuse_wide(text, path, encoding)
            text, first = text.removeprefix(BOM), False
        lines += text.count("\n")
        yield text


def codec_name(encoding: str) -> str:
    """Python's name of a text encoding; UserError where there is none of that name."""
    try:
        "".encode(encoding)  # refuses codecs that do not make text, such as hex
        return codecs.lookup(encoding).name
    except (LookupError, UnicodeError, ValueError):
        do = "Name one that Python knows, for example utf-8, latin-1, cp1252, gb18030 or utf-16."
        raise UserError(f'unknown encoding "{clipped(encoding)}"', do=do) from None


def _chunks(path: Path) -> Iterator[bytes]:
    """The bytes of a file, then an empty piece for its end."""
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk
    except OSError as error:
        raise UserError(f"cannot be read: {error.strerror or error}", where=str(path)) from None
    yield b""


def _undecodable(error: UnicodeError, path: Path, encoding: str, read: int, lines: int) -> UndecodableError:
    """Where the first byte lies that does not fit. `read` counts bytes with the failing piece."""
    do = "Set `encoding:` of this source to the one it was written in, for example cp1252, gb18030 or utf-16."
    if not isinstance(error, UnicodeDecodeError):
        return UndecodableError(f"is not {encoding}: {error}", where=f"{path}:{lines}", do=do)
    offset = read - len(error.object) + error.start
    before = error.object[: error.start].decode(encoding, "replace")
    what = f"byte {error.object[error.start]:#04x} at offset {offset:,} is not valid {encoding}"
    return UndecodableError(what, where=f"{path}:{lines + before.count(chr(10))}", do=do)


def _refuse_wide(text: str, path: Path, encoding: str) -> None:
    """UTF-16 without a byte order mark is valid UTF-8 and latin-1, but every other character is NUL."""
    head = text[:1024]
    if head.count("\0") * 4 < len(head):
        return
    do = "Set `encoding:` of this source, for example to utf-16-le; a binary file needs its own format."
    raise UndecodableError(f"is not {encoding} text: much of it is NUL bytes", where=f"{path}:1", do=do)
