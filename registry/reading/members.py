"""The members of an archive, one by one: zip and wheel, tar (plain, gz, xz, bz2, zst), ar (a Debian package
is one), single compressed files.

Owns telling the kind by its first bytes. Writes nothing: `registry.reading.archives` does.
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
from functools import partial as bind
from pathlib import Path, PurePosixPath
from typing import IO, Any, NamedTuple

from registry.errors import UserError, clipped
from registry.reading.metering import CHUNK, Meter, Metered
from registry.source import RawFile

LONGEST_HEADER = 1 << 20  # bytes that tell of one tar member, such as its name
LARGEST_DIRECTORY = 256 << 20  # bytes that tell of all zip members
_LONG_NAMES = (tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK)
_DESCRIBING = (*_LONG_NAMES, tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE)


def _zst(path: Path) -> Any:
    """Arrow's stream, because zstandard's takes a file that is cut short for a whole one."""
    import pyarrow as pa

    return pa.input_stream(str(path), compression="zstd")


_MAGIC: dict[bytes, Callable[[Path], Any]] = {
    b"\x1f\x8b": gzip.open,
    b"\xfd7zXZ\x00": lzma.open,
    b"BZh": bz2.open,
    b"\x28\xb5\x2f\xfd": _zst,
}
_AR = b"!<arch>\n"
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


class Member(NamedTuple):
    """One entry. `trouble` says why it is not taken; `open` reads it, before the next one is asked for."""

    name: str
    trouble: str
    open: Callable[[], IO[bytes]]


def entries(archive: RawFile, meter: Meter) -> Iterator[Member]:
    """The members of an archive of any kind, told by its first bytes: names lie, and stores have none."""
    with archive.path.open("rb") as file:
        head = file.read(512)
    opener = next((opener for magic, opener in _MAGIC.items() if head.startswith(magic)), None)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip(archive, meter)
    if head.startswith(_AR):
        return _ar(archive, meter)
    if opener is None:
        if not _is_tar(head):
            do = "Read are zip, whl, tar, gz, xz, bz2, zst and deb; remove `path:` where the file itself is meant."
            raise UserError("is not an archive that can be read", where=clipped(archive.name), do=do)
        return _tar(lambda: archive.path.open("rb"), meter)
    unpacked: Callable[[], IO[bytes]] = bind(opener, archive.path)
    with unpacked() as stream:
        head = stream.read(512)
    return _tar(unpacked, meter) if _is_tar(head) else _single(archive, unpacked, meter)


def _zip(archive: RawFile, meter: Meter) -> Iterator[Member]:
    with archive.path.open("rb") as file, zipfile.ZipFile(_Counted(file, meter)) as opened:
        for info in opened.infolist():
            if not info.is_dir():
                yield Member(info.filename, _zip_trouble(info), bind(_open_zip, opened, info, meter))


class _Counted:
    """A zip file whose list of members is counted before zipfile makes an object of each."""

    def __init__(self, file: IO[bytes], meter: Meter) -> None:
        self._file, self._meter = file, meter
        self.seek, self.tell, self.seekable, self.close = file.seek, file.tell, file.seekable, file.close

    def read(self, size: int = -1) -> bytes:
        if size <= CHUNK:
            return self._file.read(size)
        if size > LARGEST_DIRECTORY:  # only the list is read in one large piece
            raise zipfile.BadZipFile("its list of members is too large")
        data = self._file.read(size)
        self._meter.check_members(data.count(b"PK\x01\x02"))
        return data


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
                opened.members.clear()  # type: ignore[attr-defined] # else all are kept, though none is needed again
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
    """Where tarfile would take a broken header or a missing end for the end, this is an error.

    So is a member that takes memory before it is metered: a name of gigabytes, a map of a sparse file.
    """

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> "_StrictInfo":
        info = super().frombuf(buf, encoding, errors)
        if info.type in _DESCRIBING and info.size > LONGEST_HEADER:
            raise tarfile.ReadError(f"{info.size:,} bytes tell of one member")
        return info

    def _proc_sparse(self, *_: object) -> "_StrictInfo":
        raise tarfile.ReadError("it holds a sparse file, which is not read")

    def _proc_gnusparse_10(self, *_: object) -> "_StrictInfo":
        raise tarfile.ReadError("it holds a sparse file, which is not read")

    @classmethod
    def fromtarfile(cls, tarfile_: tarfile.TarFile) -> "_StrictInfo":
        try:
            return super().fromtarfile(tarfile_)
        except tarfile.EOFHeaderError:  # type: ignore[attr-defined]
            raise
        except tarfile.HeaderError as error:
            raise tarfile.ReadError(f"damaged or cut short: {error}") from None


def _ar(archive: RawFile, meter: Meter) -> Iterator[Member]:
    """Members with short names, as Debian packages have them."""
    with archive.path.open("rb") as file:
        place, end = len(_AR), archive.path.stat().st_size
        while place < end:
            file.seek(place)
            header = file.read(60)
            start, size = place + 60, int(header[48:58])
            if header[58:] != b"`\n" or size < 0 or start + size > end:
                raise EOFError("damaged or cut short")
            name = header[:16].decode("latin-1").rstrip(" ").removesuffix("/")
            yield Member(name, "", bind(_open_ar, file, start, size, meter))
            place = start + size + size % 2


def _open_ar(file: IO[bytes], start: int, size: int, meter: Meter) -> Any:
    file.seek(start)
    return Metered(_Part(file, size), meter)


class _Part:
    """The next bytes of a file that stays open."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self._file, self._left = file, size

    def read(self, size: int) -> bytes:
        data = self._file.read(min(size, self._left))
        self._left -= len(data)
        return data

    def close(self) -> None:
        """The archive closes the file."""


def _single(archive: RawFile, unpacked: Callable[[], IO[bytes]], meter: Meter) -> Iterator[Member]:
    name = PurePosixPath(archive.name).name
    stem = PurePosixPath(name).stem if PurePosixPath(name).suffix in (".gz", ".xz", ".bz2", ".zst") else name
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
