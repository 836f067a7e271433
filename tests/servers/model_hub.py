"""A model hub on the loopback interface: as much of its protocol as the real client uses to fetch a checkpoint."""

import hashlib
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class ModelHub:
    """Serves one repository from a folder, of models or of spaces; `url` is the value for HF_ENDPOINT.

    `requests` lists what was asked.
    """

    def __init__(self, repo: str, folder: Path, kind: str = "models") -> None:
        self.repo, self.folder, self.kind, self.requests = repo, folder, kind, list[str]()

    def __enter__(self) -> "ModelHub":
        handler = type("Handler", (_Handler,), {"hub": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *details: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def files(self) -> list[str]:
        return sorted(path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if path.is_file())


class _Handler(BaseHTTPRequestHandler):
    hub: ModelHub

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_GET(self) -> None:
        self._answer(body=True)

    def _answer(self, *, body: bool) -> None:
        hub, path = self.hub, self.path.split("?")[0]
        hub.requests.append(f"{self.command} {path}")
        data = self._find(path)
        if data is None:
            self.send_response(404)
            self.send_header("X-Error-Code", "RepoNotFound")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("ETag", f'"{hashlib.sha256(data).hexdigest()}"')
        self.send_header("X-Repo-Commit", COMMIT)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if body:
            self.wfile.write(data)

    def _find(self, path: str) -> bytes | None:
        hub = self.hub
        if path.startswith(f"/api/{hub.kind}/{hub.repo}/tree/"):
            sizes = [(name, (hub.folder / name).stat().st_size) for name in hub.files()]
            return json.dumps([{"type": "file", "path": n, "size": s, "oid": "0" * 40} for n, s in sizes]).encode()
        if path.startswith(f"/api/{hub.kind}/{hub.repo}"):
            siblings = [{"rfilename": name} for name in hub.files()]
            return json.dumps({"id": hub.repo, "sha": COMMIT, "siblings": siblings}).encode()
        prefix = f"{'/spaces' if hub.kind == 'spaces' else ''}/{hub.repo}/resolve/{COMMIT}/"
        wanted = hub.folder / path.removeprefix(prefix)
        return wanted.read_bytes() if path.startswith(prefix) and wanted.is_file() else None

    def log_message(self, *arguments: object) -> None:
        """Quiet."""
