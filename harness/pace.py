"""How long runs take, by earlier runs of the same model in this store: seconds for a row learnt from or predicted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from harness import records
from harness.folds import evaluated, folds_of
from harness.spec import ModelCard, RunSpec
from harness.workspace import Workspace


@dataclass(frozen=True)
class Pace:
    """Seconds for a row, by (model, dataset); "" for any dataset."""

    rates: Mapping[tuple[str, str], float]

    def seconds(self, spec: RunSpec, model: ModelCard, manifest: Mapping[str, Any]) -> float | None:
        """About how long a run takes; None for a model that was never run here."""
        rate = self.rates.get((spec.model, spec.dataset), self.rates.get((spec.model, "")))
        learnt, predicted = _rows(spec, manifest)
        epochs = getattr(model.recipe, "epochs", 1)
        return None if rate is None else rate * (learnt * epochs + predicted)


def pace(workspace: Workspace) -> Pace:
    """What the records of the store tell."""
    columns = ("status", "model", "dataset", "seconds_fit", "seconds_predict", "train_rows", "n", "facts")
    table = records.history(workspace.home, columns).filter(pl.col("status") == "ok")
    epochs = pl.col("facts").str.json_path_match("$.epochs").cast(pl.Int64, strict=False).fill_null(1)
    rows = pl.col("train_rows") * epochs + pl.col("n")
    rates = table.with_columns(rate=(pl.col("seconds_fit") + pl.col("seconds_predict")) / rows)
    of_both = rates.group_by("model", "dataset").agg(pl.col("rate").median()).rows()
    of_model = rates.group_by("model").agg(pl.col("rate").median()).rows()
    return Pace({**{(model, ""): rate for model, rate in of_model}, **{(m, d): rate for m, d, rate in of_both}})


def _rows(spec: RunSpec, manifest: Mapping[str, Any]) -> tuple[float, float]:
    """About how many rows are learnt from, and how many are predicted."""
    train, folds = manifest["splits"]["train"], folds_of(manifest)
    predicted = manifest["splits"][evaluated(manifest)]["rows"] / (folds.folds if folds else 1)
    learnt = train["rows"] - (predicted if folds else 0)
    if spec.limits.per_class:
        learnt = sum(min(count, spec.limits.per_class) for count in train["labels"].values())
    return min(learnt, spec.limits.train or learnt), predicted
