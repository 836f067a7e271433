"""A real Label Studio on the loopback interface, with a database of its own that no test has used.

Installs it once, in an environment of its own under CARDBENCH_TOOLS (the user's cache without it), and brings an empty
database up to date there once; together that takes minutes. Nothing of the user's is read or written.
"""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

import requests
from filelock import FileLock

VERSION = "1.23.2"
TOOLS = Path(os.environ.get("CARDBENCH_TOOLS") or Path.home() / ".cache" / "cardbench-tools")
ADMIN = "admin@example.org"
REPORTS = ("SENTRY_DSN", "FRONTEND_SENTRY_DSN")
START = 180
"""Seconds that a server with a database may take."""


class Tool(NamedTuple):
    """The installed program, and a database that it has brought up to date."""

    program: Path
    empty: Path


class User(NamedTuple):
    """Somebody with an account, who is known by a number and an e-mail address."""

    url: str
    token: str

    def ask(self, method: str, path: str, **how: Any) -> requests.Response:
        """An answer of the API. Raises where the server refuses."""
        headers = {"Authorization": f"Token {self.token}"}
        found = requests.request(method, f"{self.url}/api/{path}", headers=headers, timeout=60, **how)
        if not found.ok:
            raise RuntimeError(f"{method} {path}: {found.status_code} {found.text[:2000]}")
        return found

    @property
    def number(self) -> int:
        return int(self.ask("GET", "current-user/whoami").json()["id"])

    def project(self, title: str, config: str, votes: int = 1) -> int:
        """A new project with this labelling interface."""
        asked = {"title": title, "label_config": config, "maximum_annotations": votes}
        return int(self.ask("POST", "projects", json=asked).json()["id"])

    def give_out(self, project: int, tasks: list[dict[str, Any]]) -> list[int]:
        """The numbers of these tasks there, in their order."""
        path = f"projects/{project}/import?return_task_ids=true"
        return list(self.ask("POST", path, json=tasks).json()["task_ids"])

    def answer(self, task: int, result: list[dict[str, Any]], *, cancelled: bool = False) -> int:
        """The number of a new annotation by this user."""
        work = {"result": result, "was_cancelled": cancelled}
        return int(self.ask("POST", f"tasks/{task}/annotations/", json=work).json()["id"])

    def change(self, annotation: int, result: list[dict[str, Any]]) -> None:
        self.ask("PATCH", f"annotations/{annotation}/", json={"result": result})

    def export(self, project: int) -> bytes:
        """What the button Export gives as JSON; users are numbers in it."""
        return self.ask("GET", f"projects/{project}/export?exportType=JSON&download_all_tasks=true").content

    def snapshot(self, project: int) -> bytes:
        """The same as a snapshot, in which users have their addresses."""
        path, named = f"projects/{project}/exports/", {"annotations__completed_by": {"only_id": False}}
        number = self.ask("POST", path, json={"serialization_options": named}).json()["id"]
        while self.ask("GET", f"{path}{number}").json()["status"] in ("created", "in_progress"):
            time.sleep(0.1)
        return self.ask("GET", f"{path}{number}/download?exportType=JSON").content


class LabelStudio:
    """Use as a context manager. `admin` may do everything; others join with an invitation, as people do."""

    def __init__(self, tool: Tool, folder: Path) -> None:
        self.tool, self.folder = tool, folder

    def __enter__(self) -> "LabelStudio":
        shutil.copytree(self.tool.empty, self.folder / "data")
        port, token = _free_port(), secrets.token_hex(20)
        self.admin = User(f"http://127.0.0.1:{port}", token)
        account = ["--username", ADMIN, "--password", secrets.token_hex(8), "--user-token", token]
        command = ["start", "--no-browser", "--internal-host", "127.0.0.1", "--port", str(port), *account]
        with (self.folder / "server.log").open("wb") as log:
            self._process = subprocess.Popen(
                [self.tool.program, *command, "--enable-legacy-api-token"],
                env=_environment(self.folder / "data"),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            self._wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *details: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def join(self, name: str) -> User:
        """A new user, signed up over the page that an invitation leads to."""
        page = self.admin.url + self.admin.ask("GET", "invite").json()["invite_url"]
        with requests.Session() as browser:
            browser.get(page, timeout=60)
            form = {"email": f"{name}@example.org", "password": secrets.token_hex(8)}
            form["csrfmiddlewaretoken"] = browser.cookies["csrftoken"]
            browser.post(page, data=form, headers={"Referer": page}, timeout=60).raise_for_status()
            token = browser.get(f"{self.admin.url}/api/current-user/token", timeout=60).json()["token"]
        return User(self.admin.url, token)

    def _wait(self) -> None:
        """Until it knows the account that it was started with: whatever else answers on the port does not."""
        last = time.monotonic() + START
        while time.monotonic() < last and self._process.poll() is None:
            try:
                self.admin.ask("GET", "current-user/whoami")
            except (requests.ConnectionError, RuntimeError):
                time.sleep(0.5)
            else:
                return
        told = (self.folder / "server.log").read_text(encoding="utf-8", errors="replace")[-4000:]
        raise RuntimeError(f"Label Studio did not start:\n{told}")


def installed() -> Tool:
    """The program, from the package index if it is not here yet."""
    place = TOOLS / f"label-studio-{VERSION}-py{sys.version_info.major}.{sys.version_info.minor}"
    tool = Tool(place / "venv" / "bin" / "label-studio", place / "empty")
    place.mkdir(parents=True, exist_ok=True)
    with FileLock(place / ".guard"):
        if not tool.empty.exists():
            shutil.rmtree(place / "venv", ignore_errors=True)
            subprocess.run([sys.executable, "-m", "venv", place / "venv"], check=True)
            python, wanted = place / "venv" / "bin" / "python", f"label-studio=={VERSION}"
            subprocess.run([python, "-m", "pip", "install", "--quiet", wanted], check=True)
            _migrated(tool)
    return tool


def _migrated(tool: Tool) -> None:
    """An empty database of today's form; whole or not there."""
    unfinished = tool.empty.with_name("unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    subprocess.run([tool.program, "version"], env=_environment(unfinished), check=True, stdout=subprocess.DEVNULL)
    unfinished.rename(tool.empty)


def _environment(data: Path) -> dict[str, str]:
    """Neither the user's settings nor anybody who is told of use or errors."""
    silent = {
        "COLLECT_ANALYTICS": "false",
        "LATEST_VERSION_CHECK": "false",
        "SENTRY_DSN": "",
        "FRONTEND_SENTRY_DSN": "",
    }
    place = {"HOME": str(data), "LABEL_STUDIO_BASE_DATA_DIR": str(data)}
    return {"PATH": os.defpath, "LANG": "C.UTF-8", "DEBUG": "false", "LOG_LEVEL": "WARNING", **place, **silent}


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
