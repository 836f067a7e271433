from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import requests
from pydantic import ValidationError

from registry.build import build
from registry.errors import GateError, UserError
from registry.remote.network import RedirectError, open_session
from registry.source import FetchContext
from registry.sources.http import Http
from tests.origins import files
from tests.servers.file_server import FileServer, Served
from tests.worlds import World, minimal_card

DATA = b"text,label\ngood,1\n"


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[FileServer]:
    monkeypatch.setattr("registry.remote.download.PAUSES", (0.0, 0.0))
    with FileServer() as running:
        yield running


def fetched(url: str, context: FetchContext, sha256: str | None = None) -> bytes:
    (file,) = files(Http(url=url), context, sha256)
    return file.path.read_bytes()


def failure(url: str, context: FetchContext) -> str:
    with pytest.raises(UserError) as caught:
        fetched(url, context)
    return str(caught.value)


@pytest.fixture
def netrc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A login for localhost, and none for 127.0.0.1."""
    (tmp_path / "netrc").write_text("machine localhost login me password s3cret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))


def test_a_file_is_named_by_its_path(web: FileServer, context: FetchContext) -> None:
    (file,) = files(Http(url=web.serve("/data/my%20reviews.csv", Served(DATA)) + "?download=1"), context)
    assert (file.name, file.path.read_bytes()) == ("my reviews.csv", DATA)


@pytest.mark.parametrize(
    ("url", "name", "format_"),
    [
        ("https://host/a/b.csv?x=1", "b.csv", "csv"),
        ("https://host/b.jsonl.gz", "b.jsonl.gz", "jsonl"),
        ("https://host/a/", "a", None),
        ("https://host", "host", None),
        ("https://host/%2e%2e%2fetc", "etc", None),
    ],
)
def test_names_and_formats(url: str, name: str, format_: str | None) -> None:
    guessed = Http(url=url).default_format
    assert (Http(url=url).file_name, guessed and guessed.format) == (name, format_)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("ftp://host/a", "https:// or http://"),
        ("file:///etc/passwd", "https:// or http://"),
        ("https://host/a b", "https:// or http://"),
        ("https://host/a\nb", "https:// or http://"),
        ("https:///a", "names no host"),
        ("https://host:99999/a", "a port that there is not"),
        ("https://[::1/a", "names no host"),
        ("https://me:secret@host/a", "put them into a netrc file"),
        ("https://me@host/a", "put them into a netrc file"),
        ("https://host/a?access_token=x", "put them into a netrc file"),
        ("https://host/a?X-Amz-Signature=x", "put them into a netrc file"),
        ("https://host/a?sig=", "put them into a netrc file"),
    ],
)
def test_what_a_card_cannot_name(url: str, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Http(url=url)


def test_a_page_number_or_a_word_is_no_credential() -> None:
    assert Http(url="https://host/a?page=2&keyword=tokyo&author_id=5").url


def test_a_pin_must_hold(web: FileServer, context: FetchContext) -> None:
    with pytest.raises(GateError, match=f"expected {'0' * 64}"):
        fetched(web.serve("/a.csv", Served(DATA)), context, "0" * 64)


def test_the_second_time_asks_nothing_and_update_asks_whether_it_changed(
    web: FileServer, context: FetchContext
) -> None:
    url = web.serve("/a.csv", Served(DATA))
    fetched(url, context)
    fetched(url, replace(context, offline=True))
    assert len(web.asked) == 1
    update = replace(context, update=True)
    assert fetched(url, update) == DATA
    assert [asked.sent for asked in web.asked] == [len(DATA), 0]
    web.serve("/a.csv", Served(b"other", etag='"2"'))
    assert fetched(url, update) == b"other"
    assert fetched(url, context) == b"other"


def test_at_most_max_bytes(web: FileServer, context: FetchContext) -> None:
    url = web.serve("/a.csv", Served(DATA))
    with pytest.raises(UserError, match="larger than 5 bytes"):
        files(Http(url=url, max_bytes=5), context)


def test_credentials_come_from_a_netrc_file_and_are_shown_nowhere(
    web: FileServer, context: FetchContext, netrc: None
) -> None:
    web.serve("/a.csv", Served(DATA))
    assert fetched(web.url("/a.csv", "localhost"), context) == DATA
    assert web.asked[0].headers["Authorization"].startswith("Basic ")
    told = failure(web.url("/missing", "localhost"), context)
    kept = b"".join(path.read_bytes() for path in context.home.rglob("*") if path.is_file())
    assert "s3cret" not in told
    assert b"s3cret" not in kept


def test_credentials_do_not_follow_a_redirect_to_another_host(
    web: FileServer, context: FetchContext, netrc: None
) -> None:
    target = web.serve("/there.csv", Served(DATA))
    web.serve("/here.csv", Served(status=302, headers={"Location": target}))
    assert fetched(web.url("/here.csv", "localhost"), context) == DATA
    assert ["Authorization" in asked.headers for asked in web.asked] == [True, False]


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://host/a", "gopher:x"])
def test_a_redirect_to_no_web_server_is_refused(web: FileServer, context: FetchContext, target: str) -> None:
    url = web.serve("/a.csv", Served(status=302, headers={"Location": target}))
    assert "redirects to an address that is neither http nor https" in failure(url, context)
    assert len(web.asked) == 1


def test_a_redirect_from_https_to_http_is_refused() -> None:
    answer = requests.Response()
    answer.status_code, answer.url = 301, "https://host/a"
    answer.headers["Location"] = "http://host/a"
    with pytest.raises(RedirectError, match="from https to http"):
        open_session().get_redirect_target(answer)


def test_redirects_in_a_circle_end(web: FileServer, context: FetchContext) -> None:
    url = web.serve("/a.csv", Served(status=302, headers={"Location": "/a.csv"}))
    assert "redirects more than 10 times" in failure(url, context)


def test_a_card_may_write_the_url_alone(world: World) -> None:
    for written in ("https://host/a.csv", "{url: https://host/a.csv}"):
        card = minimal_card().replace("local: data/mine.csv", f"http: {written}")
        world.write({"cards/datasets/task/mine.yaml": card})
        (source,) = world.catalog.dataset("mine").sources.values()
        assert source.origin == Http(url="https://host/a.csv")
        assert source.reader_kind == "csv"


def test_it_is_told_without_its_query() -> None:
    assert Http(url="https://host:8443/a.csv?session=1").describe() == "https://host:8443/a.csv"


def test_bytes_that_were_no_data_are_not_kept_for_good(web: FileServer, world: World) -> None:
    page, rows = b"<html>log in</html>", b"text,label\none,good\ntwo,bad\n"
    url = web.serve("/rows.csv", Served(page))
    card = minimal_card().replace("local: data/mine.csv", f'http: "{url}"')
    world.write({"cards/datasets/task/mine.yaml": card})
    for _ in range(2):
        with pytest.raises(UserError, match="`bench build mine --update` asks rows again") as failed:
            build("mine", world.catalog)
        web.serve("/rows.csv", Served(rows, '"2"'))
    assert failed.value.do.count("--update") == 1
    assert build("mine", world.catalog, update=True).published.manifest["rows_kept"] == 2
    web.serve("/rows.csv", Served(page, '"3"'))
    with pytest.raises(UserError) as failed:
        build("mine", world.catalog, update=True)
    assert "--update" not in str(failed.value)
