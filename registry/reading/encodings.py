"""Which text encoding a file is in: the declared one, the first of several that fits, or a detected one.

Refuses to guess unless the card says `detect`; what was chosen is stated in the manifest.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from registry.errors import UserError
from registry.frozen import as_written
from registry.reading.formats import UndecodableError, codec_name, decoded

DETECT = "detect"
COMMON = "cp1252"
WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949", "shift_jis": "cp932"}
"""Encodings, and the larger ones that read the same bytes and more: what programs mean by these names."""


def is_choice(declared: str | Sequence[str]) -> bool:
    """Whether the card leaves it to the files."""
    return declared == DETECT or not isinstance(declared, str)


def known(declared: Any) -> Any:
    """An encoding, `detect`, or several encodings to try in order; ValueError otherwise. For the card's validator."""
    listed = list(declared) if isinstance(declared, list | tuple) else [declared]
    names = [name for name in map(as_written, listed) if name != DETECT or len(listed) > 1]
    for name in names:
        try:
            codec_name(name)
        except UserError as error:
            raise ValueError(error.what) from None
        except TypeError:
            raise ValueError("must be an encoding such as utf-8, several to try in order, or detect") from None
    if not listed:
        raise ValueError("must name an encoding")
    return declared


def chosen(path: Path, declared: str | Sequence[str]) -> str:
    """The encoding to read a file with. UserError where the whole file fits none."""
    if declared == DETECT:
        return _detected(path)
    if isinstance(declared, str):
        return declared
    for encoding in declared:
        if _fits(path, encoding):
            return encoding
    do = "Add the encoding it was written in; latin-1 fits any bytes, right or wrong."
    raise UserError(f"fits none of the encodings {', '.join(declared)}", where=str(path), do=do)


def _fits(path: Path, encoding: str) -> bool:
    try:
        for _ in decoded(path, encoding):
            pass
    except UndecodableError:
        return False
    return True


def _detected(path: Path) -> str:
    """UTF-8 where the file is valid UTF-8, which other text hardly ever is; else the best guess."""
    if _fits(path, "utf-8"):
        return "utf-8"
    from charset_normalizer import from_path

    matches = from_path(path)
    best = matches.best()
    if best is None:
        do = "Name its encoding; a binary file needs its own `format:`."
        raise UserError("is in no encoding that can be detected", where=str(path), do=do)
    # The library breaks ties by the alphabet, and western text often ties with cp1250.
    equals = {one.encoding for one in matches if (one.chaos, one.coherence) == (best.chaos, best.coherence)}
    return COMMON if COMMON in equals else best.encoding
