"""How long `bench list` and `bench card search` take in a project of many cards, as whole processes.

Run as `python -m benchmarks.listing [CARDS]` from the root of the repository; 10,000 cards where no number is given.
`cold` reads every card; `warm` are 7 runs after that, least and median. CPU time stands beside wall time, for on a
machine that does other work it is the steadier one. `bench list suites` is what a list costs anyway.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

KINDS, DOMAINS, LANGUAGES = ("general", "vertical", "task"), ("film", "finance", "retail"), ("en", "zh", "pt-BR")
CARD = """\
name: {name}
title: Reviews number {number}, 网店评论, each read by three people
description: >-
  Short texts of customers, one a row, with what they thought of the goods. Made for measuring how long lists take;
  the texts do not exist. Three people read each of them, and the label is what most of them said.
kind: {kind}
domain: {domain}
languages: [{language}]
license: {{spdx: CC-BY-4.0, use: research, note: none of these rows exist}}
citation: "Nobody, The reviews that nobody wrote, volume {number}"
task: text-classification
sources:
  rows:
    package: {{registry: pypi, name: some-reviews, version: 1.2.{number}, artifact: sdist}}
    path: "*/reviews.csv"
    format: {{csv: {{columns: {{text: text, label: text}}}}}}
labels: [negative, positive]
clean: [normalize, whitespace, {{length: {{min_chars: 2}}}}, {{dedupe_exact: {{conflict: drop}}}}]
split: {{method: hash, ratios: {{train: 0.8, validation: 0.1, test: 0.1}}}}
metrics: [accuracy, macro_f1]
"""
CHILD = "like: {parent}\nname: {name}\ntitle: The same texts again, number {number}\n"
WARM = 7
COMMANDS = (("list", "suites"), ("list", "datasets"), ("list",), ("card", "search", "评论", "nobody"))


class Cost(NamedTuple):
    """Seconds of one process; `cpu` is its user and system time."""

    wall: float
    cpu: float


def make(root: Path, count: int) -> None:
    """`count` cards; one in ten is like the one before it."""
    for kind in KINDS:
        (root / "cards" / "datasets" / kind).mkdir(parents=True)
    for number in range(count):
        turn = number // 10 % 3
        name, parent = (f"reviews-{value:05d}" for value in (number, number - 1))
        facts = {"kind": KINDS[turn], "domain": DOMAINS[turn], "language": LANGUAGES[turn]}
        text = (CHILD if number % 10 == 9 else CARD).format(name=name, parent=parent, number=number, **facts)
        (root / "cards" / "datasets" / KINDS[turn] / f"{name}.yaml").write_text(text, encoding="utf-8")


def cost(root: Path, *arguments: str) -> Cost:
    """What one command takes from start to end. Modules come compiled, as they do once a package is installed."""
    environment = {**os.environ, "BENCH_HOME": str(root / "home"), "PYTHONPYCACHEPREFIX": str(root / "compiled")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-c", "from harness.cli.app import main; main()", *arguments, "--project", str(root)]
    start, before = time.perf_counter(), _cpu()
    done = subprocess.run(command, env=environment, check=True, capture_output=True)
    assert done.stdout
    return Cost(time.perf_counter() - start, _cpu() - before)


def _cpu() -> float:
    """Of all processes that were started and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        make(root, count)
        print(f"{count:,} cards, whole processes, seconds; warm: least and median of {WARM}")
        cost(root, "list", "sources")  # compiles the modules
        for arguments in COMMANDS:
            cold, *warm = (cost(root, *arguments) for _ in range(WARM + 1))
            walls, cpus = zip(*warm, strict=True)
            print(
                f"bench {' '.join(arguments):<28} cold {cold.wall:6.3f}   "
                f"warm {min(walls):.3f} {median(walls):.3f}   cpu {min(cpus):.3f} {median(cpus):.3f}"
            )


if __name__ == "__main__":
    main()
