"""Writing a report file so that a reader sees the old one or the new one, never half of one.

Owns the temporary name and the words for a full disk. Refuses to write outside the folder it is given.
"""

import contextlib
import os
from pathlib import Path

from registry.errors import system_error


def write_atomically(path: Path, text: str) -> None:
    """UserError when the disk is full or the folder cannot be written."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_through(temporary, text)
        temporary.replace(path)
    except OSError as error:
        raise system_error(error, "Writing the report", path) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def _write_through(path: Path, text: str) -> None:
    # A lone surrogate from hostile text must not stop a report; \udc80 is also a valid JSON escape.
    data = text.encode("utf-8", errors="backslashreplace")
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
