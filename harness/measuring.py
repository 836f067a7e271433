"""What is found out about answers when they are given, once, because it takes the weights of another model.

Owns which metrics and tasks ask for that. Without the weights what they would tell is absent, and says what it needs.
"""

from dataclasses import replace
from pathlib import Path

import polars as pl

from harness import weights
from harness.examples import Answers
from harness.kinds import METRICS
from harness.metric import Measured
from harness.model import Setting
from harness.spec import model_card
from harness.task import Judging, Task
from harness.workspace import Workspace
from registry.errors import UserError
from registry.kinds import TASKS


def measured(
    lines: pl.DataFrame, rows: pl.DataFrame, found: Answers, task: Task, setting: Setting, workspace: Workspace
) -> pl.DataFrame:
    """The lines of answers `found` to `rows`, with what a judge says of them and what costly metrics measure."""
    if isinstance(task, Judging):
        lines = task.judged(rows, lines, found, replace(setting, weights=_at_hand(task.judge, workspace)))
    for name in TASKS.get(setting.task).metrics:
        metric = METRICS.get(name)()
        folder = _at_hand(metric.weights_of, workspace) if isinstance(metric, Measured) else None
        if folder is not None:
            values = metric.measure(lines, folder, setting.device)
            lines = lines.with_columns(pl.Series(name, values, dtype=pl.Float64))
    return lines


def _at_hand(model: str, workspace: Workspace) -> Path | None:
    """The weights of a model card; None where they were never fetched."""
    spec = model_card(workspace.catalog, model).weights
    try:
        return weights.fetch(spec, workspace.weights_context(model, offline=True)).folder if spec else None
    except UserError:
        return None
