"""A web server on the loopback interface that can be told to misbehave, and that keeps count of what it sent."""

import re
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread


@dataclass
class Served:
    """One answer for a path, and what is wrong with it."""

    data: bytes = b""
    etag: str = '"1"'  # empty: none is stated
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    ranges: bool = True
    cut_after: int | None = None  # bytes of the body after which the connection is closed
    hold_after: int | None = None  # bytes of the body after which nothing more comes
    length: int | None = None  # what Content-Length claims; None: the truth


@dataclass
class Asked:
    """One request and how much of the body was sent for it."""

    path: str
    headers: dict[str, str]
    sent: int = 0


class FileServer:
    """Use as a context manager. Of several answers for a path, each is given once and the last one for ever."""

    def __init__(self) -> None:
        self.answers, self.asked, self.closing = dict[str, list[Served]](), list[Asked](), Event()

    def __enter__(self) -> "FileServer":
        handler = type("Handler", (_Handler,), {"server_of_files": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *details: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def port(self) -> int:
        return self._server.server_address[1]

    def serve(self, path: str, *answers: Served) -> str:
        """The URL under which these answers are given."""
        self.answers[path] = list(answers)
        return self.url(path)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"


class _Handler(BaseHTTPRequestHandler):
    server_of_files: FileServer

    def do_GET(self) -> None:
        server, path = self.server_of_files, self.path.split("?")[0]
        asked = Asked(self.path, dict(self.headers.items()))
        server.asked.append(asked)
        answers = server.answers.get(path, [Served(status=404)])
        served = answers.pop(0) if len(answers) > 1 else answers[0]
        if served.etag and self.headers.get("If-None-Match") == served.etag:
            self._head(304, served, {})
            return
        start = self._start(served)
        body = served.data[start:]
        status, extra = served.status, {"Content-Length": str(len(body) if served.length is None else served.length)}
        if start:
            status, extra["Content-Range"] = 206, f"bytes {start}-{len(served.data) - 1}/{len(served.data)}"
        self._head(status, served, extra)
        self._body(served, body, asked)

    def _start(self, served: Served) -> int:
        wanted = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        fresh = self.headers.get("If-Range") in (served.etag, served.headers.get("Last-Modified"))
        return int(wanted[1]) if wanted and served.ranges and fresh else 0

    def _head(self, status: int, served: Served, extra: dict[str, str]) -> None:
        self.send_response(status)
        tag = {"ETag": served.etag} if served.etag else {}
        for name, value in {**tag, **extra, **served.headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def _body(self, served: Served, body: bytes, asked: Asked) -> None:
        stop = next((stop for stop in (served.cut_after, served.hold_after) if stop is not None), len(body))
        self.wfile.write(body[:stop])
        self.wfile.flush()
        asked.sent = len(body[:stop])
        if served.hold_after is not None:
            self.server_of_files.closing.wait(30)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
        """Tests are silent."""
