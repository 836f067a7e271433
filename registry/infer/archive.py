"""An archive that no `path` is given for: what it holds, and the entry where that leaves one choice.

Owns three such cases: one file, recordings, and texts in folders that are named after their labels. Extracts nothing.
"""

from collections.abc import Mapping
from itertools import islice
from pathlib import PurePosixPath
from typing import Any

from registry.errors import UserError, clipped, plural
from registry.infer.emit import value
from registry.reading.members import entries, told
from registry.reading.metering import LIMITS, Meter
from registry.source import RawFile

MAGIC = (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")
"""How zip and compressed files begin."""

SHOWN = 10
"""Members that an error names."""


def is_archive(head: bytes) -> bool:
    """By its first bytes; a tar says so a little later."""
    return head.startswith(MAGIC) or head[257:262] == b"ustar"


def keys_of(file: RawFile, entry: Mapping[str, Any]) -> dict[str, Any]:
    """`path` for an entry, and what texts in folders need. UserError lists the members where one must be chosen."""
    names = _names(file)
    if len(names) == 1:
        return {"path": names[0]}
    depth = names[0].count("/") if names else 0
    if names and all(name.count("/") == depth and name.lower().endswith(".wav") for name in names):
        return {"path": "*/" * depth + f"*{PurePosixPath(names[0]).suffix}", "format": "wav", "file_column": "file"}
    folders = {PurePosixPath(name).parent.name for name in names}
    if depth and len(folders) > 1 and all(name.count("/") == depth and name.endswith(".txt") for name in names):
        return {"path": "*/" * depth + "*.txt", "format": {"text": {"whole": True}}, "file_column": "file"}
    shown = ", ".join(clipped(name, 80) for name in names[:SHOWN]) + (", ..." if len(names) > SHOWN else "")
    what = f"is an archive of {plural(len(names), 'file')}{': ' if names else ''}{shown}"
    example = value({**entry, "path": names[0] if names else "MEMBER"})
    raise UserError(what, where=clipped(file.name), do=f"Name those that are meant: bench card infer '{example}'.")


def _names(file: RawFile) -> list[str]:
    with told(file, ""):
        return sorted(member.name for member in islice(entries(file, Meter(file, LIMITS, None)), LIMITS.members))
