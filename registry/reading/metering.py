"""What may come out of an archive: limits on bytes, ratio, members and depth, held while it is read."""

from dataclasses import dataclass
from typing import Protocol

from registry.errors import UserError, clipped
from registry.source import RawFile

CHUNK = 1 << 18


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


class Readable(Protocol):
    """What the standard library's archives give to read a member from."""

    def read(self, size: int, /) -> bytes: ...

    def close(self) -> None: ...


class Meter:
    """Counts the bytes and members that come out of an archive, and out of those that it lies in."""

    def __init__(self, archive: RawFile, limits: Limits, outer: "Meter | None") -> None:
        self._archive, self._limits, self._outer = archive, limits, outer
        self._size, self._out, self._members = archive.path.stat().st_size, 0, 0

    def add(self, count: int) -> None:
        self._out += count
        limits = self._limits
        if self._out > limits.total:
            raise self._bomb(f"unpacks to more than {limits.total:,} bytes")
        if self._out > max(limits.ratio_from, self._size * limits.ratio):
            raise self._bomb(f"unpacks to more than {limits.ratio} times its size")
        if self._outer:
            self._outer.add(count)

    def add_members(self, count: int) -> None:
        self.check_members(self._members + count)
        self._members += count
        if self._outer:
            self._outer.add_members(count)

    def check_members(self, count: int) -> None:
        if count > self._limits.members:
            raise self._bomb(f"has more than {self._limits.members:,} members")

    def _bomb(self, what: str) -> UserError:
        do = "Nothing of it was kept. Unpack it by hand if you trust it, and use the file as a local source."
        return UserError(what, where=clipped(self._archive.name), do=do)


class Metered:
    """A stream whose reads are counted, and never larger than a chunk."""

    def __init__(self, stream: Readable, meter: Meter) -> None:
        self._stream, self._meter = stream, meter

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(min(size, CHUNK) if size >= 0 else CHUNK)
        self._meter.add(len(data))
        return data

    def close(self) -> None:
        self._stream.close()
