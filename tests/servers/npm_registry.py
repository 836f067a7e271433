"""An npm registry on the loopback interface: as much of its protocol as the real npm client uses to fetch a package."""

import base64
import gzip
import hashlib
import io
import json
import tarfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import unquote


def tarball(files: dict[str, str]) -> bytes:
    """A package as npm makes it: all files below `package/`."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, text in files.items():
            info = tarfile.TarInfo(f"package/{name}")
            info.size = len(text.encode())
            archive.addfile(info, io.BytesIO(text.encode()))
    return gzip.compress(out.getvalue(), mtime=0)


class NpmRegistry:
    """Use as a context manager. With a `token`, requests without it are refused.

    `served` holds, by version, what is sent instead of what is promised.
    """

    def __init__(self) -> None:
        self.packages, self.token = dict[str, dict[str, bytes]](), ""
        self.served, self.requests = dict[str, bytes](), list[str]()

    def __enter__(self) -> "NpmRegistry":
        handler = type("Handler", (_Handler,), {"registry": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *details: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def add(self, name: str, version: str, files: dict[str, str]) -> bytes:
        """Offer a package; its tarball."""
        manifest = json.dumps(
            {"name": name, "version": version, "scripts": {"install": "touch ran", "prepare": "touch ran"}}
        )
        data = tarball({"package.json": manifest, **files})
        self.packages.setdefault(name, {})[version] = data
        return data

    def document(self, name: str) -> bytes:
        versions = {}
        for version, data in self.packages[name].items():
            integrity = "sha512-" + base64.b64encode(hashlib.sha512(data).digest()).decode()
            shasum = hashlib.sha1(data, usedforsecurity=False).hexdigest()
            dist = {"tarball": f"{self.url}/{name}/-/{version}.tgz", "integrity": integrity, "shasum": shasum}
            versions[version] = {"name": name, "version": version, "dist": dist}
        return json.dumps({"name": name, "dist-tags": {"latest": max(versions)}, "versions": versions}).encode()


class _Handler(BaseHTTPRequestHandler):
    registry: NpmRegistry

    def do_GET(self) -> None:
        registry, path = self.registry, unquote(self.path).strip("/")
        registry.requests.append(path)
        name, _, file = path.partition("/-/")
        version = file.removesuffix(".tgz")
        if registry.token and self.headers.get("Authorization") != f"Bearer {registry.token}":
            self._answer(401, b"{}")
        elif name not in registry.packages:
            self._answer(404, b'{"error": "not found"}')
        elif file:
            self._answer(200, registry.served.get(version, registry.packages[name][version]))
        else:
            self._answer(200, registry.document(name))

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
        """Tests are silent."""
