"""Where things are: the project's cards, the cards that ship with the package, and the store.

A project is the folder that holds `cards/`; `.bench` in it (or BENCH_HOME) holds all that can be made again.
"""

import os
from pathlib import Path
from typing import NamedTuple

SECTIONS = ("datasets", "models", "suites")


class Project(NamedTuple):
    """`root` is what paths in cards are relative to; `home` is the store."""

    root: Path
    home: Path

    @property
    def lock(self) -> Path:
        return self.root / "cards.lock"


def find(start: Path | None = None) -> Project:
    """The project that `start` (the current folder) lies in; the folder itself where there is none."""
    here = (start or Path.cwd()).resolve()
    root = next((folder for folder in (here, *here.parents) if holds_cards(folder)), here)
    return at(root)


def at(root: Path) -> Project:
    home = os.environ.get("BENCH_HOME")
    return Project(root.resolve(), Path(home).resolve() if home else root.resolve() / ".bench")


def holds_cards(folder: Path) -> bool:
    return any((folder / "cards" / section).is_dir() for section in SECTIONS)


def shipped() -> Path:
    """The folder whose `cards/` and `cards.lock` ship with the package: inside a wheel, or the checkout itself."""
    packed = Path(__file__).parent / "shipped"
    return packed if packed.is_dir() else Path(__file__).parent.parent
