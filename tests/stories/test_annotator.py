"""People annotate in a terminal: a real one, as far as the process can tell."""

import fcntl
import os
import pty
import random
import select
import struct
import subprocess
import sys
import termios
import time

import pytest

from registry.annotation import layers
from registry.annotation.layers import Entry
from tests.stories.conftest import CARD, Stage

LABELS = """labels: [negative, positive]
annotation:
  question: How does the guest feel?
  guidelines: cards/guidelines/feelings.md
  votes_per_item: 3
split: {method: all-test}
"""
ROWS = 'id,text\n1,"很好，great"\n2,"dull \x1b[2J\x1b]0;owned\x07"\n3,fine\n4,poor\n5,"lovely 👍🏽"\n'


class Annotator:
    """`bench annotate label` with a terminal of its own."""

    def __init__(self, stage: Stage, name: str, *arguments: str) -> None:
        self.keyboard, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        command = [sys.executable, "-c", "from harness.cli.app import main; main()", "annotate", "label", "my-reviews"]
        self.process = subprocess.Popen(
            [*command, "--as", name, *arguments],
            cwd=stage.root,
            env=stage.environment(TERM="xterm"),
            stdin=theirs,
            stdout=theirs,
            stderr=subprocess.PIPE,
            text=True,
        )
        os.close(theirs)
        self.seen = ""

    def waits(self, text: str) -> str:
        """All that came on the screen, until `text` did."""
        seen, deadline = b"", time.monotonic() + 60
        while text.encode() not in seen:
            assert time.monotonic() < deadline, seen
            if select.select([self.keyboard], [], [], 1)[0]:
                seen += os.read(self.keyboard, 65536)
        return seen.decode(errors="replace")

    def types(self, keys: str) -> None:
        os.write(self.keyboard, keys.encode())

    def ends(self, code: int) -> str:
        """What it says at its end, when the screen is the shell's again."""
        while select.select([self.keyboard], [], [], 30)[0]:
            try:
                os.read(self.keyboard, 65536)
            except OSError:
                break
        os.close(self.keyboard)
        _, told = self.process.communicate(timeout=60)
        assert self.process.returncode == code, told
        assert "Traceback" not in told
        return told


@pytest.fixture
def asking(stage: Stage) -> Stage:
    stage.write("data/reviews.csv", ROWS)
    stage.write("cards/guidelines/feelings.md", "Take the side of the guest.\n")
    stage.write("cards/datasets/task/my-reviews.yaml", CARD + LABELS)
    return stage


def entries(stage: Stage) -> list[Entry]:
    return [
        entry for path in layers.files(layers.folder(stage.root, "my-reviews")) for entry in layers.read(path).entries
    ]


def drafted(stage: Stage) -> int:
    drafts = (stage.home / "annotate" / "my-reviews").glob("*.jsonl")
    return sum(path.read_bytes().count(b"\n") for path in drafts)


def test_an_annotator_answers_and_leaves_a_layer(asking: Stage) -> None:
    ana = Annotator(asking, "ana", "-n", "4")
    begun = ana.waits("1 of 4")
    assert "How does the guest feel?" in begun
    ana.types("g")
    ana.waits("Take the side of the guest.")
    ana.types(" x12u2s")
    screens = begun + ana.waits("4 of 4")
    assert "\x1b]0;" not in screens
    assert "needs a terminal" in asking.bench("annotate", "label", "my-reviews", "--as", "bo", code=2).stderr
    ana.types("1q")
    assert "0001-bench-" in ana.ends(0)
    found = entries(asking)
    assert [entry.answer for entry in found] == ["negative", "positive", "negative"]
    assert {(entry.annotator, entry.tool, len(entry.guidelines), entry.role) for entry in found} == {
        ("ana", "bench", 12, "vote")
    }
    assert not drafted(asking)


@pytest.mark.slow
def test_a_second_terminal_of_the_same_annotator_is_refused(asking: Stage) -> None:
    ana = Annotator(asking, "ana")
    ana.waits("1 of 5")
    assert "ana annotates my-reviews in another terminal" in Annotator(asking, "ana").ends(2)
    ana.types("\x03")
    assert "kept in a draft: the same command goes on, and `q` puts them into the card" in ana.ends(130)


@pytest.mark.slow
def test_kills_lose_the_item_on_the_screen_at_most(asking: Stage) -> None:
    asking.write("data/reviews.csv", "id,text\n" + "".join(f"{n},review {n}\n" for n in range(200)))
    moments, given = random.Random(7), 0
    for _ in range(5):
        ana = Annotator(asking, "ana", "-n", "200")
        ana.waits(f"{given + 1} of 200")
        for _ in range(moments.randrange(1, 20)):
            ana.types("1")
            given += 1
            ana.waits(f"{given + 1} of 200")
        ana.types("2" * 5)
        time.sleep(moments.uniform(0, 0.01))
        ana.process.kill()
        ana.ends(-9)
        now = drafted(asking)
        assert given <= now <= given + 5
        given = now
    ana = Annotator(asking, "ana", "-n", "200")
    ana.waits(f"{given + 1} of 200")
    ana.types("q")
    ana.ends(0)
    assert len(entries(asking)) == len({entry.item for entry in entries(asking)}) == given


@pytest.mark.slow
@pytest.mark.parametrize("how", ["the window is closed", "a polite signal"])
def test_every_other_end_keeps_the_answers(asking: Stage, how: str) -> None:
    ana = Annotator(asking, "ana")
    ana.waits("1 of 5")
    ana.types("12")
    ana.waits("3 of 5")
    if how == "a polite signal":
        ana.process.terminate()
        ana.ends(143)
    else:
        os.close(ana.keyboard)
        assert ana.process.wait(timeout=60) == 130
    assert drafted(asking) == 2
