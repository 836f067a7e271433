"""The stories' stage: a project with a small CSV, and `bench` as a user calls it."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from harness.cli.console import OFFLINE

GOOD = ["great", "lovely", "superb", "fine", "delightful"]
BAD = ["awful", "dull", "broken", "poor", "dreadful"]
THINGS = ["phone", "room", "book", "film", "lamp", "chair", "soup", "train", "coat", "song"]

CARD = """name: my-reviews
title: What our customers write
kind: task
languages: [en]
license: {spdx: NOASSERTION, note: our own data}
task: text-classification
sources:
  reviews: {local: data/reviews.csv}
"""


@dataclass(frozen=True)
class Stage:
    """A project folder, and `bench` run in it as a process of its own."""

    root: Path

    @property
    def home(self) -> Path:
        return self.root / ".bench"

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def environment(self, **extra: str) -> dict[str, str]:
        # What `--offline` sets stays in a process that a test called it in.
        kept = {key: value for key, value in os.environ.items() if key not in ("BENCH_HOME", *OFFLINE)}
        return {**kept, "OMP_NUM_THREADS": "1", "COLUMNS": "200", **extra}

    def start(self, *arguments: str, **extra: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", "from harness.cli.app import main; main()", *arguments]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen(command, cwd=self.root, env=self.environment(**extra), text=True, **pipes)

    def bench(self, *arguments: str, code: int = 0, **extra: str) -> subprocess.CompletedProcess[str]:
        process = self.start(*arguments, **extra)
        out, err = process.communicate(timeout=300)
        assert process.returncode == code, f"exit {process.returncode}\n{out}\n{err}"
        assert "Traceback" not in err
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def cells(self, *names: str) -> list[dict[str, Any]]:
        return json.loads(self.bench("report", *names, "--format", "json").stdout)


def reviews(rows: int, seed: int = 0) -> str:
    """CSV text: a word decides the label."""
    rng = random.Random(seed)
    lines = ["text,label"]
    for number in range(rows):
        label = rng.choice(["negative", "positive"])
        word = rng.choice(GOOD if label == "positive" else BAD)
        lines.append(f'"The {rng.choice(THINGS)} number {number} was {word}, said guest {rng.randrange(900)}",{label}')
    return "\n".join(lines) + "\n"


@pytest.fixture
def make_stage(tmp_path: Path) -> Callable[[str], Stage]:
    def make(name: str) -> Stage:
        stage = Stage(tmp_path / name)
        stage.write("data/reviews.csv", reviews(300))
        stage.write("cards/datasets/task/my-reviews.yaml", CARD)
        return stage

    return make


@pytest.fixture
def stage(make_stage: Callable[[str], Stage]) -> Stage:
    return make_stage("project")
