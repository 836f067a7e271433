"""Once everything is fetched, no socket is opened: proven by a Python in which sockets cannot be made."""

import subprocess
import sys

from tests.stories.conftest import Stage

NO_SOCKETS = """
import socket
class Refused(socket.socket):
    def connect(self, address):
        raise AssertionError(f"a socket was opened to {address}")
    connect_ex = connect
socket.socket = Refused
def refuse(*arguments, **named):
    raise AssertionError(f"a name was looked up: {arguments}")
socket.getaddrinfo = socket.create_connection = refuse
from harness.cli.app import main
main()
"""


def test_a_local_project_runs_without_a_socket(stage: Stage) -> None:
    command = [sys.executable, "-c", NO_SOCKETS, "run", "my-reviews", "--models", "majority,tfidf-logreg", "--offline"]
    done = subprocess.run(command, cwd=stage.root, env=stage.environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_what_was_never_fetched_is_named_offline(stage: Stage) -> None:
    told = stage.bench("build", "tweets", "--offline", code=2).stderr
    assert "vaderSentiment" in told
    assert "bench fetch" in told
