"""Landing one URL in the store: resumed, tried again, limited, never a mixture."""

import gzip
import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from email.utils import formatdate
from pathlib import Path

import pytest

from registry.errors import UserError
from registry.progress import Silent
from registry.remote.download import Wanted, download
from registry.remote.network import Advice, open_session
from registry.source import FetchContext
from tests.servers.file_server import FileServer, Served

DATA = os.urandom(10_000)
SHA256 = hashlib.sha256(DATA).hexdigest()
OTHER = os.urandom(10_000)
ADVICE = Advice("Check the address.", "Log in.")


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[FileServer]:
    """A running server; retries do not wait, and pieces are small."""
    monkeypatch.setattr("registry.remote.download.PAUSES", (0.0, 0.0))
    monkeypatch.setattr("registry.remote.download.CHUNK", 1000)
    with FileServer() as running:
        yield running


@pytest.fixture
def context(tmp_path: Path) -> FetchContext:
    return FetchContext(tmp_path, tmp_path / ".bench", offline=False, progress=Silent())


@pytest.fixture
def get(context: FetchContext) -> Callable[..., bytes]:
    """Fetches a URL and gives the bytes that lie in the store."""

    def fetched(url: str, sha256: str = "", **limits: int) -> bytes:
        with open_session() as session:
            found = download(Wanted(url, "fetch it", "the file", ADVICE, sha256, **limits), session, context)
        data = (context.store / found).read_bytes()
        assert hashlib.sha256(data).hexdigest() == found
        return data

    return fetched


@pytest.fixture
def refused(get: Callable[..., bytes]) -> Callable[..., str]:
    """Fetches a URL in vain and gives what the user is told."""

    def told(url: str, sha256: str = "", **limits: int) -> str:
        with pytest.raises(UserError) as caught:
            get(url, sha256, **limits)
        return str(caught.value)

    return told


def rest(context: FetchContext) -> list[str]:
    return sorted(path.name for path in context.store.glob(".partial-*"))


def test_a_broken_connection_goes_on_where_it_stopped(web, get, context):
    get(web.serve("/a", Served(DATA, cut_after=3000), Served(DATA, cut_after=2500), Served(DATA)))
    ranges = [asked.headers.get("Range") for asked in web.asked]
    assert ranges == [None, "bytes=3000-", "bytes=5500-"]
    assert [asked.sent for asked in web.asked] == [3000, 2500, 4500]
    assert rest(context) == []


def test_progress_counts_what_is_there_already(web, context):
    class Counting(Silent):
        steps = []

        @contextmanager
        def step(self, name, total=None, unit=""):
            self.steps.append([name, total, unit, 0])
            yield self

        def advance(self, amount=1):
            self.steps[-1][-1] += amount

    url = web.serve("/a", Served(DATA, cut_after=3000), Served(DATA))
    with open_session() as session:
        download(Wanted(url, "fetch it", "the file", ADVICE), session, replace(context, progress=Counting()))
    assert Counting.steps == [["fetch it", 10_000, "B", 3000], ["fetch it", 10_000, "B", 10_000]]


def test_a_connection_that_always_breaks_still_arrives_as_long_as_it_gets_further(web, get):
    assert get(web.serve("/a", Served(DATA, cut_after=1000))) == DATA
    assert len(web.asked) == 10


def test_a_connection_that_brings_nothing_new_is_given_up_and_gone_on_with_later(web, get, refused, context):
    url = web.serve("/a", Served(DATA, cut_after=3000), Served(DATA, cut_after=0))
    told = refused(url)
    assert told.startswith("the file\n  the connection broke off before the end, after 3 tries\n  Run the same command")
    assert len(rest(context)) == 2  # the bytes, and of which version they are
    web.serve("/a", Served(DATA))
    web.asked.clear()
    assert get(url) == DATA
    assert [asked.sent for asked in web.asked] == [7000]


@pytest.mark.parametrize("second", [Served(OTHER, etag='"2"'), Served(OTHER, etag='"2"', ranges=False)])
def test_bytes_that_change_between_two_tries_are_never_mixed(web, get, second):
    assert get(web.serve("/a", Served(DATA, cut_after=3000), second)) == OTHER


def test_a_server_that_answers_the_wrong_part_is_asked_for_the_whole(web, get):
    liar = Served(OTHER[3000:], status=206, headers={"Content-Range": "bytes 0-6999/10000"}, ranges=False)
    assert get(web.serve("/a", Served(DATA, cut_after=3000), liar, Served(DATA))) == DATA
    assert "Range" not in web.asked[-1].headers


def test_a_part_of_another_version_is_not_taken(web, get):
    liar = Served(
        OTHER[3000:], etag='"2"', status=206, headers={"Content-Range": "bytes 3000-9999/10000"}, ranges=False
    )
    assert get(web.serve("/a", Served(DATA, cut_after=3000), liar, Served(OTHER, etag='"2"'))) == OTHER


def test_a_server_without_ranges_starts_over(web, get):
    assert get(web.serve("/a", Served(DATA, cut_after=3000), Served(DATA, ranges=False))) == DATA
    assert [asked.sent for asked in web.asked] == [3000, 10_000]


@pytest.mark.parametrize("etag", ["", 'W/"1"', '"\x01"', '"' + "x" * 600 + '"'])
def test_without_a_validator_that_holds_nothing_is_resumed(web, get, refused, context, etag):
    url = web.serve("/a", Served(DATA, etag=etag, cut_after=3000))
    assert "broke off" in refused(url)
    assert rest(context) == []
    web.serve("/a", Served(DATA, etag=etag))
    assert get(url) == DATA
    assert all("Range" not in asked.headers for asked in web.asked)


@pytest.mark.parametrize(("age", "ranges"), [(3600, [None, "bytes=3000-"]), (0, [None, None])])
def test_a_time_of_change_is_trusted_once_it_is_past(web, get, age, ranges):
    changed = {"Last-Modified": formatdate(time.time() - age, usegmt=True)}
    answers = Served(DATA, etag="", headers=changed, cut_after=3000), Served(DATA, etag="", headers=changed)
    assert get(web.serve("/a", *answers)) == DATA
    assert [asked.headers.get("Range") for asked in web.asked] == ranges


def test_what_was_begun_and_damaged_is_fetched_once_more(web, get, refused, context):
    url = web.serve("/a", Served(DATA, cut_after=3000), Served(DATA, cut_after=0))
    refused(url)
    (begun,) = (path for path in context.store.glob(".partial-*") if not path.suffix)
    begun.write_bytes(b"X" * 3000)
    web.serve("/a", Served(DATA))
    assert get(url, SHA256) == DATA


def test_bytes_that_are_already_stored_are_not_asked_for(web, get):
    assert get(web.serve("/a", Served(DATA))) == DATA
    web.asked.clear()
    assert get(web.url("/b"), SHA256) == DATA
    assert web.asked == []


def test_the_same_bytes_are_not_sent_twice(web, get, context):
    url = web.serve("/a", Served(DATA))
    get(url)
    assert get(url) == DATA
    assert [asked.sent for asked in web.asked] == [10_000, 0]
    (context.store / SHA256).write_bytes(b"damaged")
    assert get(url) == DATA
    web.serve("/a", Served(OTHER, etag='"2"'))
    assert get(url) == OTHER


@pytest.mark.parametrize("memory", ["", "[]", '{"sha256": "../../x", "validator": "\\"1\\""}', '{"sha256": "0"}'])
def test_a_damaged_memory_costs_a_download(web, get, context, memory):
    url = web.serve("/a", Served(DATA))
    get(url)
    (kept,) = (context.store / "validators").iterdir()
    kept.write_text(memory)
    assert get(url) == DATA
    assert [asked.sent for asked in web.asked] == [10_000, 10_000]


def test_what_is_wanted_is_not_what_was_known(web, get, refused):
    url = web.serve("/a", Served(DATA))
    get(url)
    wanted = hashlib.sha256(OTHER).hexdigest()
    assert f"expected {wanted}, got {SHA256}" in refused(url, wanted)


def test_a_size_above_the_limit_is_refused_before_a_byte_is_read(web, refused, context):
    url = web.serve("/a", Served(DATA, hold_after=0))
    assert "larger than 9,999 bytes" in refused(url, limit=9_999)
    assert rest(context) == []


@pytest.mark.parametrize("headers", [{"Content-Length": ""}, {"Content-Length": "nonsense"}])
def test_a_size_that_is_not_told_is_limited_while_it_is_read(web, get, refused, context, headers):
    url = web.serve("/a", Served(DATA, headers=headers))
    assert "larger than 9,999 bytes" in refused(url, limit=9_999)
    assert rest(context) == []
    assert get(url, limit=10_000) == DATA


def test_a_length_that_promises_too_much_is_no_whole_file(web, refused):
    assert "broke off before the end" in refused(web.serve("/a", Served(DATA, length=10_001)))


def test_a_length_that_promises_too_little_is_caught_by_the_pin(web, get, refused, context):
    url = web.serve("/a", Served(DATA, length=9_000))
    assert f"expected {SHA256}, got {hashlib.sha256(DATA[:9_000]).hexdigest()}" in refused(url, SHA256)
    assert not list(context.store.glob("[0-9a-f]*"))


def test_a_page_in_place_of_a_pinned_file_is_named(web, refused):
    page = Served(b"<html>log in</html>", headers={"Content-Type": "text/html; charset=utf-8"})
    assert "What came is an HTML page, often one that asks to log in" in refused(web.serve("/a", page), SHA256)


def test_a_file_compressed_on_the_way_is_refused(web, refused):
    bomb = gzip.compress(bytes(1_000_000))
    url = web.serve("/a.csv", Served(bomb, headers={"Content-Encoding": "gzip"}))
    assert "sends the file compressed (gzip), although it was asked for the plain bytes" in refused(url)
    assert web.asked[0].headers["Accept-Encoding"] == "identity"


def test_a_compressed_file_that_is_labelled_as_one_is_kept_as_it_is(web, get):
    data = gzip.compress(b"a,b\n")
    assert get(web.serve("/a.csv.gz", Served(data, headers={"Content-Encoding": "gzip"}))) == data


@pytest.mark.parametrize(
    ("status", "said", "tries"),
    [
        (401, "refused access (HTTP 401)\n  Log in.", 1),
        (403, "refused access (HTTP 403)\n  Log in.", 1),
        (404, "answered HTTP 404: there is no such file\n  Check the address.", 1),
        (410, "answered HTTP 410: there is no such file any more\n  Check the address.", 1),
        (429, "answered HTTP 429: too many requests, after 3 tries\n  Run the same command again later.", 3),
        (418, "answered HTTP 418\n  Check the address.", 1),
        (204, "answered HTTP 204\n  Check the address.", 1),
        (503, "answered HTTP 503, after 3 tries\n  Run the same command again later.", 3),
    ],
)
def test_refusals_in_plain_words(web, refused, status, said, tries):
    assert refused(web.serve("/a", Served(status=status))) == f"the file\n  {said}"
    assert len(web.asked) == tries


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_a_server_that_asks_to_wait_is_waited_for(web, get, monkeypatch, form):
    waited = []
    wish = "3" if form == "seconds" else formatdate(time.time() + 30, usegmt=True)
    monkeypatch.setattr("registry.remote.download.time.sleep", waited.append)
    assert get(web.serve("/a", Served(status=429, headers={"Retry-After": wish}), Served(DATA))) == DATA
    assert 3 <= waited[0] <= 30


def test_a_server_that_asks_to_wait_long_is_not(web, refused):
    url = web.serve("/a", Served(status=503, headers={"Retry-After": "3600"}))
    assert "answered HTTP 503 and asks to wait 3,600 seconds\n  Run the same command again then." in refused(url)


class Heard(Silent):
    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, line: str) -> None:
        self.lines.append(line)


def test_every_new_try_is_told(web, refused, monkeypatch, context):
    monkeypatch.setattr("registry.remote.download.TIMEOUT", (1.0, 0.05))
    heard, url = Heard(), web.serve("/a", Served(DATA, hold_after=0))
    with open_session() as session, pytest.raises(UserError):
        download(Wanted(url, "fetch it", "the file", ADVICE), session, replace(context, progress=heard))
    assert heard.lines == [f"  the file: stopped answering; trying again ({n} of 3)" for n in (2, 3)]


@pytest.mark.parametrize("after", [0, 5000])
def test_a_server_that_stops_answering(web, get, refused, monkeypatch, after):
    monkeypatch.setattr("registry.remote.download.TIMEOUT", (1.0, 0.05))
    url = web.serve("/a", Served(DATA, hold_after=after), Served(DATA, hold_after=0))
    assert "stopped answering, after 3 tries" in refused(url)
    web.serve("/a", Served(DATA))
    assert get(url) == DATA


SCRIPT = """
import sys; from pathlib import Path; from registry.remote import download
from registry.remote.network import Advice, open_session; from registry.progress import Silent
from registry.source import FetchContext
download.CHUNK = 1000
wanted = download.Wanted(sys.argv[1], "fetch it", "the file", Advice("", ""))
home = Path(sys.argv[2])
with open_session() as session:
    print(download.download(wanted, session, FetchContext(home, home / ".bench", False, Silent())))
"""


def start(url: str, context: FetchContext) -> subprocess.Popen:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", SCRIPT, url, str(context.project)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def wait_for(ready: Callable[[], object]) -> None:
    for _ in range(1000):
        if ready():
            return
        time.sleep(0.02)
    raise AssertionError("it did not happen")


def test_a_killed_download_goes_on_where_it_stopped(web, get, context):
    url = web.serve("/a", Served(DATA, hold_after=6000), Served(DATA))
    process = start(url, context)
    wait_for(lambda: any(path.stat().st_size == 6000 for path in context.store.glob(".partial-*")))
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert get(url) == DATA
    assert [asked.sent for asked in web.asked] == [6000, 4000]
    assert rest(context) == []


def test_two_processes_that_want_the_same_fetch_it_once(web, get, context):
    url = web.serve("/a", Served(DATA, hold_after=6000), Served(DATA))
    process = start(url, context)
    wait_for(lambda: any(path.stat().st_size == 6000 for path in context.store.glob(".partial-*")))
    mine = list[bytes]()
    waiting = threading.Thread(target=lambda: mine.append(get(url)))
    waiting.start()
    waiting.join(0.1)
    assert waiting.is_alive()
    assert len(web.asked) == 1
    web.closing.set()  # the connection of the first breaks, and it goes on
    assert process.communicate()[0].split()[-1] == SHA256
    waiting.join(20)
    assert mine == [DATA]
    assert sum(asked.sent for asked in web.asked) == len(DATA)
