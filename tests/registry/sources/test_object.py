import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from registry.errors import GateError, UserError
from registry.source import FetchContext
from registry.sources.object import Object
from tests.origins import files

DATA = bytes(range(256)) * 100


@pytest.fixture(scope="module")
def server() -> Iterator[Any]:
    """A server that speaks the protocol of S3, as its owner sees it."""
    import boto3
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    url = "http://{}:{}".format(*running.get_host_and_port())
    owner = {"aws_access_key_id": "owner", "aws_secret_access_key": "owner", "region_name": "us-east-1"}
    yield boto3.resource("s3", endpoint_url=url, **owner)
    running.stop()


@pytest.fixture
def bucket(server: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An empty bucket called `reviews`, that the environment leads to."""
    for name, value in {
        "AWS_ENDPOINT_URL": server.meta.client.meta.endpoint_url,
        "AWS_ACCESS_KEY_ID": "someone",
        "AWS_SECRET_ACCESS_KEY": "s3cret",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "AWS_PROFILE", "AWS_NO_SIGN_REQUEST"):
        monkeypatch.delenv(name, raising=False)
    made = server.create_bucket(Bucket="reviews")
    yield made
    made.objects.delete()
    made.delete()


def fetched(url: str, context: FetchContext, sha256: str | None = None) -> dict[str, bytes]:
    return {file.name: file.path.read_bytes() for file in files(Object(url=url), context, sha256)}


def failure(url: str, context: FetchContext, **options: Any) -> str:
    with pytest.raises(UserError) as caught:
        files(Object(url=url, **options), context)
    return str(caught.value)


def test_one_object(bucket: Any, context: FetchContext) -> None:
    bucket.put_object(Key="data/a.csv", Body=DATA)
    assert fetched("s3://reviews/data/a.csv", context) == {"data/a.csv": DATA}
    assert fetched("s3://reviews/data/a.csv", replace(context, offline=True)) == {"data/a.csv": DATA}


def test_a_glob_is_in_order_of_name(bucket: Any, context: FetchContext) -> None:
    for key in ("data/b.csv", "data/a.csv", "data/deep/c.csv", "data/d.txt", "e.csv"):
        bucket.put_object(Key=key, Body=key.encode())
    assert list(fetched("s3://reviews/data/*.csv", context)) == ["data/a.csv", "data/b.csv"]
    assert list(fetched("s3://reviews/data/**/*.csv", context)) == ["data/a.csv", "data/b.csv", "data/deep/c.csv"]


def test_a_large_object_comes_in_pieces(bucket: Any, context: FetchContext, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registry.sources.object.PIECE", 10_000)
    bucket.put_object(Key="a", Body=DATA)
    assert fetched("s3://reviews/a", context) == {"a": DATA}


@pytest.fixture
def broken(bucket: Any, context: FetchContext, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """An object of which a first try brought 10,000 bytes; where the further reads begin."""
    from s3fs.core import S3File

    monkeypatch.setattr("registry.sources.object.PIECE", 10_000)
    bucket.put_object(Key="a", Body=DATA)
    real, starts = S3File._fetch_range, list[int]()

    def first(opened: S3File, start: int, end: int) -> bytes:
        if start:
            raise ConnectionResetError
        return real(opened, start, end)

    monkeypatch.setattr(S3File, "_fetch_range", first)
    assert "cannot be reached or read (ConnectionResetError)" in failure("s3://reviews/a", context)

    def later(opened: S3File, start: int, end: int) -> bytes:
        starts.append(start)
        return real(opened, start, end)

    monkeypatch.setattr(S3File, "_fetch_range", later)
    return starts


def test_what_was_cut_short_goes_on(broken: list[int], context: FetchContext) -> None:
    assert fetched("s3://reviews/a", context) == {"a": DATA}
    assert broken == [10_000, 20_000]


def test_what_was_cut_short_and_then_changed_starts_over(bucket: Any, broken: list[int], context: FetchContext) -> None:
    bucket.put_object(Key="a", Body=DATA[::-1])
    assert fetched("s3://reviews/a", context) == {"a": DATA[::-1]}
    assert broken[0] == 0


def test_an_object_that_changes_while_it_is_read_is_noticed(
    bucket: Any, context: FetchContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    from s3fs.core import S3File

    monkeypatch.setattr("registry.sources.object.PIECE", 10_000)
    bucket.put_object(Key="a", Body=DATA)
    real = S3File._fetch_range

    def changing(opened: S3File, start: int, end: int) -> bytes:
        if start:
            bucket.put_object(Key="a", Body=DATA[::-1])
        return real(opened, start, end)

    monkeypatch.setattr(S3File, "_fetch_range", changing)
    assert (
        failure("s3://reviews/a", context)
        == "s3://reviews/a\n  changed while it was read\n  Run the same command again."
    )


def test_update_fetches_only_what_changed(bucket: Any, broken: list[int], context: FetchContext) -> None:
    update = replace(context, update=True)
    fetched("s3://reviews/a", context)
    broken.clear()
    assert fetched("s3://reviews/a", update) == {"a": DATA}
    assert broken == []
    bucket.put_object(Key="a", Body=b"other")
    assert fetched("s3://reviews/a", update) == {"a": b"other"}


def test_what_is_missing_is_told_with_what_is_there(bucket: Any, context: FetchContext) -> None:
    bucket.put_object(Key="data/reviews.csv", Body=b"x")
    told = failure("s3://reviews/data/reveiws.csv", context)
    assert 'there is no such object; nearest: "data/reviews.csv"\n  It has: data/reviews.csv.' in told
    assert "It has nothing there" in failure("s3://reviews/other/*.csv", context)
    assert "there is no such bucket or object" in failure("s3://another/a.csv", context)


def test_all_together_have_at_most_max_bytes(bucket: Any, context: FetchContext) -> None:
    for key in ("a", "b"):
        bucket.put_object(Key=key, Body=b"12345678")
    assert "larger than 10 bytes" in failure("s3://reviews/*", context, max_bytes=10)
    assert not list(context.store.glob("*"))


def test_a_pin_is_for_one_object_and_must_hold(bucket: Any, context: FetchContext) -> None:
    for key in ("a", "b"):
        bucket.put_object(Key=key, Body=b"x")
    with pytest.raises(UserError, match="pins one file, but 2 objects match"):
        fetched("s3://reviews/*", context, "0" * 64)
    with pytest.raises(GateError, match="sha256 of a differs"):
        fetched("s3://reviews/a", context, "0" * 64)


def test_without_credentials(bucket: Any, context: FetchContext, monkeypatch: pytest.MonkeyPatch) -> None:
    bucket.put_object(Key="a", Body=b"x")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    assert "refused access\n  Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY" in failure("s3://reviews/a", context)
    monkeypatch.setenv("AWS_NO_SIGN_REQUEST", "1")
    bucket.Acl().put(ACL="public-read")
    bucket.Object("a").Acl().put(ACL="public-read")
    assert fetched("s3://reviews/a", context) == {"a": b"x"}


def test_credentials_are_written_nowhere(bucket: Any, context: FetchContext) -> None:
    bucket.put_object(Key="a", Body=b"x")
    fetched("s3://reviews/a", context)
    kept = b"".join(path.read_bytes() for path in context.home.rglob("*") if path.is_file())
    assert b"s3cret" not in kept
    assert b"someone" not in kept


def test_a_store_that_cannot_be_reached(bucket: Any, context: FetchContext, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    monkeypatch.setattr("s3fs.core.S3FileSystem.retries", 1)
    assert "cannot be reached or read (EndpointConnectionError)\n  Check the network" in failure(
        "s3://reviews/a", context
    )


def test_without_the_library(context: FetchContext, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "s3fs", None)
    assert "need the library s3fs\n  Run `pip install cardbench[s3]`" in failure("s3://reviews/a", context)


@pytest.mark.parametrize(
    "url",
    [
        "s3://reviews",
        "s3://reviews/",
        "s3://reviews/a/",
        "s3://me:secret@reviews/a",
        "s3://R/a",
        "gs://reviews/a",
        "s3://reviews/a\nb",
    ],
)
def test_what_a_card_cannot_name(url: str) -> None:
    with pytest.raises(ValidationError):
        Object(url=url)


@pytest.mark.parametrize(("url", "name", "format_"), [("a/b.csv", "a/b.csv", "csv"), ("a/*.jsonl", None, "jsonl")])
def test_names_and_formats(url: str, name: str | None, format_: str) -> None:
    source = Object(url=f"s3://reviews/{url}")
    assert (source.file_name, source.default_format and source.default_format.format) == (name, format_)
