import bz2
import errno
import gzip
import hashlib
import io
import lzma
import os
import stat
import struct
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.errors import UserError
from registry.reading.archives import Limits, extract, extract_folder
from registry.source import RawFile

FILES = {"pkg-1/data/a.csv": b"a\n1\n", "pkg-1/data/deep/b.csv": b"b\n2\n", "pkg-1/README": b"hello"}


def raw(folder: Path, data: bytes, name: str = "outer.bin") -> RawFile:
    path = folder / hashlib.sha256(data).hexdigest()
    path.write_bytes(data)
    return RawFile(name, path, path.name)


def tar(files: dict[str, bytes], mode: str = "w:gz") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in files.items():
            archive.addfile(member(name, len(data)), io.BytesIO(data))
    return out.getvalue()


def member(name: str, size: int = 0, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.type, info.linkname = size, kind, link
    return info


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def ar(files: dict[str, bytes]) -> bytes:
    """As a Debian package is packed."""
    members = (
        f"{name + '/':<16}{0:<12}{0:<6}{0:<6}{644:<8}{len(data):<10}`\n".encode() + data for name, data in files.items()
    )
    return b"!<arch>\n" + b"".join(member + b"\n" * (len(member) % 2) for member in members)


def names(files: tuple[RawFile, ...]) -> list[str]:
    return [file.name for file in files]


def failure(file: RawFile, pattern: str, home: Path, limits: Limits | None = None) -> str:
    with pytest.raises(UserError) as caught:
        extract(file, pattern, home, limits or Limits())
    assert not list(home.rglob(".partial-*"))
    return str(caught.value)


KINDS: dict[str, Callable[[dict[str, bytes]], bytes]] = {
    "zip": zipped,
    "stored zip": lambda files: zipped(files, zipfile.ZIP_STORED),
    "tar": lambda files: tar(files, "w"),
    "tar.gz": tar,
    "tar.xz": lambda files: tar(files, "w:xz"),
    "tar.bz2": lambda files: tar(files, "w:bz2"),
    "tar.zst": lambda files: pa.Codec("zstd").compress(tar(files, "w"), asbytes=True),
}


@pytest.fixture(params=KINDS)
def pack(request: pytest.FixtureRequest) -> Callable[[dict[str, bytes]], bytes]:
    return KINDS[request.param]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*/data/*.csv", ["pkg-1/data/a.csv"]),
        ("**/*.csv", ["pkg-1/data/a.csv", "pkg-1/data/deep/b.csv"]),
        ("pkg-[0-9]/README", ["pkg-1/README"]),
        ("pkg-[!0-9]/README", None),
        ("*/data", ["pkg-1/data/a.csv", "pkg-1/data/deep/b.csv"]),
        ("*/data/", ["pkg-1/data/a.csv", "pkg-1/data/deep/b.csv"]),
        ("pkg-1/READM?", ["pkg-1/README"]),
        ("*.csv", None),
        ("pkg-1/data/a.cs", None),
    ],
)
def test_patterns(pack: object, tmp_path: Path, pattern: str, expected: list[str] | None) -> None:
    assert callable(pack)
    file = raw(tmp_path, pack(FILES))
    if expected is None:
        assert "nothing in it fits" in failure(file, pattern, tmp_path / "home")
        return
    found = extract(file, pattern, tmp_path / "home")
    assert names(found) == expected
    for one in found:
        data = one.path.read_bytes()
        assert (data, one.sha256) == (FILES[one.name], hashlib.sha256(data).hexdigest())


SINGLE: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress,
    ".xz": lzma.compress,
    ".bz2": bz2.compress,
    ".zst": lambda data: pa.Codec("zstd").compress(data, asbytes=True),
}


@pytest.mark.parametrize("suffix", SINGLE)
def test_a_single_compressed_file_is_named_without_its_suffix(tmp_path: Path, suffix: str) -> None:
    data = SINGLE[suffix](b"a,b\n1,2\n")
    (found,) = extract(raw(tmp_path, data, f"data/x.csv{suffix}"), "*.csv", tmp_path / "home")
    assert (found.name, found.path.read_bytes()) == ("x.csv", b"a,b\n1,2\n")


def test_archives_in_archives(tmp_path: Path) -> None:
    inner = zipped({"in/x.txt": b"x", "in/y.txt": b"y"})
    file = raw(tmp_path, tar({"top/inner.tgz": tar({"mid/deep.zip": inner})}))
    found = extract(file, "*/inner.tgz!*/deep.zip!in", tmp_path / "home")
    assert names(found) == ["top/inner.tgz!mid/deep.zip!in/x.txt", "top/inner.tgz!mid/deep.zip!in/y.txt"]


def test_several_nested_archives_at_once(tmp_path: Path) -> None:
    file = raw(tmp_path, zipped({f"{n}.zip": zipped({"x.txt": n.encode()}) for n in "ab"}))
    found = extract(file, "*.zip!x.txt", tmp_path / "home")
    assert [(one.name, one.path.read_bytes()) for one in found] == [
        ("a.zip!x.txt", b"a"),
        ("b.zip!x.txt", b"b"),
    ]


def test_nesting_has_a_limit(tmp_path: Path) -> None:
    file = raw(tmp_path, zipped({"x": b""}))
    assert "goes into 4 archives, 3 are the most" in failure(file, "a!b!c!d", tmp_path / "home")
    assert "between `!` is empty" in failure(file, "a!!b", tmp_path / "home")


def test_what_was_extracted_is_not_extracted_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = raw(tmp_path, tar(FILES))
    first = extract(file, "**/*.csv", tmp_path / "home")
    monkeypatch.setattr("registry.reading.archives.entries", None)
    assert extract(file, "**/*.csv", tmp_path / "home") == first


@pytest.mark.parametrize("harm", ["torn", "changed", "gone", "list"])
def test_what_was_harmed_since_is_extracted_again(tmp_path: Path, harm: str) -> None:
    file = raw(tmp_path, tar(FILES))
    (found,) = extract(file, "*/README", tmp_path / "home")
    if harm == "list":
        next((tmp_path / "home/extracted" / file.sha256).glob("*.json")).write_text('[["x"')
    elif harm == "gone":
        found.path.unlink()
    else:
        found.path.write_bytes({"torn": b"hel", "changed": b"HELLO"}[harm])
    assert extract(file, "*/README", tmp_path / "home")[0].path.read_bytes() == b"hello"


def test_a_folder_on_disk(tmp_path: Path) -> None:
    file = raw(tmp_path, zipped({"pkg/model/config.json": b"{}", "pkg/model/1/w": b"w", "pkg/x": b"x"}))
    place = extract_folder(file, "*/model", tmp_path / "home")
    assert place.name == "model"
    there = {p.relative_to(place).as_posix(): p.read_bytes() for p in place.rglob("*") if p.is_file()}
    assert there == {"config.json": b"{}", "1/w": b"w"}
    assert extract_folder(file, "pkg/model/", tmp_path / "home") == place


@pytest.mark.parametrize("harm", ["changed", "removed", "added"])
def test_a_folder_that_was_harmed_is_built_again(tmp_path: Path, harm: str) -> None:
    file = raw(tmp_path, zipped({"model/config.json": b"{}", "model/w": b"w"}))
    place = extract_folder(file, "model", tmp_path / "home")
    if harm == "removed":
        (place / "w").unlink()
    else:
        (place / ("w" if harm == "changed" else "extra.bin")).write_bytes(b"evil")
    again = extract_folder(file, "model", tmp_path / "home")
    assert {p.name: p.read_bytes() for p in again.iterdir()} == {"config.json": b"{}", "w": b"w"}
    assert not list((tmp_path / "home").rglob(".partial-*"))


def test_a_folder_in_a_nested_archive(tmp_path: Path) -> None:
    file = raw(tmp_path, zipped({"in.tar.gz": tar({"a/model/w": b"w"})}))
    assert (extract_folder(file, "*.tar.gz!*/model", tmp_path / "home") / "w").read_bytes() == b"w"


def test_a_folder_must_be_one(tmp_path: Path) -> None:
    file = raw(tmp_path, zipped({"a/model/w": b"w", "b/model/w": b"w"}))
    with pytest.raises(UserError, match="names several folders: a/model, b/model"):
        extract_folder(file, "*/model", tmp_path / "home")
    with pytest.raises(UserError, match="nothing in it fits"):
        extract_folder(file, "c", tmp_path / "home")


def test_a_folder_where_the_disk_cannot_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, target: Path) -> None:
        raise PermissionError(errno.EPERM, "no links here")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    file = raw(tmp_path, zipped({"model/w": b"w"}))
    place = extract_folder(file, "model", tmp_path / "home")
    assert (place / "w").read_bytes() == b"w"
    assert extract_folder(file, "model", tmp_path / "home") == place


@pytest.mark.parametrize(
    "name", ["../evil", "a/../../evil", "/etc/evil", "C:/evil", "C:evil", "..\\evil", "a\\evil", "a//evil"]
)
def test_names_that_lead_out(pack: object, tmp_path: Path, name: str) -> None:
    assert callable(pack)
    file = raw(tmp_path, pack({name: b"x", "good/x.txt": b"x"}))
    home = tmp_path / "deep" / "home"
    said = failure(file, "**evil", home)
    assert "has a name that" in said
    assert not list(tmp_path.rglob("*evil*"))
    assert names(extract(file, "good/x.txt", home)) == ["good/x.txt"]  # what is not selected does no harm


@pytest.mark.parametrize(
    "info",
    [
        member("d/x", kind=tarfile.SYMTYPE, link="/etc/passwd"),
        member("d/x", kind=tarfile.LNKTYPE, link="../../etc/passwd"),
        member("d/x", kind=tarfile.CHRTYPE),
        member("d/x", kind=tarfile.FIFOTYPE),
    ],
)
def test_links_and_devices_in_tar(tmp_path: Path, info: tarfile.TarInfo) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        archive.addfile(info)
        archive.addfile(member("d/y", 1), io.BytesIO(b"y"))
    file = raw(tmp_path, out.getvalue())
    assert "member d/x\n  is a link or a device" in failure(file, "d", tmp_path / "home")
    assert names(extract(file, "d/y", tmp_path / "home")) == ["d/y"]


def test_links_in_zip(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("d/x")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    assert "is a link" in failure(raw(tmp_path, out.getvalue()), "d/x", tmp_path / "home")


def test_members_of_the_same_name(tmp_path: Path) -> None:
    def twice(second: bytes) -> RawFile:
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w") as archive:
            for data in (b"x", second):
                archive.addfile(member("x", 1), io.BytesIO(data))
        return raw(tmp_path, out.getvalue())

    assert names(extract(twice(b"x"), "x", tmp_path / "home")) == ["x"]
    assert "more than once, with different bytes" in failure(twice(b"y"), "x", tmp_path / "home")


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (Limits(total=1000), "unpacks to more than 1,000 bytes"),
        (Limits(ratio=5, ratio_from=10_000), "unpacks to more than 5 times its size"),
        (Limits(members=2), "has more than 2 members"),
        (Limits(name=5), "has a name longer than 5"),
    ],
)
def test_limits(pack: object, tmp_path: Path, limits: Limits, said: str) -> None:
    assert callable(pack)
    files = {"zeros.txt": bytes(50_000), "b.txt": os.urandom(100), "c.txt": b""}
    data = pack(files)
    if "times" in said and len(data) > 10_000:
        pytest.skip("this kind does not compress")
    assert said in failure(raw(tmp_path, data), "zeros.txt", tmp_path / "home", limits)


@pytest.mark.parametrize("suffix", SINGLE)
def test_a_bomb_in_a_single_file(tmp_path: Path, suffix: str) -> None:
    file = raw(tmp_path, SINGLE[suffix](bytes(1_000_000)), f"x{suffix}")
    limits = Limits(ratio=100, ratio_from=1000)
    assert "100 times its size" in failure(file, "*", tmp_path / "home", limits)


def test_limits_hold_over_nested_archives_together(tmp_path: Path) -> None:
    file = raw(tmp_path, zipped({f"{n}.zip": zipped({"x": bytes(2_000)}) for n in range(5)}))
    limits = Limits(total=5_000)
    assert names(extract(file, "1.zip!x", tmp_path / "home", limits)) == ["1.zip!x"]
    assert "unpacks to more than 5,000 bytes" in failure(file, "*.zip!x", tmp_path / "home", limits)


def test_members_are_counted_over_nested_archives_together(tmp_path: Path) -> None:
    file = raw(tmp_path, zipped({f"{n}.zip": zipped({str(m): b"" for m in range(40)}) for n in range(5)}))
    limits = Limits(members=100)
    assert len(extract(file, "1.zip!*", tmp_path / "home", limits)) == 40
    assert "has more than 100 members" in failure(file, "*.zip!*", tmp_path / "home", limits)


def many(kind: str, count: int) -> bytes:
    """An archive of empty members, made without going through a library that would take minutes."""
    if kind == "zip":
        local = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 0, 0, 33, 0, 0, 0, 7, 0)
        entry = struct.pack("<4s6H3L5HL", b"PK\x01\x02", 20, 20, 0, 0, 0, 33, 0, 0, 0, 7, 0, 0, 0, 0, 0)
        files = b"".join(local + b"%07d" % n for n in range(count))
        places = b"".join(entry + struct.pack("<L", n * 37) + b"%07d" % n for n in range(count))
        end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, len(places), len(files), 0)
        return files + places + end
    header = bytearray(member("x" * 7).tobuf())
    packed = bytearray()
    plain = sum(header) - sum(header[:7]) - sum(header[148:156]) + 8 * 32
    for n in range(count):
        header[:7] = b"%07d" % n
        header[148:156] = b"%06o\0 " % (plain + sum(header[:7]))
        packed += header
    return gzip.compress(packed + bytes(1024), 1)


@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_archives_of_many_members_made_by_hand_are_archives(tmp_path: Path, kind: str) -> None:
    assert len(extract(raw(tmp_path, many(kind, 12)), "*", tmp_path / "home")) == 12


@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_too_many_members_take_little_memory(tmp_path: Path, kind: str) -> None:
    file = raw(tmp_path, many(kind, 8_000))
    tracemalloc.start()
    try:
        assert "has more than 4,000 members" in failure(file, "0000007", tmp_path / "home", Limits(members=4_000))
        assert tracemalloc.get_traced_memory()[1] < 1_800_000
    finally:
        tracemalloc.stop()


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_a_million_members_are_refused(tmp_path: Path, kind: str) -> None:
    file = raw(tmp_path, many(kind, 1_000_000))
    assert "has more than 200,000 members" in failure(file, "0000007", tmp_path / "home")


def test_a_name_of_gigabytes_is_refused_before_it_is_read(tmp_path: Path) -> None:
    long = member("x", size=1 << 30, kind=tarfile.GNUTYPE_LONGNAME).tobuf()
    assert "1,073,741,824 bytes tell of one member" in failure(raw(tmp_path, long), "x", tmp_path / "home")


def test_a_sparse_file_is_refused_before_its_map_is_read(tmp_path: Path) -> None:
    info = member("x", 1)
    info.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": "1"}
    data = info.tobuf(tarfile.PAX_FORMAT) + b"9" * 512
    assert "holds a sparse file" in failure(raw(tmp_path, data), "x", tmp_path / "home")
    old = member("x", 1, tarfile.GNUTYPE_SPARSE).tobuf()
    assert "holds a sparse file" in failure(raw(tmp_path, old), "x", tmp_path / "home")


def test_a_debian_package(tmp_path: Path) -> None:
    data = tar({"./usr/share/doc/a.txt": b"hello", "./usr/bin/b": b""}, "w:xz")
    package = ar({"debian-binary": b"2.0\n", "control.tar.gz": tar({"./control": b"x"}), "data.tar.xz": data})
    (found,) = extract(raw(tmp_path, package), "data.tar.*!usr/share/**", tmp_path / "home")
    assert (found.name, found.path.read_bytes()) == ("data.tar.xz!usr/share/doc/a.txt", b"hello")
    assert "cannot be read: damaged or cut short" in failure(raw(tmp_path, package[:-20]), "*", tmp_path / "home")


@pytest.mark.parametrize("keep", [0.3, 0.6, 0.8])
def test_what_is_cut_short(pack: object, tmp_path: Path, keep: float) -> None:
    assert callable(pack)
    data = pack({f"d/{n}.bin": os.urandom(5_000) for n in range(9)})
    file = raw(tmp_path, data[: int(len(data) * keep)])
    said = failure(file, "d/*", tmp_path / "home")
    assert said.startswith("outer.bin")
    assert "cannot be read" in said


def test_a_tar_cut_between_two_members(tmp_path: Path) -> None:
    data = tar({"a": bytes(512), "b": bytes(512)}, "w")[:1024]
    assert "cut short" in failure(raw(tmp_path, data), "a", tmp_path / "home")


def test_a_damaged_header_in_the_middle_is_not_the_end(tmp_path: Path) -> None:
    data = bytearray(tar({"a": bytes(512), "b": bytes(512)}, "w"))
    data[1024] ^= 0xFF
    assert "damaged" in failure(raw(tmp_path, bytes(data)), "a", tmp_path / "home")


def test_a_damaged_member_is_named(tmp_path: Path) -> None:
    data = bytearray(zipped({"x.bin": os.urandom(1000)}, zipfile.ZIP_STORED))
    data[500] ^= 0xFF
    said = failure(raw(tmp_path, bytes(data)), "x.bin", tmp_path / "home")
    assert "outer.bin, member x.bin\n  cannot be read: Bad CRC-32" in said


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_zip_methods_that_cannot_be_metered(tmp_path: Path, method: int) -> None:
    file = raw(tmp_path, zipped({"x": b"x" * 100}, method))
    assert f"compressed by method {method}" in failure(file, "x", tmp_path / "home")


def test_an_encrypted_member(tmp_path: Path) -> None:
    data = bytearray(zipped({"x": b"x"}))
    central = data.index(b"PK\x01\x02")
    data[central + 8] |= 1
    assert "is encrypted" in failure(raw(tmp_path, bytes(data)), "x", tmp_path / "home")


@pytest.mark.parametrize("data", [b"", b"text", b"7z\xbc\xaf\x27\x1c", bytes(1024)])
def test_what_is_no_archive(tmp_path: Path, data: bytes) -> None:
    assert "is not an archive that can be read" in failure(raw(tmp_path, data), "x", tmp_path / "home")


def test_nothing_fits_names_the_nearest(tmp_path: Path) -> None:
    said = failure(raw(tmp_path, tar(FILES)), "pkg-1/data/aa.csv", tmp_path / "home")
    assert "Near to it: pkg-1/data/a.csv, pkg-1/data/deep/b.csv" in said
    assert "It holds no files." in failure(raw(tmp_path, zipped({})), "x", tmp_path / "home")


def test_an_archive_that_was_written_meanwhile_is_not_remembered_under_its_old_name(tmp_path: Path) -> None:
    file = raw(tmp_path, zipped(FILES))
    file.path.write_bytes(zipped({"pkg-1/README": b"other"}))
    assert "changed while it was read" in failure(file, "*/README", tmp_path / "home")
    file.path.write_bytes(zipped(FILES))
    (member,) = extract(file, "*/README", tmp_path / "home")
    assert member.path.read_bytes() == b"hello"


def test_names_cannot_write_to_the_terminal(pack: object, tmp_path: Path) -> None:
    assert callable(pack)
    said = failure(raw(tmp_path, pack({"a\x1b[31m\u202e.txt": b""})), "b.txt", tmp_path / "home")
    assert r"a\x1b[31m\u202e.txt" in said
    assert "\x1b" not in said


def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("os.fsync", full)
    said = failure(raw(tmp_path, tar(FILES)), "*/README", tmp_path / "home")
    assert "No space left on device" in said
    assert "set BENCH_HOME" in said


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damage_is_told_or_harmless(tmp_path: Path, data: st.DataObject) -> None:
    """Whatever is changed in an archive: a member comes out, or one plain error; never a traceback."""
    content = bytearray(data.draw(st.sampled_from(DAMAGED)))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(1, len(content)))
    file = raw(tmp_path, bytes(content[: max(cut, len(content) // 2)]))
    try:
        assert extract(file, "**", tmp_path / "home")
    except UserError as error:
        assert str(error)  # noqa: PT017 - either outcome is right


DAMAGED = [make(FILES) for make in (*KINDS.values(), ar)] + [pack(b"hello" * 50) for pack in SINGLE.values()]
