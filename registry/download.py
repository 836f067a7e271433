"""Bytes from afar: what was received is checked; `registry.atomic` lets it land whole or not at all.

Owns the network's failures in plain words and the index's credentials: those
never reach a message or a file. Refuses to resume: what was cut short is fetched again.
"""

import hashlib
import os
import time
from collections.abc import Callable
from typing import IO, NamedTuple, TypeVar
from urllib.parse import unquote, urlsplit

import requests

from registry.errors import UserError

PAUSES = (0.5, 2.0)  # seconds before the second and the third try
TIMEOUT = (10.0, 60.0)  # seconds to connect, seconds between two pieces
LIMIT = 2 * 1024**3
CHUNK = 1 << 18

Result = TypeVar("Result")


class Endpoint(NamedTuple):
    """Where to ask, without credentials; those sit in the session and go to this host only."""

    session: requests.Session
    url: str


def open_endpoint(url: str) -> Endpoint:
    """A session for an index. Take its credentials out of the URL, so that no message can show them."""
    try:
        parts = urlsplit(url)
        host = f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)
    except ValueError:
        parts, host = urlsplit(""), ""
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UserError("the package index has no http or https URL", do="Correct PIP_INDEX_URL or pip's index-url.")
    session = requests.Session()
    session.verify = os.environ.get("SSL_CERT_FILE") or True  # requests itself puts REQUESTS_CA_BUNDLE first
    if parts.username:
        session.auth = _HostAuth(host, unquote(parts.username), unquote(parts.password or ""))
    plain_host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    netloc = f"{plain_host}:{parts.port}" if parts.port else plain_host
    return Endpoint(session, parts._replace(netloc=netloc, query="", fragment="").geturl())


def shown_host(url: str) -> str:
    """What a message may say of a URL: paths and queries can hold tokens, the host cannot."""
    try:
        return urlsplit(url).hostname or "the package index"
    except ValueError:
        return "the package index"


def patiently(attempt: Callable[[], Result], at: str) -> Result:
    """The result of an attempt; what may pass (a broken connection, a 5xx) is tried three times."""
    for pause in (*PAUSES, None):
        try:
            return attempt()
        except requests.RequestException as error:
            if pause is None or not _may_pass(error):
                raise _explain(error, at) from None  # the chain would show the URL with its tokens
            time.sleep(pause)
    raise AssertionError("the last try returns or raises")


def receive(response: requests.Response, file: IO[bytes], advance: Callable[[int], None], expected: int | None) -> str:
    """Write a response's body and return its sha256. `expected` is its size, where one was promised."""
    response.raise_for_status()
    digest, size = hashlib.sha256(), 0
    for chunk in response.iter_content(CHUNK):
        size += len(chunk)
        if size > LIMIT:
            raise too_large()
        file.write(chunk)
        digest.update(chunk)
        advance(len(chunk))
    if expected is not None and size < expected:
        raise requests.exceptions.ChunkedEncodingError("cut short")
    return digest.hexdigest()


def too_large() -> UserError:
    what = f"the file is larger than {LIMIT:,} bytes, the most that is fetched; nothing was kept"
    return UserError(what, do="Choose a smaller artifact.")


class _HostAuth(requests.auth.AuthBase):
    """Basic authentication towards one host: the index may name files on another one."""

    def __init__(self, host: str, user: str, password: str) -> None:
        self._host, self._basic = host, requests.auth.HTTPBasicAuth(user, password)

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        parts = urlsplit(request.url or "")
        host = f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname
        return self._basic(request) if host == self._host else request


def _may_pass(error: requests.RequestException) -> bool:
    if isinstance(error, requests.HTTPError):
        return _status(error) >= 500 or _status(error) == 429
    passing = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)
    return isinstance(error, passing) and not isinstance(error, requests.exceptions.SSLError)


def _status(error: requests.RequestException) -> int:
    return error.response.status_code if error.response is not None else 0


def _explain(error: requests.RequestException, at: str) -> UserError:
    """One network failure in plain words, never in those of the library: they hold URLs."""
    if isinstance(error, requests.HTTPError):
        return _refusal(_status(error), at)
    for kind, what, do in _FAILURES:
        if isinstance(error, kind):
            return UserError(what, where=at, do=do)
    return UserError("did not answer as a package index does", where=at, do="Check PIP_INDEX_URL.")


def _refusal(status: int, at: str) -> UserError:
    if status in (401, 403):
        do = "Put credentials into PIP_INDEX_URL (or pip's index-url); they are never stored."
        return UserError(f"refused access (HTTP {status})", where=at, do=do)
    if status >= 500:
        do = "Run the same command again later."
        return UserError(f"answered HTTP {status}, {_TRIES}", where=at, do=do)
    return UserError(f"answered HTTP {status}", where=at, do="Check PIP_INDEX_URL.")


_TRIES = f"after {len(PAUSES) + 1} tries"
# The first that fits tells: SSLError and ProxyError are connection errors too.
_FAILURES = (
    (
        requests.exceptions.SSLError,
        "its certificate is not trusted",
        "Set REQUESTS_CA_BUNDLE or SSL_CERT_FILE to a file with the certificate of its authority.",
    ),
    (
        requests.exceptions.ProxyError,
        f"the proxy cannot be reached, {_TRIES}",
        "Check HTTPS_PROXY and HTTP_PROXY.",
    ),
    (
        requests.exceptions.ChunkedEncodingError,
        f"the connection broke off before the end, {_TRIES}; nothing was kept",
        "Run the same command again later.",
    ),
    (
        (requests.ConnectionError, requests.Timeout),
        f"cannot be reached, {_TRIES}",
        "Check the network and PIP_INDEX_URL, then run the same command again.",
    ),
)
