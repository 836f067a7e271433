"""One server that speaks the OpenAI protocol: a request out, an answer in, or why there is none.

What a server sends is hostile: its answer is limited in size and time, redirects are not followed, and the key that it
was given is taken out of all that it says. Credentials of a netrc file are not sent.
"""

import json
import time
from collections.abc import Mapping
from http.cookiejar import DefaultCookiePolicy
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

import requests
import urllib3
from requests.auth import AuthBase

from harness.secret import without_secrets
from registry.errors import clipped
from registry.remote.download import LONGEST_PAUSE, retry_after
from registry.remote.network import Advice, Session, explain, may_pass, open_session, shown_host

LARGEST = 4 * 1024 * 1024
"""Bytes of an answer."""
MOST_TOKENS = 1 << 40
"""A server that counts more for one answer does not count."""
CONNECTING = 10.0
"""Seconds."""
PATHS = {"chat": "/chat/completions", "completions": "/completions"}
PASSING = frozenset({408, 409, 429})
"""Refusals besides 5xx that another try may not meet."""
CHECK = Advice(check="Check the `url` of the model card, and that the server runs.", log_in="")


class Reply(NamedTuple):
    """What a model wrote, and the tokens that were counted for it; None where the server does not tell."""

    text: str
    prompt_tokens: int | None
    generated_tokens: int | None


class _NoCookies(DefaultCookiePolicy):
    """Requests are told apart by what they ask alone."""

    def set_ok(self, cookie: Any, request: Any) -> bool:  # noqa: ARG002 - the library's own signature
        return False


class NoReply(Exception):
    """Why there is no answer. `kind` groups such failures; `may_pass` where another try has a chance."""

    def __init__(self, what: str, kind: str, *, do: str = "", may_pass: bool = False, wait: float = 0.0) -> None:
        super().__init__(what)
        self.what, self.kind, self.do, self.may_pass, self.wait = what, kind, do, may_pass, wait


class _Key(AuthBase):
    """Sends the key; being there, it keeps those of a netrc file away."""

    def __init__(self, key: str) -> None:
        self._key = key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._key:
            request.headers["Authorization"] = f"Bearer {self._key}"
        return request


def usable(url: str) -> str:
    """The URL without its last slash. ValueError where it is none, or holds what belongs elsewhere."""
    try:
        parts = urlsplit(url)
        known = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        known = False
    if not known or not url.isprintable() or " " in url:
        raise ValueError("is no address; it is written https://host/v1")
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError("holds more than an address; a key belongs into the environment, see `key_from`")
    return url.rstrip("/")


class Endpoint:
    """Used by several threads at once."""

    def __init__(self, url: str, api: Literal["chat", "completions"], key: str, timeout: float, threads: int) -> None:
        self.url, self.api, self.timeout, self._key = url + PATHS[api], api, timeout, key
        self.shown = f"{shown_host(url)} ({api})"
        self._session = _session(key, threads)

    def close(self) -> None:
        self._session.close()

    def ask(self, body: Mapping[str, Any]) -> Reply:
        """Raises NoReply."""
        until = time.monotonic() + self.timeout
        try:
            with self._session.post(
                self.url,
                json=body,
                stream=True,
                allow_redirects=False,
                timeout=(min(CONNECTING, self.timeout), self.timeout),
            ) as response:
                said = "" if response.is_redirect else self._read(response, until)
        except urllib3.exceptions.LocationValueError:
            raise NoReply("names a host that there cannot be", "address", do=CHECK.check) from None
        except (requests.ConnectionError, requests.Timeout, urllib3.exceptions.HTTPError) as error:
            raise self._broken(error) from None  # the chain would show what was sent
        except requests.RequestException:
            raise NoReply(
                "cannot be asked, or gave an answer that cannot be read", "unreadable", do=CHECK.check
            ) from None
        if response.status_code != 200:
            raise self._refused(response, said)
        return _reply(said, self.api)

    def _read(self, response: requests.Response, until: float) -> str:
        """The body, without the key if the server repeats it."""
        held = bytearray()
        while piece := response.raw.read1(1 << 16, decode_content=True):
            held += piece
            if len(held) > LARGEST:
                raise NoReply(f"sent more than {LARGEST:,} bytes as one answer", "too large", do=CHECK.check)
            if time.monotonic() > until:
                raise NoReply(f"had not answered after {self.timeout:g} seconds", "timeout", may_pass=True)
        return without_secrets(held.decode("utf-8", "replace"), [self._key])

    def _broken(self, error: Exception) -> NoReply:
        if isinstance(error, requests.Timeout | urllib3.exceptions.TimeoutError):
            return NoReply(f"had not answered after {self.timeout:g} seconds", "timeout", may_pass=True)
        if isinstance(error, requests.RequestException):
            told = explain(error, self.shown, CHECK, 0)
            return NoReply(told.what, "connection", do=told.do, may_pass=may_pass(error))
        return NoReply("the connection broke off before the end", "connection", may_pass=True)

    def _refused(self, response: requests.Response, said: str) -> NoReply:
        status = response.status_code
        what, do = f"answered HTTP {status}{_told(said)}", ""
        if 300 <= status < 400:
            what, do = f"answered HTTP {status}: it redirects to elsewhere", "Write the final address as `url:`."
        elif status in (401, 403):
            do = "Put a key that it takes into the environment variable that `key_from:` names."
        passing = status in PASSING or status >= 500
        wait = retry_after(response.headers.get("Retry-After", "")) if passing else 0.0
        if wait > LONGEST_PAUSE:
            what, passing = f"{what}; it asks to wait {wait:,.0f} seconds", False
        return NoReply(what, f"HTTP {status}", do=do, may_pass=passing, wait=wait)


def _session(key: str, threads: int) -> Session:
    session = open_session()
    session.auth = _Key(key)
    session.cookies.set_policy(_NoCookies())
    for scheme in ("http://", "https://"):
        session.mount(scheme, requests.adapters.HTTPAdapter(pool_maxsize=threads))
    return session


def _told(said: str) -> str:
    """The server's own message, where it has the usual place."""
    try:
        error = json.loads(said)["error"]
        message = error["message"] if isinstance(error, dict) else error
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
    return f": {clipped(message)}" if isinstance(message, str) else ""


def _reply(said: str, api: str) -> Reply:
    """What a model wrote; of one that wrote nothing, "" (it may think until it has no tokens left)."""
    try:
        answer = json.loads(said)
        choice = answer["choices"][0]
        text = choice["message"]["content"] if api == "chat" else choice["text"]
        usage = answer.get("usage") or {}
        counts = [usage.get(name) for name in ("prompt_tokens", "completion_tokens")]
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        text, counts = 0, []
    if text is not None and not isinstance(text, str):
        what = f"gave what is no answer of its kind: {clipped(said) or 'nothing'}"
        raise NoReply(what, "wrong shape", do="Check `url:` and `api:` of the model card.")
    written = (text or "").encode("utf-8", "replace").decode()  # half a surrogate pair is nowhere stored
    return Reply(written, *map(_tokens, counts))


def _tokens(count: Any) -> int | None:
    return count if type(count) is int and 0 <= count < MOST_TOKENS else None
