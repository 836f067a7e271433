"""How long a build of many rows takes, beside the usual pipeline and beside a script written by hand.

Run as `python -m benchmarks.materialise [--rows N] [--repeats N] [--ids] [--memory SIZE] [--without-datasets]` from the
root of the repository. All three read the same JSON Lines, normalise (NFKC), fold white space, drop texts under 3
characters and exact duplicates, split 80/10/10 and write zstd Parquet. `datasets` splits by chance, as it can, and runs
once; the script by hand hashes with polars and writes no manifest, digest or ledger and audits nothing. Each runs in
a process of its own; times are medians of whole processes, memory the most that one had resident. With
`--memory 2GB` the build is told its limit.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import NamedTuple

CARD = """\
name: many
title: Many invented rows
kind: general
languages: [en, zh]
license: {spdx: CC0-1.0}
task: text-classification
sources: {rows: {local: data/rows.jsonl}}
labels: [a, b, c, d]
clean: [{normalize: {form: NFKC}}, whitespace, {length: {min_chars: 3}}, {dedupe_exact: {conflict: pool}}]
split: {method: hash, ratios: {train: 0.8, validation: 0.1, test: 0.1}}
"""
WITH_DATASETS = """
import sys, unicodedata, re
from datasets import ClassLabel, load_dataset
space = re.compile(r"\\s+")
def clean(batch):
    return {"text": [space.sub(" ", unicodedata.normalize("NFKC", text)).strip() for text in batch["text"]]}
data = load_dataset("json", data_files=sys.argv[1], split="train", cache_dir=sys.argv[2] + "/cache")
data = data.map(clean, batched=True, batch_size=10_000, num_proc=2)
def long(batch):
    return [len(text) >= 3 for text in batch["text"]]
data = data.filter(long, batched=True, batch_size=10_000, num_proc=2)
seen = set()
def first(batch):
    fresh = []
    for text in batch["text"]:
        key = text.lower()
        fresh.append(key not in seen)
        seen.add(key)
    return fresh
data = data.filter(first, batched=True, batch_size=10_000)
data = data.class_encode_column("label")
test = data.train_test_split(test_size=0.1, seed=13, stratify_by_column="label")
rest = test["train"].train_test_split(test_size=1 / 9, seed=13, stratify_by_column="label")
for name, split in {"train": rest["train"], "validation": rest["test"], "test": test["test"]}.items():
    split.to_parquet(f"{sys.argv[2]}/{name}.parquet")
"""
BY_HAND = """
import sys
import polars as pl
text = pl.col("text")
rows = pl.scan_ndjson(sys.argv[1]).with_columns(
    text.str.normalize("NFKC").str.replace_all(r"\\s+", " ").str.strip_chars()
).filter(text.str.len_chars() >= 3).collect(engine="streaming")
rows = rows.unique(text.str.to_lowercase(), keep="first", maintain_order=True)
place = pl.col("text").hash(13) % 10
for name, split in {"train": place >= 2, "validation": place == 1, "test": place == 0}.items():
    rows.filter(split).write_parquet(f"{sys.argv[2]}/{name}.parquet", compression="zstd")
"""
BUILD = "import sys; sys.argv[1:] = ['build', 'many', '--offline']; from harness.cli.app import main; main()"


class Measured(NamedTuple):
    """Wall seconds and the most bytes resident, of one whole process and its children."""

    seconds: float
    bytes: int


def rows(count: int) -> Iterator[str]:
    """Invented rows as JSON, English and Chinese; every twentieth text occurred before, some are in full width."""
    generator = random.Random(7)  # noqa: S311 - invented rows
    words = [
        "".join(generator.choices("abcdefghijklmnopqrstuvwxyz", k=generator.randint(2, 10))) for _ in range(30_000)
    ]
    characters = [chr(generator.randint(0x4E00, 0x5FFF)) for _ in range(800)]
    earlier: list[str] = []
    for number in range(count):
        kind = generator.random()
        if kind < 0.05 and earlier:
            text = generator.choice(earlier)
        elif kind < 0.35:
            text = "".join(generator.choices(characters, k=generator.randint(8, 60)))
        else:
            text = " ".join(generator.choices(words, k=generator.randint(4, 30)))
        if kind > 0.9:
            text = f"Ｆｕｌｌ　{text}  \t ok"
        if number < 200_000:
            earlier.append(text)
        yield json.dumps({"text": text, "label": generator.choice("abcd")}, ensure_ascii=False) + "\n"


def project(folder: Path, count: int, *, ids: bool = False) -> Path:
    """A project with one card over `count` rows; returns the file of rows."""
    (folder / "cards/datasets/general").mkdir(parents=True)
    (folder / "cards/datasets/general/many.yaml").write_text(CARD, encoding="utf-8")
    (folder / "data").mkdir()
    with (folder / "data/rows.jsonl").open("w", encoding="utf-8") as file:
        lines = enumerate(rows(count))
        file.writelines(f'{{"id": "{number:08}", {line[1:]}' if ids else line for number, line in lines)
    return folder / "data/rows.jsonl"


def measured(program: str, *arguments: str, cwd: Path, memory: str = "") -> Measured:
    """One run of a Python program in a fresh folder."""
    with tempfile.TemporaryDirectory() as out:
        environment = {**os.environ, "BENCH_HOME": f"{out}/home", **({"BENCH_MEMORY": memory} if memory else {})}
        environment |= {"HF_DATASETS_OFFLINE": "1", "HF_DATASETS_DISABLE_PROGRESS_BARS": "1"}
        environment["PYTHONPATH"] = str(Path(__file__).parents[1])
        command = [sys.executable, "-c", _WATCHED, program, *arguments, out]
        start = time.perf_counter()
        done = subprocess.run(command, cwd=cwd, env=environment, check=True, capture_output=True, text=True)
        return Measured(time.perf_counter() - start, int(done.stdout.split()[-1]))


_WATCHED = """
import resource, subprocess, sys
subprocess.run([sys.executable, "-c", *sys.argv[1:]], check=True, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--memory", default="")
    parser.add_argument("--ids", action="store_true", help="the rows have ids, so that none are made of their content")
    parser.add_argument("--without-datasets", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        file = str(project(folder, asked.rows, ids=asked.ids))
        programs = {"build": (BUILD,), "by hand": (BY_HAND, file)}
        if not asked.without_datasets:
            programs["datasets"] = (WITH_DATASETS, file)
        found: dict[str, list[Measured]] = {name: [] for name in programs}
        for number in range(asked.repeats):
            for name, (program, *arguments) in programs.items():
                if name == "datasets" and number:
                    continue  # it takes minutes, and once tells enough
                memory = asked.memory if name == "build" else ""
                found[name].append(measured(program, *arguments, cwd=folder, memory=memory))
        seconds = {name: median(one.seconds for one in runs) for name, runs in found.items()}
        print(f"{asked.rows:,} rows, {Path(file).stat().st_size / 1e6:,.0f} MB, {os.cpu_count()} cores")
        for name, runs in found.items():
            most = max(one.bytes for one in runs) / 1e9
            ratio = seconds[name] / seconds["build"]
            print(f"{name:10} {seconds[name]:8.2f} s   {most:5.2f} GB   {ratio:6.2f} times the build's time")


if __name__ == "__main__":
    main()
