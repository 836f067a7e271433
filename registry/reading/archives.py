"""Files out of archives: zip and wheel, tar (plain, gz, xz, bz2, zst), deb, single compressed files, nested ones too.

What an archive says of itself is hostile: names never become paths unchecked, links and devices are
refused, and sizes, ratios, counts and depth are limited by what really comes out. Members are named by
patterns: `*` and `?` stay within a folder, `**` crosses folders, `!` goes into an archive inside the archive,
and a pattern that fits no file but a folder means all files below it.
"""

import difflib
import hashlib
import json
import re
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from registry.atomic import PARTIAL, partial, publish
from registry.digest import file_digest, stored
from registry.errors import UserError, clipped, plural, system_error
from registry.reading.formats import glob_regex
from registry.reading.members import Member, bad, entries, place_of, told
from registry.reading.metering import CHUNK, LIMITS, Limits, Meter
from registry.source import RawFile


def extract(file: RawFile, pattern: str, home: Path, limits: Limits = LIMITS) -> tuple[RawFile, ...]:
    """The members that a pattern names, in order of name. Extracted once, kept under `home/extracted`."""
    steps = _steps(file, pattern, limits)
    try:
        return _Extraction(home / "extracted", limits).files(file, steps, None)
    except OSError as error:
        raise system_error(error, f"extracting {clipped(file.name)}", home / "extracted") from None


def extract_folder(file: RawFile, folder: str, home: Path, limits: Limits = LIMITS) -> Path:
    """A folder of an archive as a folder on disk, for what must be read as one, such as model weights."""
    *outer, last = _steps(file, folder.rstrip("/"), limits)
    extraction = _Extraction(home / "extracted", limits)
    try:
        inner = extraction.files(file, outer, None) if outer else (file,)
        if len(inner) != 1:
            raise UserError(f"names {plural(len(inner), 'archive')}, but one is needed", where=folder)
        return extraction.folder(inner[0], last)
    except OSError as error:
        raise system_error(error, f"extracting {clipped(file.name)}", home / "extracted") from None


def _steps(file: RawFile, pattern: str, limits: Limits) -> list[str]:
    steps = pattern.split("!")
    if not all(steps):
        do = "Write archive!member, for example inner.tar.gz!*/data.csv."
        raise UserError("a pattern between `!` is empty", where=pattern, do=do)
    if len(steps) > limits.depth:
        what = f"goes into {len(steps)} archives, {limits.depth} are the most"
        raise UserError(what, where=f"{clipped(file.name)}, path {pattern}")
    return steps


class _Extraction(NamedTuple):
    """Extracts into `home`: <sha256 of archive>/<sha256 of member>/<file name>, and a list for each pattern.

    The list is written last and names the sha256 of every member, which is checked on each use: a file that a
    power cut tore is made anew, so members need not wait for the disk.
    """

    home: Path
    limits: Limits

    def files(self, archive: RawFile, steps: Sequence[str], outer: Meter | None) -> tuple[RawFile, ...]:
        """The members that the first step names; of each of them, those that the further steps name."""
        found = self._cached(archive, steps[0]) or self._unpack(archive, steps[0], outer)
        if len(steps) == 1:
            return found
        meter = Meter(archive, self.limits, outer)
        nested = ((one, self.files(one, steps[1:], meter)) for one in found)
        named = (inner._replace(name=f"{one.name}!{inner.name}") for one, inners in nested for inner in inners)
        return tuple(sorted(named, key=lambda inner: inner.name))

    def folder(self, archive: RawFile, pattern: str) -> Path:
        """A folder of links to the extracted members."""
        found = self.files(archive, [f"{pattern}/**"], None)
        tops = {one: _top(pattern, one.name) for one in found}
        if len(set(tops.values())) != 1:
            names = ", ".join(clipped(top) for top in sorted(set(tops.values()))[:5])
            raise UserError(f"names several folders: {names}", where=pattern, do="Name one of them.")
        targets = {one.name.removeprefix(f"{tops[one]}/"): one for one in found}
        key = hashlib.sha256(json.dumps(sorted(targets)).encode()).hexdigest()[:16]
        place = self.home / archive.sha256 / "folders" / key / PurePosixPath(tops[found[0]]).name
        if not _same(place, targets):
            _assemble(place, targets)
        return place

    def _list(self, archive: RawFile, pattern: str) -> Path:
        # The name counts, because a single compressed file has no other name for its member.
        key = json.dumps([PurePosixPath(archive.name).name, pattern])
        name = f"{hashlib.sha256(key.encode()).hexdigest()}.json"
        return self.home / archive.sha256 / name

    def _cached(self, archive: RawFile, pattern: str) -> tuple[RawFile, ...]:
        """What was extracted before and is still whole; nothing otherwise."""
        folder = self.home / archive.sha256
        try:
            entries = json.loads(self._list(archive, pattern).read_bytes())
            files = tuple(RawFile(name, folder / path, sha256) for name, path, sha256 in entries)
            return files if all(stored(file.path, file.sha256) for file in files) else ()
        except (FileNotFoundError, ValueError, TypeError):
            return ()

    def _unpack(self, archive: RawFile, pattern: str, outer: Meter | None) -> tuple[RawFile, ...]:
        wanted = _select(archive, [m.name for m in self._members(archive, None)], pattern)
        found: dict[str, RawFile] = {}
        for member in self._members(archive, outer):
            if member.name in wanted:
                file = self._keep(archive, member)
                if found.setdefault(member.name, file).sha256 != file.sha256:
                    raise bad(archive, member.name, "is there more than once, with different bytes")
        if not stored(archive.path, archive.sha256):  # a file of the project may be written meanwhile
            raise bad(archive, "", "changed while it was read")
        files = tuple(found[name] for name in sorted(found))
        folder = self.home / archive.sha256
        entries = [(file.name, file.path.relative_to(folder).as_posix(), file.sha256) for file in files]
        with partial(folder) as out:
            out.write(json.dumps(entries).encode())
            publish(out, self._list(archive, pattern))
        return files

    def _keep(self, archive: RawFile, member: Member) -> RawFile:
        """Write one member under the name of its content."""
        if member.trouble:
            do = "Name other members in `path:`; this one is not taken out of an archive."
            raise UserError(member.trouble, where=place_of(archive, member.name), do=do)
        folder, digest = self.home / archive.sha256, hashlib.sha256()
        with partial(folder) as out:
            for chunk in _chunks(archive, member):
                digest.update(chunk)
                out.write(chunk)
            sha256 = digest.hexdigest()
            path = folder / sha256 / _safe_name(member.name)
            path.parent.mkdir(exist_ok=True)
            publish(out, path, durable=False)
        return RawFile(member.name, path, sha256)

    def _members(self, archive: RawFile, outer: Meter | None) -> Iterator[Member]:
        """Every file, link and device, in the order of the archive; folders are left out."""
        meter = Meter(archive, self.limits, outer)
        with told(archive, ""):
            for member in entries(archive, meter):
                meter.add_members(1)
                if len(member.name) > self.limits.name:
                    raise bad(archive, member.name, f"has a name longer than {self.limits.name:,}")
                yield member._replace(trouble=member.trouble or _unsafe(member.name))


def _chunks(archive: RawFile, member: Member) -> Iterator[bytes]:
    with told(archive, member.name), closing(member.open()) as stream:
        while chunk := stream.read(CHUNK):
            yield chunk


def _unsafe(name: str) -> str:
    """Why a name could lead out of the folder that it is put into."""
    parts = name.split("/")
    if name.startswith("/") or "\\" in name or re.match(r"[A-Za-z]:", name):
        return "has a name that is not relative"
    if ".." in parts or "." in parts or "" in parts:
        return "has a name that could lead elsewhere"
    return ""


def _safe_name(name: str) -> str:
    """A file name for people who look into the store."""
    return re.sub(r"[^\w.-]", "_", PurePosixPath(name).name, flags=re.ASCII).lstrip(".")[-80:] or "member"


def _select(archive: RawFile, names: Sequence[str], pattern: str) -> frozenset[str]:
    """The names that are meant: that very name, else those that fit, else those below a folder that fits."""
    if pattern in names:
        return frozenset({pattern})
    for glob in (pattern, f"{pattern.rstrip('/')}/**"):
        fits = glob_regex(glob).fullmatch
        found = frozenset(name for name in names if fits(name))
        if found:
            return found
    near = [clipped(name, 120) for name in _nearest(pattern, names)]
    do = f"Near to it: {', '.join(near)}." if near else "It holds no files."
    raise UserError(f"nothing in it fits {clipped(pattern)}", where=clipped(archive.name), do=do)


def _nearest(pattern: str, names: Sequence[str]) -> list[str]:
    """Up to five; of a huge archive only the first names are weighed, because weighing is slow."""
    some = sorted(set(names[:5_000]))
    return difflib.get_close_matches(pattern, some, n=5, cutoff=0.3) or some[:5]


def _top(pattern: str, name: str) -> str:
    """The outermost folder of `name` that fits `pattern`."""
    fits = glob_regex(pattern).fullmatch
    parents = [parent.as_posix() for parent in PurePosixPath(name).parents]
    return next((parent for parent in reversed(parents) if parent == pattern or fits(parent)), pattern)


def _same(place: Path, targets: dict[str, RawFile]) -> bool:
    """Whether a folder holds just these files, with these bytes."""
    if not place.is_dir():
        return False
    there = {path.relative_to(place).as_posix() for path in place.rglob("*") if not path.is_dir()}
    return there == set(targets) and all(_is_same(place / name, file) for name, file in targets.items())


def _is_same(path: Path, file: RawFile) -> bool:
    return path.samefile(file.path) or file_digest(path) == file.sha256


def _assemble(place: Path, targets: dict[str, RawFile]) -> None:
    """Build a folder beside its place and move it there, after what a former run left was moved away."""
    place.parent.mkdir(parents=True, exist_ok=True)
    stage, old = (place.parent / f"{PARTIAL}{secrets.token_hex(6)}" for _ in range(2))
    try:
        for name, file in targets.items():
            (stage / name).parent.mkdir(parents=True, exist_ok=True)
            _link(file.path, stage / name)
        if place.exists():
            place.rename(old)
        stage.rename(place)
    except OSError:
        if not _same(place, targets):  # otherwise another process was faster
            raise
    finally:
        for rest in (stage, old):
            shutil.rmtree(rest, ignore_errors=True)


def _link(source: Path, target: Path) -> None:
    """One copy on disk where the file system can link, two where it cannot."""
    try:
        target.hardlink_to(source)
    except FileExistsError:
        raise
    except OSError:
        shutil.copyfile(source, target)
