"""Versions on disk, as a build would publish them, of rows that no build would."""

import json
from pathlib import Path

import polars as pl

from registry.digest import content_digest, digest, file_digest
from registry.split import SPLITS
from registry.store import SHORT, Published, opened


def publish(home: Path, rows: list[dict[str, str]], card: str = "mine", **audit: dict) -> Published:
    """A version of these rows, sound in itself; `audit` is what its manifest says that the card asked for."""
    frame = pl.DataFrame(rows)
    splits = {name: frame.filter(pl.col("split") == name).drop("split").sort("id") for name in SPLITS}
    content, identity = content_digest(splits), {"card": card}
    folder = home / "versions" / card / f"{content[:SHORT]}-{digest(identity)[:SHORT]}"
    folder.mkdir(parents=True)
    for name, one in splits.items():
        one.write_parquet(folder / f"{name}.parquet")
    manifest = {
        "card": card,
        "task": "text-classification",
        "build_key": digest(identity),
        "content_digest": content,
        "sources": {},
        "checksums": {name: file_digest(folder / f"{name}.parquet") for name in SPLITS},
        "splits": {name: {"rows": one.height} for name, one in splits.items()},
        "audit": {"violations": {}, "observations": {}, **({"asked": audit} if audit else {})},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return opened(folder)
