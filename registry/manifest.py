"""What is written about a version: counts, label set, ledger, agreement, proof, and what it was made from.

Owns the shape of `manifest.json` and of the ledger. Computes nothing that the build has not already decided.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from registry.audit import Audit
from registry.card import DatasetCard
from registry.digest import digest
from registry.fetching import origin
from registry.identity import identity, libraries
from registry.op import staying
from registry.reading.encodings import is_choice
from registry.rows import Rows
from registry.source import Fetched
from registry.split import SPLITS
from registry.text import INPUTS, inputs

COLUMNS = ("id", *INPUTS, "label", "group", "votes", "aggregate")


@dataclass(frozen=True)
class Draft:
    """A version that is decided but not yet written. `rows` holds every source row, kept or dropped."""

    card: DatasetCard
    raw: Mapping[str, Fetched]
    source: Rows
    rows: pl.DataFrame
    labels: tuple[str, ...]
    agreement: dict[str, Any] | None

    def splits(self) -> dict[str, pl.DataFrame]:
        """The kept rows of each split, in order of id."""
        kept = self.rows.filter(staying())
        columns = [name for name in COLUMNS if name in kept.columns]
        return {name: kept.filter(pl.col("_split") == name).select(columns).sort("id") for name in SPLITS}

    def ledger(self) -> pl.DataFrame:
        """The rows that left, with op, reason, and the row that stayed in their place if there is one."""
        left = self.rows.filter(~staying()).sort("id")
        return left.select(
            "id", *inputs(left), "label", split="_split", op="_op", reason="_reason", duplicate_of="_duplicate_of"
        )

    def manifest(
        self, splits: Mapping[str, pl.DataFrame], proof: Audit, content_digest: str, checksums: Mapping[str, str]
    ) -> dict[str, Any]:
        """Plain JSON; nothing in it depends on the clock or the machine's paths.

        `checksums` are the sha256 of the split files, so that a reader notices when one was changed.
        """
        identified = identity(self.card, self.raw)
        dropped = self.rows.filter(~staying()).group_by("_op", "_reason").len().sort("_op", "_reason")
        return {
            "card": self.card.name,
            "build_key": digest(identified),
            "identity": identified,
            "content_digest": content_digest,
            "task": self.card.task,
            "labels": list(self.labels),
            "splits": {name: _counts(frame, self.labels) for name, frame in splits.items()},
            "checksums": dict(checksums),
            "sources": {name: self._source(name) for name in self.card.sources},
            "columns_left_out": list(self.source.columns_left_out),
            "rows_read": self.source.frame.height,
            "rows_kept": sum(frame.height for frame in splits.values()),
            "ledger": [list(line) for line in dropped.rows()],
            "agreement": self.agreement,
            "audit": {"violations": proof.violations, "observations": proof.observations},
            "libraries": libraries(),
        }

    def _source(self, name: str) -> dict[str, Any]:
        spec = self.card.sources[name]
        return {
            "from": spec.origin.describe(),
            "origin": origin(spec.origin_kind, spec.origin),
            "revision": self.raw[name].revision,
            "files": {file.name: file.sha256 for file in self.raw[name].files},
            "rows": self.source.source_rows[name],
            "left_out_by_select": None if self.source.left_out is None else self.source.left_out[name],
            **({"encodings": self.source.encodings[name]} if is_choice(spec.encoding) else {}),
        }


def _counts(frame: pl.DataFrame, labels: tuple[str, ...]) -> dict[str, Any]:
    counted = dict(frame.group_by("label").len().rows())
    return {"rows": frame.height, "labels": {label: counted.get(label, 0) for label in labels}}
