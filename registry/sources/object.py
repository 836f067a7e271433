"""Objects of an S3 store: `s3://bucket/key`, or a glob such as `s3://bucket/data/*.csv`.

Needs `pip install cardbench[s3]`. Endpoint, region and credentials come from the environment as every AWS tool reads
them (AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, AWS_PROFILE ...); AWS_NO_SIGN_REQUEST=1 asks without any, for open buckets.
An object that changes while it is read is noticed by its ETag, and one that was cut short goes on where it stopped.
`bench build --update` fetches only objects whose ETag changed. All together may have `max_bytes`, 2 GiB by default.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from registry.errors import UserError, clipped, nearest, plural
from registry.frozen import Frozen, Text
from registry.reading.formats import Guess, guess, is_glob
from registry.source import FetchContext, Fetched, Pin, RawFile

if TYPE_CHECKING:
    from s3fs import S3FileSystem
    from s3fs.core import S3File

    from registry.progress import Step

PIECE = 8 * 1024**2
"""Bytes of one request."""

BUCKET = r"^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/"
AGAIN = "Run the same command again."
LOG_IN = (
    "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE; for an open bucket set AWS_NO_SIGN_REQUEST=1. "
    "Cards never hold credentials."
)


class Object(Frozen):
    """`object: s3://bucket/key-or-glob`, or with its `url` and `max_bytes`."""

    live: ClassVar[bool] = False
    url: Annotated[
        Text, Field(pattern=BUCKET + r"[^\x00-\x1f\x7f]*[^\x00-\x1f\x7f/]$", description="s3://bucket/key, or a glob")
    ]
    max_bytes: Annotated[int, Field(gt=0)] | None = None

    @property
    def file_name(self) -> str | None:
        return None if is_glob(self.url) else self._path.partition("/")[2]

    @property
    def default_format(self) -> Guess | None:
        return guess(self.url)

    def fetch(self, context: FetchContext, pin: Pin) -> Fetched:
        """The objects, in order of their names in the bucket. UserError where one changes while it is read."""
        from registry.remote.download import LIMIT
        from registry.remote.landing import too_large

        store = _connected(self.describe())
        found = self._found(store)
        if "" in pin.files and len(found) > 1:
            what = f"sha256 pins one file, but {plural(len(found), 'object')} match"
            raise UserError(what, where=self.describe(), do="Name one object, or remove `sha256:`.")
        limit, total = self.max_bytes or LIMIT, sum(found.values())
        if total > limit:
            raise too_large(self.describe(), limit)
        with context.progress.step(f"fetch {self.describe()}", total, "B") as step:
            files = tuple(self._landed(store, path, size, context, step) for path, size in sorted(found.items()))
        return Fetched(files)

    def describe(self) -> str:
        return clipped(self.url)

    @property
    def _path(self) -> str:
        return self.url.removeprefix("s3://")

    def _found(self, store: "S3FileSystem") -> dict[str, int]:
        """Sizes, by bucket and key."""
        with _plainly(self.describe()):
            infos = store.glob(self._path, detail=True) if is_glob(self.url) else self._named(store)
            found = {path: int(info["size"]) for path, info in infos.items() if info["type"] == "file"}
            if not found:
                raise self._missing(store)
        return found

    def _named(self, store: "S3FileSystem") -> dict[str, dict[str, Any]]:
        try:
            return {self._path: store.info(self._path)}
        except FileNotFoundError:
            return {}

    def _missing(self, store: "S3FileSystem") -> UserError:
        """Says what is there instead: of a large bucket, what comes first."""
        bucket, _, key = self._path.partition("/")
        prefix = re.split(r"[*?\[]", key)[0].rpartition("/")[0]
        listed = store.call_s3("list_objects_v2", Bucket=bucket, Prefix=prefix, MaxKeys=100)
        names = [entry["Key"] for entry in listed.get("Contents", ())]
        do = f"It has: {clipped(', '.join(names))}." if names else "It has nothing there."
        return UserError(clipped(f"there is no such object{nearest(key, names)}"), where=self.describe(), do=do)

    def _landed(self, store: "S3FileSystem", path: str, size: int, context: FetchContext, step: "Step") -> RawFile:
        from registry.remote.landing import Begun, landing

        name, where = path.partition("/")[2], clipped(f"s3://{path}")
        with landing(context.store, f"s3://{path}", where, context.progress) as way:
            with _plainly(where):
                opened = store.open(path, "rb", block_size=PIECE, cache_type="none")
            tag, known = opened.details.get("ETag"), way.known()
            if not tag:
                what = "the store states no ETag, so a change while it is read would not be noticed"
                raise UserError(what, where=where, do="Fetch it by hand, and use it as a local source.")
            if known and known.validator == tag:
                step.advance(size)
                return RawFile(name, context.store / known.sha256, known.sha256)
            begun = way.begun() if way.begun().validator == tag else Begun(0, tag)
            received = way.receive(_pieces(opened, begun.size, where), begun, opened.size, step.advance)
            if received.size != opened.size:
                raise UserError("the connection broke off before the end", where=where, do=AGAIN)
            way.publish(received.sha256, tag)
        return RawFile(name, context.store / received.sha256, received.sha256)


def _connected(where: str) -> "S3FileSystem":
    try:
        from s3fs import S3FileSystem
    except ImportError:
        do = "Run `pip install cardbench[s3]`, then the same command again."
        raise UserError("objects of S3 need the library s3fs", where=where, do=do) from None
    unsigned = os.environ.get("AWS_NO_SIGN_REQUEST", "").lower() in ("1", "yes", "true")
    with _plainly(where):
        return S3FileSystem(anon=unsigned, skip_instance_cache=True, use_listings_cache=False)


def _pieces(opened: "S3File", start: int, where: str) -> Iterator[bytes]:
    """What comes after `start`, asked for by range, each time of the version that was opened."""
    opened.seek(start)
    while True:
        with _plainly(where):
            piece = opened.read(PIECE)
        if not piece:
            return
        yield piece


@contextmanager
def _plainly(where: str) -> Iterator[None]:
    """Failures in plain words, not those of the libraries: they may hold signed addresses."""
    from aiohttp import ClientError as ConnectionFailed
    from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, PartialCredentialsError
    from s3fs.utils import FileExpired

    try:
        yield
    except FileExpired:
        raise UserError("changed while it was read", where=where, do=AGAIN) from None
    except FileNotFoundError:
        what, do = "there is no such bucket or object", "Check the spelling, and AWS_ENDPOINT_URL."
        raise UserError(what, where=where, do=do) from None
    except (PermissionError, NoCredentialsError, PartialCredentialsError):
        raise UserError("refused access", where=where, do=LOG_IN) from None
    except (BotoCoreError, ClientError, ConnectionFailed, OSError) as error:
        what = f"cannot be reached or read ({type(error).__name__})"
        do = "Check the network, AWS_ENDPOINT_URL and AWS_DEFAULT_REGION, then run the same command again."
        raise UserError(what, where=where, do=do) from None
