"""A hub of datasets on the loopback interface that can be told to misbehave.

It speaks as much of the protocol as the real client uses: revisions, paged listings, and files that LFS keeps
elsewhere, resumable with ranges.
"""

import hashlib
import json
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, unquote, urlsplit

LFS_FROM = 64
"""Files of this many bytes lie in LFS; smaller ones in git itself."""
PAGE = 2
"""How many files a listing shows at once."""


@dataclass
class DatasetHub:
    """One repository. Use as a context manager; `url` is the value for HF_ENDPOINT."""

    repository: str = "someone/reviews"
    commits: dict[str, dict[str, bytes]] = field(default_factory=dict)
    refs: dict[str, str] = field(default_factory=dict)
    dropped: int = 0  # how many requests are hung up on first
    cuts: list[int] = field(default_factory=list)  # after how many bytes each of the next downloads breaks off
    serves: dict[str, bytes] = field(default_factory=dict)  # other bytes than the listing states
    says: dict[str, str] = field(
        default_factory=dict
    )  # the hub's own names of a refusal: X-Error-Code, X-Error-Message
    status: int = 200
    page: bytes | None = None  # an answer that is no hub's
    gated: bool = False  # listed, but not given out
    requests: list[str] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)  # what the client said of itself
    tokens: list[str] = field(default_factory=list)  # of each of them

    def __enter__(self) -> "DatasetHub":
        handler = type("Handler", (_Handler,), {"hub": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *details: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def cdn(self) -> str:
        """Where bytes lie: another host to the client, which must not get the token."""
        return self.url.replace("127.0.0.1", "localhost")

    def commit(self, files: dict[str, bytes], branch: str = "main") -> str:
        """A new commit at the head of a branch."""
        name = hashlib.sha256(repr((branch, sorted(files.items()))).encode()).hexdigest()[:40]
        self.commits[name], self.refs[branch] = files, name
        return name

    def fetched(self) -> list[str]:
        """The names of the files whose bytes were asked for, in order."""
        return [line.rpartition("/cdn/")[2] for line in self.requests if line.startswith("GET /cdn/")]


class _Handler(BaseHTTPRequestHandler):
    hub: DatasetHub

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        hub = self.hub
        url = urlsplit(self.path)
        hub.requests.append(f"{self.command} {unquote(url.path)}")
        hub.agents.add(self.headers.get("User-Agent", ""))
        hub.tokens.append(self.headers.get("Authorization", ""))
        if hub.dropped:
            hub.dropped -= 1
            self.close_connection = True
            return
        if hub.status != 200 or hub.page is not None:
            self._send(hub.status, hub.page or b"", hub.says)
            return
        api, resolve = f"/api/datasets/{hub.repository}/", f"/datasets/{hub.repository}/resolve/"
        if url.path.startswith(f"{api}revision/"):
            self._revision(unquote(url.path.removeprefix(f"{api}revision/")))
        elif url.path.startswith(f"{api}tree/"):
            commit, _, folder = unquote(url.path.removeprefix(f"{api}tree/")).partition("/")
            self._tree(commit, folder, int(parse_qs(url.query).get("cursor", ["0"])[0]))
        elif url.path.startswith(resolve):
            commit, _, name = unquote(url.path.removeprefix(resolve)).partition("/")
            self._resolve(commit, name)
        elif url.path.startswith("/cdn/"):
            commit, _, name = unquote(url.path.removeprefix("/cdn/")).partition("/")
            self._bytes(hub.serves.get(name, hub.commits[commit][name]))
        else:
            self._send(404, b"", {"X-Error-Code": "RepoNotFound"})

    def _revision(self, revision: str) -> None:
        hub = self.hub
        commit = hub.refs.get(revision, revision)
        if commit not in hub.commits:
            self._send(404, b"", {"X-Error-Code": "RevisionNotFound"})
        else:
            self._send(200, json.dumps({"id": hub.repository, "sha": commit}).encode())

    def _tree(self, commit: str, folder: str, start: int) -> None:
        files = self.hub.commits.get(commit)
        inside = [name for name in sorted(files or {}) if not folder or name.startswith(f"{folder}/")]
        if files is None or not inside:
            self._send(404, b"", {"X-Error-Code": "EntryNotFound" if files is not None else "RevisionNotFound"})
            return
        entries = [{"type": "directory", "path": folder or "any", "oid": "0" * 40}] if not start else []
        entries += [_entry(name, files[name]) for name in inside[start : start + PAGE]]
        more = start + PAGE < len(inside)
        path = urlsplit(self.path).path
        link = {"Link": f'<{self.hub.url}{path}?recursive=True&cursor={start + PAGE}>; rel="next"'} if more else {}
        self._send(200, json.dumps(entries).encode(), link)

    def _resolve(self, commit: str, name: str) -> None:
        if self.hub.gated:
            self._send(403, b"", {"X-Error-Code": "GatedRepo"})
            return
        data = self.hub.commits[commit][name]
        headers = {
            "X-Repo-Commit": commit,
            "X-Linked-ETag": f'"{hashlib.sha256(data).hexdigest()}"',
            "X-Linked-Size": str(len(self.hub.serves.get(name, data))),
            "Location": f"{self.hub.cdn}/cdn/{commit}/{name}",
        }
        self._send(302, b"", headers)

    def _bytes(self, data: bytes) -> None:
        start = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").rstrip("-"))
        cut = self.hub.cuts.pop(0) if self.hub.cuts else None
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(data) - start))
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        self.end_headers()
        self.wfile.write(data[start:] if cut is None else data[start : start + cut])
        self.close_connection = True

    def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Quiet."""


def _entry(name: str, data: bytes) -> dict[str, object]:
    blob = hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
    if len(data) < LFS_FROM:
        return {"type": "file", "path": name, "size": len(data), "oid": blob}
    lfs = {"oid": hashlib.sha256(data).hexdigest(), "size": len(data), "pointerSize": 130}
    return {"type": "file", "path": name, "size": len(data), "oid": "0" * 40, "lfs": lfs}
