"""Recordings (WAV): one row a file, with the columns audio, seconds and rate.

`audio` is the file as it is, byte by byte; `seconds` is how long it lasts, `rate` its frames a second. What was said
in it stands elsewhere, in the name of the file (`file_column:`) or in another source, and is joined in `select:`.
"""

from pathlib import Path
from typing import ClassVar

import polars as pl

from registry.errors import UserError
from registry.frozen import Frozen
from registry.texts.sounds import recording

SCHEMA = {"audio": pl.Binary, "seconds": pl.Float64, "rate": pl.Int64}
LARGEST = 64 << 20
"""Bytes of a file: over half an hour as recognisers take it. A row is meant to be an utterance, not a talk."""


class Wav(Frozen):
    """A recording a file, uncompressed."""

    version: ClassVar[int] = 1

    def read(self, path: Path, encoding: str) -> pl.DataFrame:  # noqa: ARG002 - sound has no encoding of text
        """The one row. UserError for other formats than uncompressed WAV, and where the file was cut short."""
        try:
            if path.stat().st_size > LARGEST:
                do = "Cut it into utterances, one a file."
                raise UserError(f"has more than {LARGEST >> 20} MiB", where=str(path), do=do)
            data = path.read_bytes()
        except OSError as error:
            raise UserError(f"cannot be read: {error.strerror or error}", where=str(path)) from None
        try:
            found = recording(data)
        except ValueError as error:
            do = "Convert it to uncompressed WAV, for example with `ffmpeg -i FILE FILE.wav`."
            raise UserError(str(error), where=str(path), do=do) from None
        return pl.DataFrame([(data, found.seconds, found.rate)], schema=SCHEMA, orient="row")
