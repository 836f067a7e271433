"""One file of a web server, by http or https.

A broken or killed download goes on where it stopped, where the server names its files' versions (ETag or
Last-Modified) and gives parts of them; a file that changed meanwhile is fetched from its start. `bench build --update`
asks the server whether the file is still the one that the store has. At most `max_bytes` are fetched, 2 GiB by default.

Credentials come from a netrc file (`~/.netrc`, or the one that NETRC names), by host; a redirect to another host does
not take them along. Proxies and certificates are those of the environment (HTTPS_PROXY, SSL_CERT_FILE).
"""

import re
from pathlib import PurePosixPath
from typing import Annotated, ClassVar
from urllib.parse import parse_qsl, unquote, urlsplit

from pydantic import Field, field_validator

from registry.errors import SECRET, clipped, printable
from registry.frozen import Frozen, Text
from registry.reading.formats import Guess, guess
from registry.source import FetchContext, Fetched, Pin, RawFile


class Http(Frozen):
    """`http: https://host/path/data.csv`, or with its `url` and `max_bytes`."""

    live: ClassVar[bool] = False
    url: Annotated[Text, Field(description="https://host/path, without credentials")]
    max_bytes: Annotated[int, Field(gt=0)] | None = None

    @field_validator("url")
    @classmethod
    def _plain(cls, url: str) -> str:
        if not re.fullmatch(r"https?://[^\s\x00-\x1f\x7f\\]+", url):
            raise ValueError("must begin with https:// or http:// and hold no spaces")
        try:
            parts = urlsplit(url)
            named = bool(parts.hostname) and parts.port != 0
        except ValueError:
            named = False
        if not named:
            raise ValueError("names no host, or a port that there is not")
        secrets = [key for key, _ in parse_qsl(parts.query, keep_blank_values=True) if SECRET.search(key)]
        if parts.username is not None or secrets:
            raise ValueError("holds credentials; put them into a netrc file, by host, and remove them here")
        return url

    @property
    def file_name(self) -> str:
        """The last part of the path."""
        parts = urlsplit(self.url)
        return printable(PurePosixPath(unquote(parts.path)).name or str(parts.hostname))

    @property
    def default_format(self) -> Guess | None:
        return guess(self.file_name)

    def fetch(self, context: FetchContext, pin: Pin) -> Fetched:
        """The file, checked against the pin before anything of it is kept."""
        from registry.remote.download import Wanted, download
        from registry.remote.network import Advice, open_session

        advice = Advice(
            check="Check the network and `url`, then run the same command again.",
            log_in="Put credentials for this host into ~/.netrc, or the file that NETRC names; cards never hold them.",
        )
        wanted = Wanted(
            self.url, f"fetch {self.file_name}", self.describe(), advice, sha256=pin.only, limit=self.max_bytes
        )
        with open_session() as session:
            sha256 = download(wanted, session, context)
        return Fetched((RawFile(self.file_name, context.store / sha256, sha256),))

    def describe(self) -> str:
        """Without the query: it may be long."""
        parts = urlsplit(self.url)
        return clipped(f"{parts.scheme}://{parts.netloc}{parts.path}")
