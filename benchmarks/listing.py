"""How long `bench list datasets` and `bench card search` take in a project of many cards, as whole processes.

Run as `python -m benchmarks.listing [CARDS]` from the root of the repository; 10,000 cards where no number is given.
`cold` reads every card, `warm` is the median of 5 runs after that. `bench list suites` is what a list costs anyway.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

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
WARM = 5


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


def seconds(root: Path, *arguments: str) -> float:
    """The wall time of one command from start to end."""
    environment = {**os.environ, "BENCH_HOME": str(root / "home")}
    command = [sys.executable, "-c", "from harness.cli.app import main; main()", *arguments, "--project", str(root)]
    start = time.perf_counter()
    done = subprocess.run(command, env=environment, check=True, capture_output=True)
    assert done.stdout
    return time.perf_counter() - start


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        make(root, count)
        print(f"{count:,} cards, whole processes, warm: median of {WARM}")
        for arguments in (("list", "suites"), ("list", "datasets"), ("card", "search", "评论", "nobody")):
            cold, *warm = (seconds(root, *arguments) for _ in range(WARM + 1))
            print(f"bench {' '.join(arguments):<28} cold {cold:7.3f} s   warm {median(warm):7.3f} s")


if __name__ == "__main__":
    main()
