"""A server on loopback that speaks the OpenAI protocol as well, or as badly, as a test wants."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple


class Heard(NamedTuple):
    path: str
    headers: dict[str, str]
    body: dict[str, Any]


class Said(NamedTuple):
    """One answer of the server; `body` that is no text is sent as JSON."""

    status: int = 200
    body: Any = ""
    headers: dict[str, str] = {}


def chat(text: Any, prompt: int = 10, completion: int = 2) -> Said:
    usage = {"prompt_tokens": prompt, "completion_tokens": completion}
    return Said(200, {"choices": [{"message": {"role": "assistant", "content": text}}], "usage": usage})


class Server(NamedTuple):
    url: str
    heard: list[Heard]


@contextmanager
def serving(answer: Callable[[Heard], Said]) -> Iterator[Server]:
    heard: list[Heard] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            heard.append(Heard(self.path, dict(self.headers), sent))
            said = answer(heard[-1])
            data = (said.body if isinstance(said.body, str) else json.dumps(said.body)).encode()
            self.send_response(said.status)
            for name, value in {"Content-Length": str(len(data)), **said.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield Server(f"http://127.0.0.1:{server.server_port}/v1", heard)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
