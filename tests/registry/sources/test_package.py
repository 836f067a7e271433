import errno
import hashlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest
import requests
from pydantic import ValidationError

from registry.errors import UserError
from registry.progress import Silent
from registry.reading.archives import extract
from registry.source import FetchContext, RawFile
from registry.sources.package import REGISTRIES, Package
from tests.origins import files
from tests.servers.package_index import Hosted, PackageIndex

DATA = b"bytes of a source archive" * 1000
SHA256 = hashlib.sha256(DATA).hexdigest()
SDIST = Package(registry="pypi", name="Some.Data", version="1.0", artifact="sdist")
WHEEL = SDIST.model_copy(update={"artifact": "wheel"})


def fetch(context: FetchContext, pin: str | None = None, source: Package = SDIST) -> RawFile:
    (file,) = files(source, context, pin)
    return file


def failure(context: FetchContext, pin: str | None = None, source: Package = SDIST) -> str:
    with pytest.raises(UserError) as caught:
        files(source, context, pin)
    return str(caught.value)


def kept(context: FetchContext) -> list[str]:
    """All that lies in the store but for the locks of who fetches."""
    paths = (context.home / "sources").rglob("*")
    return sorted(path.name for path in paths if path.is_file() and path.parent.name != "locks")


@pytest.fixture
def good(index: PackageIndex) -> Hosted:
    """The one file of a healthy index."""
    return index.add("some-data", "some_data-1.0.tar.gz", Hosted(DATA))


def test_a_file_lands_under_its_hash(context: FetchContext, good: Hosted) -> None:
    file = fetch(context)
    assert file == RawFile("Some.Data-1.0.sdist", context.home / "sources" / SHA256, SHA256)
    assert file.path.read_bytes() == DATA
    assert len(kept(context)) == 2  # the file and the note of its sha256


def test_the_second_time_opens_no_socket(context: FetchContext, index: PackageIndex, good: Hosted) -> None:
    first = fetch(context)
    index.requests.clear()
    assert fetch(replace(context, offline=True)) == first
    assert fetch(replace(context, offline=True), SHA256) == first
    assert index.requests == []


def test_a_pin_that_is_in_the_store_needs_no_note(context: FetchContext, index: PackageIndex) -> None:
    (context.home / "sources").mkdir(parents=True)
    (context.home / "sources" / SHA256).write_bytes(DATA)
    assert fetch(replace(context, offline=True), SHA256.upper()).sha256 == SHA256
    assert index.requests == []


def test_a_damaged_file_is_fetched_again(context: FetchContext, good: Hosted) -> None:
    path = fetch(context).path
    path.write_bytes(DATA[:-1] + b"X")
    assert "damaged" in failure(replace(context, offline=True))
    assert fetch(context).path.read_bytes() == DATA


@pytest.mark.parametrize("note", ["", "{", "[]", '{"sha256": "../../x"}', '{"sha256": 5}'])
def test_a_damaged_note_is_made_again(context: FetchContext, good: Hosted, note: str) -> None:
    fetch(context)
    (path,) = (context.home / "sources" / "index").iterdir()
    path.write_text(note)
    assert fetch(context).sha256 == SHA256
    assert SHA256 in path.read_text()


def test_offline_says_what_to_do(context: FetchContext, index: PackageIndex) -> None:
    said = failure(replace(context, offline=True))
    assert "sdist of Some.Data 1.0" in said
    assert "Run `bench fetch` online first." in said
    assert index.requests == []


def test_progress_counts_the_bytes(context: FetchContext, good: Hosted) -> None:
    class Counting(Silent):
        steps: list[tuple[str, int | None, str]] = []
        total = 0

        def step(self, name: str, total: int | None = None, unit: str = "") -> Any:
            self.steps.append((name, total, unit))
            return super().step(name, total, unit)

    counting = Counting()
    fetch(replace(context, progress=counting))
    assert counting.steps == [("fetch Some.Data 1.0", len(DATA), "B")]


@pytest.mark.parametrize("fault", ["broken_pages", "dropped"])
def test_passing_faults_are_tried_three_times(
    context: FetchContext, index: PackageIndex, good: Hosted, fault: str
) -> None:
    setattr(index, fault, 2)
    assert fetch(context).sha256 == SHA256


def test_lasting_faults_are_told(context: FetchContext, index: PackageIndex, good: Hosted) -> None:
    index.broken_pages = 99
    assert "at 127.0.0.1\n  answered HTTP 503, after 3 tries" in failure(context)
    assert len(index.requests) == 3


def test_an_index_that_cannot_be_reached(
    context: FetchContext, index: PackageIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{free.getsockname()[1]}/simple")
        said = failure(context)
    assert "at 127.0.0.1\n  cannot be reached, after 3 tries\n  Check the network" in said


@pytest.mark.parametrize("url", ["file:///x/simple", "nonsense", "http://", "http://[::1", "http://h:port/"])
def test_an_index_url_that_is_none(
    context: FetchContext, index: PackageIndex, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", url)
    assert "Correct PIP_INDEX_URL" in failure(context)


@pytest.mark.parametrize(("status", "said"), [(403, "refused access"), (400, "answered HTTP 400")])
def test_refusals_are_not_repeated(
    context: FetchContext, index: PackageIndex, good: Hosted, status: int, said: str
) -> None:
    index.status = status
    assert said in failure(context)
    assert len(index.requests) == 1


def test_an_answer_that_is_no_index_page(context: FetchContext, index: PackageIndex) -> None:
    index.page = b"hello"
    assert "did not answer as a package index does" in failure(context)


def test_an_unknown_project(context: FetchContext, index: PackageIndex) -> None:
    assert 'has no project "Some.Data"' in failure(context)


def test_an_unknown_version_names_the_newest(context: FetchContext, index: PackageIndex) -> None:
    for version in ("0.9", "0.10", "2.0", "1.0rc1"):
        index.add("some-data", f"some_data-{version}.tar.gz", Hosted(DATA))
    said = failure(context)
    assert 'has no version 1.0; nearest: "2.0"' in said
    assert "newest versions: 2.0, 1.0rc1, 0.10, 0.9." in said


def test_equal_versions_are_found_however_they_are_written(context: FetchContext, good: Hosted) -> None:
    assert fetch(context, source=SDIST.model_copy(update={"version": "1.0.0"})).sha256 == SHA256


def test_no_such_artifact(context: FetchContext, index: PackageIndex, good: Hosted) -> None:
    index.add("some-data", "some_data-1.0-cp311-cp311-linux_x86_64.whl", Hosted(DATA))
    said = failure(context, source=WHEEL)
    assert "has no wheel for every platform (py3-none-any)" in said
    assert "The index has: some_data-1.0-cp311-cp311-linux_x86_64.whl, some_data-1.0.tar.gz." in said


def test_the_wheel_for_every_platform_is_taken(context: FetchContext, index: PackageIndex) -> None:
    index.add("some-data", "some_data-1.0-cp311-cp311-linux_x86_64.whl", Hosted(b"compiled"))
    index.add("some-data", "some_data-1.0-py2.py3-none-any.whl", Hosted(b"pure"))
    assert fetch(context, source=WHEEL).path.read_bytes() == b"pure"


def test_a_pin_that_the_index_does_not_promise(context: FetchContext, index: PackageIndex, good: Hosted) -> None:
    said = failure(context, "0" * 64)
    assert f"expected {'0' * 64}, got {SHA256}; nothing was kept" in said
    assert "file some_data-1.0.tar.gz" in said
    assert len(index.requests) == 1  # no byte of it was fetched


@pytest.mark.parametrize("pin", [None, SHA256])
def test_bytes_that_differ_from_the_promise(context: FetchContext, good: Hosted, pin: str | None) -> None:
    good.serves = DATA[:-1] + b"X"
    assert f"expected {SHA256}, got {hashlib.sha256(good.serves).hexdigest()}" in failure(context, pin)
    assert kept(context) == []


def test_an_index_without_hashes_needs_a_pin(context: FetchContext, good: Hosted) -> None:
    good.sha256 = ""
    assert "tells no sha256" in failure(context)
    assert fetch(context, SHA256).path.read_bytes() == DATA


@pytest.mark.parametrize("says_length", [True, False])
def test_a_download_that_is_cut_short(context: FetchContext, good: Hosted, says_length: bool) -> None:
    good.cut_after, good.says_length = 500, says_length
    assert "broke off before the end, after 3 tries" in failure(context)
    assert kept(context) == []


@pytest.mark.parametrize("says_size", [True, False])
def test_a_file_that_is_too_large(
    context: FetchContext, good: Hosted, says_size: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("registry.remote.download.LIMIT", 1000)
    good.says_size = says_size
    assert "larger than 1,000 bytes" in failure(context)
    assert kept(context) == []


def test_the_file_is_gone_from_the_index(context: FetchContext, index: PackageIndex, good: Hosted) -> None:
    good.gone = True
    assert "answered HTTP 404" in failure(context)


def test_credentials_are_sent_to_the_index_and_shown_nowhere(
    context: FetchContext, index: PackageIndex, good: Hosted, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = f"http://me:s3cr%40t@127.0.0.1:{index.port}/simple?token=t0ken"
    monkeypatch.setenv("PIP_INDEX_URL", secret)
    told = [fetch(context).path.parent]
    assert all(value.startswith("Basic ") for value in index.credentials)
    files = b"".join(path.read_bytes() for path in told[0].rglob("*") if path.is_file())
    index.status = 500
    said = failure(replace(context, home=context.home / "other"))
    for word in ("s3cr", "t0ken", "me:"):
        assert word not in said
        assert word.encode() not in files


def test_credentials_do_not_follow_to_another_host(
    context: FetchContext, index: PackageIndex, good: Hosted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", f"http://me:secret@localhost:{index.port}/simple")
    monkeypatch.setattr(
        Hosted,
        "entry",
        lambda hosted, name, url: {
            "filename": name,
            "url": f"http://127.0.0.1:{index.port}{url}",
            "hashes": {"sha256": SHA256},
        },
    )
    fetch(context)
    assert [bool(value) for value in index.credentials] == [True, False]


def test_a_full_disk(context: FetchContext, good: Hosted, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("os.fsync", full)
    said = failure(context)
    assert "No space left on device" in said
    assert "BENCH_HOME" in said
    assert kept(context) == []


@pytest.mark.parametrize("options", ["size=16k", "ro"])
def test_a_small_or_read_only_disk(context: FetchContext, index: PackageIndex, options: str) -> None:
    big = os.urandom(200_000)
    index.add("some-data", "some_data-1.0.tar.gz", Hosted(big))
    context.home.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(context.home)]
    if sys.platform != "linux" or os.geteuid() != 0 or subprocess.run(mount, check=False).returncode:
        pytest.skip("needs the right to mount")
    try:
        assert "Set BENCH_HOME" in failure(context) or "set BENCH_HOME" in failure(context)
        assert kept(context) == []
    finally:
        subprocess.run(["umount", str(context.home)], check=True)


def test_a_killed_fetch_leaves_no_file_under_its_final_name(
    context: FetchContext, index: PackageIndex, good: Hosted
) -> None:
    script = (
        "import os, sys, signal; from pathlib import Path; from registry import atomic\n"
        "atomic.publish = lambda *args: os.kill(os.getpid(), signal.SIGKILL)\n"
        "from registry.progress import Silent; from registry.source import FetchContext, Pin\n"
        "from registry.sources.package import Package\n"
        "home = Path(sys.argv[1])\n"
        "source = Package(registry='pypi', name='Some.Data', version='1.0', artifact='sdist')\n"
        "source.fetch(FetchContext(home, home, False, Silent()), Pin())\n"
    )
    root = str(Path(__file__).parents[3])
    environment = {**os.environ, "PYTHONPATH": root}
    done = subprocess.run([sys.executable, "-c", script, str(context.home)], env=environment, check=False)
    assert done.returncode == -signal.SIGKILL
    assert [name.startswith(".partial-") for name in kept(context)] == [True]
    assert fetch(context).path.read_bytes() == DATA


NPM = {"registry": "npm", "name": "@us/reviews", "version": "1.0.0"}
DEBIAN = {"registry": "debian", "name": "debian-faq", "version": "11.1", "architecture": "all"}


@pytest.mark.parametrize(
    ("card", "wrong", "said"),
    [
        (SDIST.model_dump(), {"name": "../x"}, "is no name of a package of pypi"),
        (SDIST.model_dump(), {"name": "a/b"}, "is no name of a package of pypi"),
        (SDIST.model_dump(), {"version": "1 0"}, "is no version of a package of pypi"),
        (SDIST.model_dump(), {"artifact": "egg"}, "'sdist' or 'wheel'"),
        (SDIST.model_dump(), {"artifact": None}, "packages of pypi need `artifact`: sdist for the source"),
        (SDIST.model_dump(), {"architecture": "all"}, "packages of pypi have no `architecture`; remove it"),
        (SDIST.model_dump(), {"registry": "cran"}, "'debian', 'npm' or 'pypi'"),
        (NPM, {"artifact": "sdist"}, "packages of npm have no `artifact`; remove it"),
        (NPM, {"name": "--registry=http://x"}, "is no name of a package of npm"),
        (NPM, {"name": "git+https://x"}, "is no name of a package of npm"),
        (NPM, {"name": "@us/../x"}, "is no name of a package of npm"),
        (NPM, {"version": "latest"}, "is no version of a package of npm"),
        (NPM, {"version": "^1.0.0"}, "is no version of a package of npm"),
        (DEBIAN, {"architecture": None}, "packages of debian need `architecture`: all, or the one"),
        (DEBIAN, {"architecture": "-oX"}, "String should match pattern"),
        (DEBIAN, {"name": "-oDir::Etc=/x"}, "is no name of a package of debian"),
        (DEBIAN, {"version": "1.0 evil"}, "is no version of a package of debian"),
    ],
)
def test_a_card_cannot_name_other_places(card: dict[str, Any], wrong: dict[str, Any], said: str) -> None:
    assert Package.model_validate(card)
    with pytest.raises(ValidationError, match=re.escape(said)):
        Package.model_validate({**card, **wrong})


def test_every_registry_can_be_named_in_a_card() -> None:
    assert REGISTRIES.names() == get_args(Package.model_fields["registry"].annotation)


@pytest.mark.parametrize("pin", ["", "abc", "../" * 21 + "x", "z" * 64])
def test_a_pin_is_64_hexadecimal_digits(context: FetchContext, index: PackageIndex, pin: str) -> None:
    if pin:
        assert "64 hexadecimal digits" in failure(context, pin)


def test_a_withdrawn_version_is_told(context: FetchContext, index: PackageIndex, good: Hosted) -> None:
    class Telling(Silent):
        lines: list[str] = []

        def say(self, line: str) -> None:
            self.lines.append(line)

    real = Hosted.entry
    good.entry = lambda name, url: {**real(good, name, url), "yanked": "\x1b[31mbad"}
    fetch(replace(context, progress=Telling()))
    assert Telling.lines == [
        "sdist of Some.Data 1.0 from the package index: its authors withdrew this version from use"
    ]


@pytest.mark.live
def test_a_real_package_with_an_archive_in_its_archive(context: FetchContext) -> None:
    source = Package(registry="pypi", name="vaderSentiment", version="3.3.2", artifact="sdist")
    pin = "5d7c06e027fc8b99238edb0d53d970cf97066ef97654009890b83703849632f9"
    file = fetch(context, pin, source)
    pattern = "*/additional_resources/hutto_ICWSM_2014.tar.gz!*/movieReviewSnippets_GroundTruth.txt"
    started = time.monotonic()
    (member,) = extract(file, pattern, context.home)
    assert extract(file, pattern, context.home) == (member,)
    assert time.monotonic() - started < 10
    assert member.path.read_bytes().count(b"\n") == 10_604  # the last of 10,605 lines has no end


def test_an_index_without_a_known_certificate(
    context: FetchContext, index: PackageIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **options: object) -> None:
        raise requests.exceptions.SSLError("certificate verify failed for https://me:secret@host")

    monkeypatch.setattr("requests.Session.get", refuse)
    said = failure(context)
    assert "its certificate is not trusted\n  Set REQUESTS_CA_BUNDLE or SSL_CERT_FILE" in said
    assert "secret" not in said
