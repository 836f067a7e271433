"""One URL into the store: resumed where the server allows, tried again with growing pauses, checked before it is kept.

Bytes are kept as they are stored: a server that compresses on the fly is refused. A file that changes between two
tries is fetched from its start, never pieced together.
"""

import random
import re
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import PurePosixPath
from typing import NamedTuple, TypeVar
from urllib.parse import urlsplit

import requests
import urllib3

from registry.digest import stored
from registry.errors import UserError, clipped
from registry.remote.landing import CHUNK, Begun, Landing, differs, landing, too_large
from registry.remote.network import Advice, explain, may_pass, status_of
from registry.source import FetchContext

PAUSES = (0.5, 2.0)  # seconds before the second and the third try
LONGEST_PAUSE = 60.0  # seconds that a server may ask for
TIMEOUT = (10.0, 60.0)  # seconds to connect, seconds without a byte
LIMIT = 2 * 1024**3
COMPRESSED = (".gz", ".tgz", ".bz2", ".xz", ".zst", ".zip", ".z")

Result = TypeVar("Result")


class Wanted(NamedTuple):
    """A file to be had. `at` says in messages what it is and where it comes from, without credentials."""

    url: str
    title: str
    at: str
    advice: Advice
    sha256: str = ""
    """What it must be; empty where nothing is known."""
    size: int | None = None
    limit: int | None = None


class ChangedError(requests.exceptions.ChunkedEncodingError):
    """What was begun is not the file that the server has now. The next try starts over."""


def download(wanted: Wanted, session: requests.Session, context: FetchContext) -> str:
    """Fetch a file into `context.store`, where it lies under the sha256 that is returned.

    A server that still has what it had when it was last asked does not send it again.
    """
    if wanted.sha256 and stored(context.store / wanted.sha256, wanted.sha256):
        return wanted.sha256
    with landing(context.store, wanted.url, wanted.at, context.progress) as way:

        def attempt() -> str:
            return _attempt(wanted, session, way, context)

        return patiently(attempt, wanted.at, wanted.advice, lambda: way.begun().size, context.progress.say)


def _unheard(line: str) -> None:
    """Nobody listens."""


def patiently(
    attempt: Callable[[], Result],
    at: str,
    advice: Advice,
    reached: Callable[[], int] = lambda: 0,
    say: Callable[[str], None] = _unheard,
) -> Result:
    """The result of an attempt; what may pass is tried again, three times in a row without getting further."""
    failures, furthest = 0, reached()
    while True:
        try:
            return attempt()
        except urllib3.exceptions.LocationValueError:
            raise UserError("names a host that there cannot be", where=at, do=advice.check) from None
        except requests.RequestException as error:
            size = reached()
            failures, furthest = (failures + 1 if size < furthest + CHUNK else 1), max(size, furthest)
            if failures > len(PAUSES) or not may_pass(error):
                raise explain(error, at, advice, failures) from None  # the chain would show the URL with its tokens
            what = explain(error, at, advice, 0).what
            say(f"  {at}: {what}; trying again ({failures + 1} of {len(PAUSES) + 1})")
            time.sleep(_pause(error, PAUSES[failures - 1], at))


def _pause(error: requests.RequestException, planned: float, at: str) -> float:
    """Seconds to wait: what the server asks for, else what is planned, a little more or less for each process."""
    asked = retry_after(error.response.headers.get("Retry-After", "")) if error.response is not None else 0.0
    if asked > LONGEST_PAUSE:
        what = f"answered HTTP {status_of(error)} and asks to wait {asked:,.0f} seconds"
        raise UserError(what, where=at, do="Run the same command again then.") from None
    return max(asked, planned * random.uniform(0.75, 1.25))  # noqa: S311 - no secret depends on it


def retry_after(header: str) -> float:
    """Seconds, of a number or a date; nonsense counts as no wish."""
    if re.fullmatch("[0-9]{1,9}", header):
        return float(header)
    try:
        return max(0.0, (parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return 0.0


def _attempt(wanted: Wanted, session: requests.Session, way: Landing, context: FetchContext) -> str:
    begun, known = way.begun(), None if wanted.sha256 else way.known()
    # The bytes as they are stored: a server that compresses on the fly would change them.
    headers = {"Accept-Encoding": "identity"}
    if begun.size:
        headers |= {"Range": f"bytes={begun.size}-", "If-Range": begun.validator}
    elif known:
        headers["If-None-Match" if _is_tag(known.validator) else "If-Modified-Since"] = known.validator
    with session.get(wanted.url, stream=True, timeout=TIMEOUT, headers=headers) as response:
        if response.status_code == 304 and known and not begun.size:
            return known.sha256
        begun = _start(response, begun, way)
        total = _total(response, begun, wanted)
        with context.progress.step(wanted.title, total, "B") as step:
            received = way.receive(_pieces(response), begun, _limit(wanted), step.advance)
        if wanted.size is not None and received.size < wanted.size:
            raise requests.exceptions.ChunkedEncodingError("cut short")
        if wanted.sha256 and received.sha256 != wanted.sha256:
            way.drop()
            if begun.size:
                raise ChangedError  # what was begun may have been damaged: the whole is fetched once more
            raise differs(wanted.at, wanted.sha256, received.sha256, _remark(response))
        way.publish(received.sha256, _validator(response.headers))
        return received.sha256


def _start(response: requests.Response, begun: Begun, way: Landing) -> Begun:
    """Where the answer's bytes belong: behind those that are there, or at the start."""
    headers = response.headers
    if response.status_code in (206, 416) and begun.size:
        first = re.match(r"bytes (\d+)-", headers.get("Content-Range", ""))
        now = headers.get("ETag" if _is_tag(begun.validator) else "Last-Modified", begun.validator)
        if response.status_code == 206 and first and int(first[1]) == begun.size and now == begun.validator:
            return begun
        way.drop()
        raise ChangedError
    response.raise_for_status()
    if response.status_code != 200:
        raise requests.HTTPError(response=response)
    return Begun(0, _resumable(headers))


def _total(response: requests.Response, begun: Begun, wanted: Wanted) -> int | None:
    """The size of the whole, refused where it is too large or compressed on the way."""
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    suffix = PurePosixPath(urlsplit(wanted.url).path).suffix.lower()
    if encoding not in ("", "identity") and suffix not in COMPRESSED:
        what = f"sends the file compressed ({clipped(encoding, 40)}), although it was asked for the plain bytes"
        raise UserError(what, where=wanted.at, do="Fetch it by hand, and use it as a local source.")
    length = response.headers.get("Content-Length", "")
    total = begun.size + int(length) if re.fullmatch("[0-9]{1,18}", length) else wanted.size
    if total is not None and total > _limit(wanted):
        raise too_large(wanted.at, _limit(wanted))
    return total


def _limit(wanted: Wanted) -> int:
    return wanted.limit or LIMIT


def _pieces(response: requests.Response) -> Iterator[bytes]:
    """The body, never decoded. A body that ends early is an error of the connection."""
    try:
        yield from response.raw.stream(CHUNK, decode_content=False)
    except urllib3.exceptions.ReadTimeoutError as error:
        raise requests.ReadTimeout from error
    except urllib3.exceptions.HTTPError as error:
        raise requests.exceptions.ChunkedEncodingError("cut short") from error


def _remark(response: requests.Response) -> str:
    is_page = response.headers.get("Content-Type", "").lower().startswith("text/html")
    return ". What came is an HTML page, often one that asks to log in" if is_page else ""


def _validator(headers: Mapping[str, str]) -> str:
    """What tells whether the file changed; empty where the server gives nothing that can be sent back."""
    found = headers.get("ETag") or headers.get("Last-Modified") or ""
    return found if len(found) <= 500 and found.isascii() and found.isprintable() else ""


def _resumable(headers: Mapping[str, str]) -> str:
    """A validator that no two files share: a weak ETag may, and so may a second in which the file changed twice."""
    found = _validator(headers)
    if _is_tag(found):
        return found if found.startswith('"') else ""
    try:
        age = parsedate_to_datetime(headers["Date"]) - parsedate_to_datetime(found)
    except (KeyError, ValueError, TypeError, OverflowError):
        return ""
    return found if age > timedelta(seconds=1) else ""


def _is_tag(validator: str) -> bool:
    return validator.startswith(('"', 'W/"'))
