"""What is written about a version: counts, label set, ledger, agreement, proof, and what it was made from.

Owns the shape of `manifest.json` and of the ledger. Computes nothing that the build has not already decided.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import polars as pl

from registry.audit import Audit
from registry.card import DatasetCard
from registry.digest import digest
from registry.fetching import origin
from registry.identity import identity, libraries
from registry.kinds import TARGETS, TASKS
from registry.op import staying
from registry.pipeline.rows import Origin
from registry.reading.encodings import is_choice
from registry.source import Fetched
from registry.split import SPLITS, Folding


class Tally(NamedTuple):
    """How many rows came in, stayed and left. `kept` has (split, rows), `labels` (split, label, rows with it), `left`
    (op, reason, rows)."""

    read: int
    kept: tuple[tuple[str, int], ...]
    labels: tuple[tuple[str, str, int], ...]
    left: tuple[tuple[str, str, int], ...]

    @property
    def stayed(self) -> int:
        return sum(count for _, count in self.kept)


def tally(rows: pl.DataFrame, task: str) -> Tally:
    """The counts of all source rows with their fates; labels are counted where the task has a closed set."""
    stays, target = rows.filter(staying()), TARGETS.get(TASKS.get(task).answer)()
    kept = stays.group_by("_split").len()
    labels = pl.DataFrame(schema={"_split": pl.String, "label": pl.String, "len": pl.UInt32})
    if target.closed:
        counted = stays.group_by("_split", "label").len()
        labels = counted.with_columns(label=target.labels(counted["label"])).explode("label").drop_nulls("label")
        labels = labels.group_by("_split", "label").agg(pl.col("len").sum())
    left = rows.filter(~staying()).group_by("_op", "_reason").len().sort("_op", "_reason")
    return Tally(rows.height, tuple(kept.rows()), tuple(labels.rows()), tuple(left.rows()))


@dataclass(frozen=True)
class Draft:
    """A version that is decided but not yet described."""

    card: DatasetCard
    raw: Mapping[str, Fetched]
    source: Origin
    tally: Tally
    labels: tuple[str, ...]
    agreement: dict[str, Any] | None
    annotation: dict[str, Any] | None = None
    documents: int | None = None
    """How many the collection has; None for a card without one."""

    def manifest(
        self,
        proof: Audit,
        checksums: Mapping[str, str],
        asked: Mapping[str, Any],
        drift: Mapping[str, Any],
    ) -> dict[str, Any]:
        """Plain JSON; nothing in it depends on the clock or the machine's paths.

        `checksums` are the sha256 of the split files, so that a reader notices when one was changed. `asked` is what
        the audits found that the card asks for, `drift` how alike the splits are.
        """
        identified, split = identity(self.card, self.raw), self.card.split.split
        references = {name: self._input(name) for name in self.card.inputs if name not in self.card.sources}
        return {
            "card": self.card.name,
            "build_key": digest(identified),
            "identity": identified,
            "content_digest": proof.digest,
            "task": self.card.task,
            "labels": list(self.labels),
            "splits": self._counts(),
            "drift": dict(drift),
            **({"folds": {"folds": split.folds, "repeats": split.repeats}} if isinstance(split, Folding) else {}),
            "checksums": dict(checksums),
            "sources": {name: self._source(name) for name in self.card.sources},
            **({"references": references} if references else {}),
            "columns_left_out": list(self.source.columns_left_out),
            "rows_read": self.tally.read,
            "rows_kept": self.tally.stayed,
            "ledger": [list(line) for line in self.tally.left],
            "agreement": self.agreement,
            **({"annotation": self.annotation} if self.annotation else {}),
            **({"collection": {"rows": self.documents}} if self.documents is not None else {}),
            "audit": {
                "violations": proof.violations,
                "observations": proof.observations,
                **({"asked": dict(asked)} if asked else {}),
            },
            "libraries": libraries(self.card),
        }

    def _input(self, name: str) -> dict[str, Any]:
        spec = self.card.inputs[name]
        return {
            "from": spec.origin.describe(),
            "origin": origin(spec.origin_kind, spec.origin),
            "revision": self.raw[name].revision,
            "files": {file.name: file.sha256 for file in self.raw[name].files},
        }

    def _source(self, name: str) -> dict[str, Any]:
        spec = self.card.sources[name]
        return {
            **self._input(name),
            "rows": self.source.source_rows[name],
            "left_out_by_select": None if self.source.left_out is None else self.source.left_out[name],
            **({"encodings": self.source.encodings[name]} if is_choice(spec.encoding) else {}),
        }

    def _counts(self) -> dict[str, dict[str, Any]]:
        """Rows of each split, in all and by label."""
        counted = {(split, label): count for split, label, count in self.tally.labels}
        by_label = {name: {label: counted.get((name, label), 0) for label in self.labels} for name in SPLITS}
        return {name: {"rows": dict(self.tally.kept).get(name, 0), "labels": by_label[name]} for name in SPLITS}
