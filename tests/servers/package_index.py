"""A package index on the loopback interface that can be told to misbehave.

It speaks the JSON of the simple repository API, so that the real client library talks to it.
"""

import hashlib
import json
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Any
from urllib.parse import unquote

JSON = "application/vnd.pypi.simple.v1+json"


@dataclass
class Hosted:
    """One file and what is wrong with it."""

    data: bytes
    sha256: str | None = None  # what the index claims; None: the truth; "": nothing
    cut_after: int | None = None  # bytes after which the connection is closed
    says_length: bool = True
    says_size: bool = True
    serves: bytes | None = None  # other bytes than promised
    gone: bool = False

    def entry(self, filename: str, url: str) -> dict[str, Any]:
        claimed = hashlib.sha256(self.data).hexdigest() if self.sha256 is None else self.sha256
        size = {"size": len(self.data)} if self.says_size else {}
        return {"filename": filename, "url": url, "hashes": {"sha256": claimed} if claimed else {}, **size}


@dataclass
class PackageIndex:
    """Use as a context manager; `url` is the value for PIP_INDEX_URL."""

    projects: dict[str, dict[str, Hosted]] = field(default_factory=dict)
    broken_pages: int = 0  # how many requests answer 503 first
    dropped: int = 0  # how many requests are hung up on first
    status: int = 200
    page: bytes | None = None  # an answer that is no index page
    requests: list[str] = field(default_factory=list)
    credentials: list[str] = field(default_factory=list)

    def __enter__(self) -> "PackageIndex":
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def port(self) -> int:
        return self._server.server_address[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/simple"

    def add(self, project: str, filename: str, hosted: Hosted) -> Hosted:
        self.projects.setdefault(project, {})[filename] = hosted
        return hosted


def _handler(index: PackageIndex) -> type[BaseHTTPRequestHandler]:
    return type("Handler", (_Handler,), {"index": index})


class _Handler(BaseHTTPRequestHandler):
    index: PackageIndex

    def do_GET(self) -> None:
        self.index.requests.append(self.path)
        self.index.credentials.append(self.headers.get("Authorization", ""))
        if not self._misbehaves():
            self._route(unquote(self.path).strip("/").split("/"))

    def _route(self, parts: list[str]) -> None:
        match parts:
            case ["simple", project] if project in self.index.projects:
                self._page(project)
            case ["files", project, filename] if not self.index.projects[project][filename].gone:
                self._file(self.index.projects[project][filename])
            case _:
                self.send_error(404)

    def _misbehaves(self) -> bool:
        if self.index.dropped:
            self.index.dropped -= 1
            self.connection.close()
        elif self.index.broken_pages:
            self.index.broken_pages -= 1
            self.send_error(503)
        elif self.index.status != 200:
            self.send_error(self.index.status)
        elif self.index.page is not None:
            self._answer(self.index.page, "text/plain")
        else:
            return False
        return True

    def _page(self, project: str) -> None:
        files = self.index.projects[project].items()
        entries = [hosted.entry(name, f"/files/{project}/{name}") for name, hosted in files]
        page = {"meta": {"api-version": "1.0"}, "name": project, "files": entries}
        self._answer(json.dumps(page).encode(), JSON)

    def _file(self, hosted: Hosted) -> None:
        data = hosted.data if hosted.serves is None else hosted.serves
        self.send_response(200)
        if hosted.says_length:
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data if hosted.cut_after is None else data[: hosted.cut_after])

    def _answer(self, data: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
        """Tests are silent."""
