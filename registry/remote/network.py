"""Sessions that keep credentials to their host, and the network's failures in plain words.

Refuses redirects that lead away from http and https, or from https to http. Credentials never reach a message: the
words of the libraries are not passed on, because they hold URLs.
"""

import os
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

import requests

from registry.errors import UserError, clipped

REDIRECTS = 10
LATER = "Run the same command again later."


class Advice(NamedTuple):
    """What to do about an origin's refusals, in the words of its own settings."""

    check: str
    log_in: str


class RedirectError(requests.RequestException):
    """A redirect to where no file is fetched from."""


class Session(requests.Session):
    """Credentials come from a netrc file and stay with their host, across redirects too."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        try:
            target = super().get_redirect_target(resp)
            parts = urlsplit(urljoin(resp.url, target or ""))
            scheme, _port = parts.scheme.lower(), parts.port  # asking for a port that there cannot be raises
        except ValueError:
            raise RedirectError("redirects to what is no address") from None
        if target and scheme not in ("http", "https"):
            raise RedirectError("redirects to an address that is neither http nor https")
        if target and scheme == "http" and resp.url.lower().startswith("https:"):
            raise RedirectError("redirects from https to http, where others could read and change the file")
        if target:
            resp.close()  # requests would read what comes with it, which may have no end
        return target


def open_session() -> Session:
    session = Session()
    session.max_redirects = REDIRECTS
    session.verify = os.environ.get("SSL_CERT_FILE") or True  # requests itself puts REQUESTS_CA_BUNDLE first
    return session


def shown_host(url: str) -> str:
    """What a message may say of a URL: paths and queries can hold tokens, the host cannot."""
    try:
        return clipped(urlsplit(url).hostname or "an unnamed host")
    except ValueError:
        return "an unnamed host"


def may_pass(error: requests.RequestException) -> bool:
    """Whether another try has a chance: a broken connection, a server in trouble, too many requests."""
    if isinstance(error, requests.HTTPError):
        return status_of(error) >= 500 or status_of(error) == 429
    passing = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)
    return isinstance(error, passing) and not isinstance(error, requests.exceptions.SSLError)


def status_of(error: requests.RequestException) -> int:
    return error.response.status_code if error.response is not None else 0


def explain(error: requests.RequestException, at: str, advice: Advice, tries: int) -> UserError:
    """One failure, after so many tries that brought nothing; 0: how often is not told."""
    after = f", after {tries} tries" if tries and may_pass(error) else ""
    if isinstance(error, requests.HTTPError):
        return _refusal(status_of(error), at, advice, after)
    if isinstance(error, RedirectError):
        return UserError(str(error), where=at, do=advice.check)
    for kind, what, do in _FAILURES:
        if isinstance(error, kind):
            return UserError(f"{what}{after}", where=at, do=do or advice.check)
    return UserError("gave an answer that cannot be read", where=at, do=advice.check)


def _refusal(status: int, at: str, advice: Advice, after: str) -> UserError:
    if status in (401, 403, 407):
        return UserError(f"refused access (HTTP {status})", where=at, do=advice.log_in)
    if status in (404, 410):
        return UserError(
            f"answered HTTP {status}: there is no such file{' any more' * (status == 410)}", where=at, do=advice.check
        )
    if status == 429:
        return UserError(f"answered HTTP 429: too many requests{after}", where=at, do=LATER)
    return UserError(f"answered HTTP {status}{after}", where=at, do=LATER if status >= 500 else advice.check)


# The first that fits tells: SSLError and ProxyError are connection errors too. "": the origin's own advice.
_FAILURES = (
    (
        requests.exceptions.SSLError,
        "its certificate is not trusted",
        "Set REQUESTS_CA_BUNDLE or SSL_CERT_FILE to a file with the certificate of its authority.",
    ),
    (requests.exceptions.ProxyError, "the proxy cannot be reached", "Check HTTPS_PROXY and HTTP_PROXY."),
    (requests.TooManyRedirects, f"redirects more than {REDIRECTS} times", ""),
    (requests.exceptions.ChunkedEncodingError, "the connection broke off before the end", LATER),
    (requests.ReadTimeout, "stopped answering", LATER),
    ((requests.ConnectionError, requests.Timeout), "cannot be reached", ""),
)
