"""Cleaned rows that are kept, so that another label or split rule cleans nothing again.

A folder at `cleaned/<key>` holds what one `registry.identity.cleaning` gave. It is never trusted over its sources: a
folder that is not whole is removed, and its rows are cleaned again. `bench gc` removes what was not used for a day.
"""

import json
import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import polars as pl

from registry.digest import file_digest
from registry.pipeline.cleaning import Cleaned
from registry.pipeline.parts import Parts
from registry.pipeline.rows import Origin

FOLDER = "cleaned"


class Kept(NamedTuple):
    """Cleaned rows, and what is told of the sources that they come from."""

    cleaned: Cleaned
    origin: Origin


def load(home: Path, key: str) -> Kept | None:
    """What was kept under a key; None where nothing whole is."""
    folder = home / FOLDER / key
    if not folder.is_dir():
        return None
    with suppress(OSError):  # a store that cannot be written loses nothing either
        os.utime(folder)
    try:
        told = json.loads((folder / "kept.json").read_text(encoding="utf-8"))
        if all(file_digest(folder / name) == checksum for name, checksum in told["files"].items()):
            return Kept(_cleaned(folder, told), Origin(**told["origin"]))
    except (OSError, ValueError, KeyError, TypeError, pl.exceptions.PolarsError):
        pass  # torn or of another program: made again
    shutil.rmtree(folder, ignore_errors=True)
    return None


def keep(kept: Kept, home: Path, key: str, staged: Path) -> Kept:
    """Keep cleaned rows. `staged` is the folder of the store that their parts were written to."""
    cleaned, final = kept.cleaned, home / FOLDER / key
    for place, links in cleaned.links.items():
        for name, frame in links.items():
            frame.write_parquet(staged / f"links-{place}-{name}.parquet", compression="lz4")
    cleaned.same.to_frame().write_parquet(staged / "same.parquet", compression="lz4")
    files = {path.name: file_digest(path) for path in sorted(staged.glob("*.parquet"))}
    told = {"files": files, "origin": kept.origin._asdict()}
    (staged / "kept.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    final.parent.mkdir(exist_ok=True)
    try:
        staged.rename(final)
    except OSError:  # another process was first: its parts may end elsewhere, so that this build goes on with its own
        return kept
    parts = tuple(final / part.name if isinstance(part, Path) else part for part in cleaned.parts.held)
    return kept._replace(cleaned=cleaned._replace(parts=Parts(parts)))


def _cleaned(folder: Path, told: dict[str, dict[str, str]]) -> Cleaned:
    links = dict[int, dict[str, pl.DataFrame]]()
    for name in told["files"]:
        if name.startswith("links-"):
            place, _, called = name.removeprefix("links-").removesuffix(".parquet").partition("-")
            links.setdefault(int(place), {})[called] = pl.read_parquet(folder / name, glob=False)
    parts = Parts(tuple(folder / name for name in told["files"] if name.startswith("rows-")))
    return Cleaned(parts, {**links}, pl.read_parquet(folder / "same.parquet", glob=False).to_series())
