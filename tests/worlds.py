"""A small world of cards and files to build in, in a folder of its own."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from registry import build as builder
from registry import project
from registry.build import Built
from registry.catalog import Catalog

CARD = """\
name: {name}
title: A table of texts with labels
kind: task
languages: [en]
license: {{spdx: CC0-1.0}}
task: text-classification
sources: {{rows: {{local: data/{name}.csv}}}}
{more}"""


class World(NamedTuple):
    """A project folder of its own. `catalog` reads its cards anew each time it is asked for."""

    root: Path

    @property
    def home(self) -> Path:
        return self.root / "home"

    @property
    def catalog(self) -> Catalog:
        return Catalog(project.at(self.root))

    def write(self, files: Mapping[str, str | bytes]) -> "World":
        for name, content in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return self

    def card(self, csv: str | None = None, more: str = "", name: str = "mine") -> "World":
        """A minimal card called `name`, `more` lines after it, and its table."""
        self.write({f"cards/datasets/task/{name}.yaml": minimal_card(more, name)})
        return self if csv is None else self.write({f"data/{name}.csv": csv})

    def build(self, name: str = "mine") -> Built:
        return builder.build(name, self.catalog, offline=True)

    def left_behind(self) -> list[str]:
        """Files of the store that no build should leave: staging folders and half-written files."""
        return [str(path) for folder in ("staging",) for path in (self.home / folder).glob("*")]


def minimal_card(more: str = "", name: str = "mine") -> str:
    return CARD.format(name=name, more=more if "split:" in more else f"{more}split: {{method: all-test}}\n")


def table(*rows: tuple[str, ...], header: str = "text,label") -> str:
    """A CSV text; fields are quoted, so that anything may stand in them."""
    lines = [",".join('"' + field.replace('"', '""') + '"' for field in row) for row in rows]
    return "\n".join([header, *lines]) + "\n"


def plenty(count: int = 60, labels: tuple[str, ...] = ("bad", "good")) -> str:
    """Enough different rows that no split of the default ratios comes out empty."""
    return table(*((f"review number {n}", labels[n % len(labels)]) for n in range(count)))
