"""The members of an archive, one by one: zip and wheel, tar (plain, gz, xz, bz2), single compressed files.

Owns telling the kind by its first bytes, and metering what comes out. Writes nothing: `registry.archives` does.
"""

import bz2
import gzip
import lzma
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial as bind
from pathlib import Path, PurePosixPath
from typing import IO, Any, NamedTuple

from registry.errors import UserError, clipped
from registry.source import RawFile

CHUNK = 1 << 18
_MAGIC: dict[bytes, Callable[[Path], Any]] = {
    b"\x1f\x8b": gzip.open,
    b"\xfd7zXZ\x00": lzma.open,
    b"BZh": bz2.open,
}
_BROKEN = (
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
    OverflowError,
    IndexError,
)


@dataclass(frozen=True)
class Limits:
    """What is the most that one extraction may yield. The ratio holds from `ratio_from` bytes on."""

    total: int = 4 * 1024**3
    ratio: int = 200
    ratio_from: int = 64 * 1024**2
    members: int = 200_000
    depth: int = 3
    name: int = 4_096


LIMITS = Limits()


class Member(NamedTuple):
    """One entry. `trouble` says why it is not taken; `open` reads it, before the next one is asked for."""

    name: str
    trouble: str
    open: Callable[[], IO[bytes]]


class Meter:
    """Counts the bytes that come out of an archive, and out of those that it lies in."""

    def __init__(self, archive: RawFile, limits: Limits, outer: "Meter | None") -> None:
        self._archive, self._limits, self._outer = archive, limits, outer
        self._size, self._out = archive.path.stat().st_size, 0

    def add(self, count: int) -> None:
        self._out += count
        limits = self._limits
        if self._out > limits.total:
            raise self._bomb(f"unpacks to more than {limits.total:,} bytes")
        if self._out > max(limits.ratio_from, self._size * limits.ratio):
            raise self._bomb(f"unpacks to more than {limits.ratio} times its size")
        if self._outer:
            self._outer.add(count)

    def _bomb(self, what: str) -> UserError:
        do = "Nothing of it was kept. Unpack it by hand if you trust it, and use the file as a local source."
        return UserError(what, where=clipped(self._archive.name), do=do)


class Metered:
    """A stream whose reads are counted, and never larger than a chunk."""

    def __init__(self, stream: IO[bytes], meter: Meter) -> None:
        self._stream, self._meter = stream, meter

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(min(size, CHUNK) if size >= 0 else CHUNK)
        self._meter.add(len(data))
        return data

    def close(self) -> None:
        self._stream.close()


def entries(archive: RawFile, meter: Meter) -> Iterator[Member]:
    """The members of an archive of any kind, told by its first bytes: names lie, and stores have none."""
    with archive.path.open("rb") as file:
        head = file.read(512)
    opener = next((opener for magic, opener in _MAGIC.items() if head.startswith(magic)), None)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip(archive, meter)
    if opener is None:
        if not _is_tar(head):
            do = "Read are zip, whl, tar, gz, xz and bz2; remove `path:` where the file itself is meant."
            raise UserError("is not an archive that can be read", where=clipped(archive.name), do=do)
        return _tar(lambda: archive.path.open("rb"), meter)
    unpacked: Callable[[], IO[bytes]] = bind(opener, archive.path)
    with unpacked() as stream:
        head = stream.read(512)
    return _tar(unpacked, meter) if _is_tar(head) else _single(archive, unpacked, meter)


def _zip(archive: RawFile, meter: Meter) -> Iterator[Member]:
    with zipfile.ZipFile(archive.path) as opened:
        for info in opened.infolist():
            if not info.is_dir():
                yield Member(info.filename, _zip_trouble(info), bind(_open_zip, opened, info, meter))


def _open_zip(opened: zipfile.ZipFile, info: zipfile.ZipInfo, meter: Meter) -> Any:
    return Metered(opened.open(info), meter)


def _zip_trouble(info: zipfile.ZipInfo) -> str:
    mode = info.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return "is a link or a device, not a file"
    if info.flag_bits & 1:
        return "is encrypted"
    # Other methods can blow up to gigabytes in one read, before anything is counted.
    known = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    return "" if info.compress_type in known else f"is compressed by method {info.compress_type}, not deflate"


def _tar(unpacked: Callable[[], IO[bytes]], meter: Meter) -> Iterator[Member]:
    with unpacked() as raw:
        stream: Any = Metered(raw, meter)
        with tarfile.open(fileobj=stream, mode="r|", bufsize=CHUNK, tarinfo=_StrictInfo, errors="replace") as opened:
            for info in opened:
                if not info.isdir():
                    trouble = "" if info.isreg() and not info.issparse() else "is a link or a device, not a file"
                    yield Member(info.name.removeprefix("./"), trouble, bind(_open_tar, opened, info))
        while stream.read():
            pass  # to the end, where a compressed stream keeps its checksum


def _open_tar(opened: tarfile.TarFile, info: tarfile.TarInfo) -> IO[bytes]:
    stream = opened.extractfile(info)
    if stream is None:
        raise tarfile.ReadError("it has no content")
    return stream


class _StrictInfo(tarfile.TarInfo):
    """Where tarfile would take a broken header or a missing end for the end, this is an error."""

    @classmethod
    def fromtarfile(cls, tarfile_: tarfile.TarFile) -> "_StrictInfo":
        try:
            return super().fromtarfile(tarfile_)
        except tarfile.EOFHeaderError:  # type: ignore[attr-defined]
            raise
        except tarfile.HeaderError as error:
            raise tarfile.ReadError(f"damaged or cut short: {error}") from None


def _single(archive: RawFile, unpacked: Callable[[], IO[bytes]], meter: Meter) -> Iterator[Member]:
    name = PurePosixPath(archive.name).name
    stem = PurePosixPath(name).stem if PurePosixPath(name).suffix in (".gz", ".xz", ".bz2") else name
    yield Member(stem, "", lambda: _as_stream(Metered(unpacked(), meter)))


def _as_stream(metered: Metered) -> Any:
    return metered


def _is_tar(head: bytes) -> bool:
    try:
        tarfile.TarInfo.frombuf(head, "utf-8", "replace")
    except tarfile.HeaderError:
        return False
    return True


@contextmanager
def told(archive: RawFile, member: str) -> Iterator[None]:
    """Says plainly that an archive cannot be read. Nothing is written in here: that is not its fault."""
    try:
        yield
    except _BROKEN as error:
        raise bad(archive, member, f"cannot be read: {clipped(str(error))}") from None


def bad(archive: RawFile, member: str, what: str) -> UserError:
    do = "The archive is damaged or not to be trusted; fetch it again."
    return UserError(what, where=place_of(archive, member), do=do)


def place_of(archive: RawFile, member: str) -> str:
    return f"{clipped(archive.name)}, member {clipped(member)}" if member else clipped(archive.name)
