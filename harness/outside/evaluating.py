"""Metrics of the Hugging Face `evaluate` library, which a card names beside those of its task.

`evaluate/NAME` is the script `cards/metrics/NAME/NAME.py` of the project, or else that of the hub's space
`evaluate-metric/NAME`, fetched once; `evaluate/NAME:KEY` is one number of several that it returns. It is a program:
without `--allow-code` it is not run, and the metric has no value. Labels reach it as their numbers in the card's order,
sets of labels as lists of 0 and 1, everything else as it is. Its value is of all lines together, without an interval.

Less is better where the library's own metrics are known for it, and where a script says `higher_is_better = False`.
Refuses to import `evaluate`, which takes seconds, for anything but such a metric.
"""

import math
import os
import re
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout, suppress
from dataclasses import dataclass
from functools import partial
from numbers import Real
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from harness.kinds import METRICS
from harness.metric import Reads
from harness.workspace import Workspace
from registry.card import DatasetCard
from registry.digest import known_digest
from registry.errors import UserError, clipped
from registry.kinds import TASKS

PREFIX = "evaluate/"
NAME = re.compile(r"evaluate/([A-Za-z0-9][\w-]*)(?::(\w+))?")
LESS = frozenset("brier_score cer character charcut_mt mae mape mase mse perplexity rmse smape ter wer".split())
"""Metrics of the library of which less is better."""

ITEMS: tuple[Reads, ...] = ("labels", "sets", "numbers", "tags", "texts", "answers")
"""What can be handed over as a list of predictions and a list of references."""


def metric(name: str, task: str, workspace: Workspace) -> Any:
    """The metric that a card of a task names: one of `harness/metrics`, of a plug-in, or of the library."""
    if not name.startswith(PREFIX):
        return METRICS.get(name)()
    written = NAME.fullmatch(name)
    if written is None:
        raise UserError(f'"{clipped(name)}" names no metric', do="Write `evaluate/NAME` or `evaluate/NAME:KEY`.")
    reads = METRICS.get(TASKS.get(task).default_metrics[0]).reads
    return Evaluated(written[1], written[2] or "", reads, workspace)


def scripts(card: DatasetCard, workspace: Workspace) -> dict[str, "Evaluated"]:
    """The metrics of a card that are scripts, by the names that it has for them."""
    return {name: metric(name, card.task, workspace) for name in card.metrics if name.startswith(PREFIX)}


@dataclass(frozen=True)
class Evaluated:
    """A `WholeMetric` that a script computes; it reads what the headline metric of its task reads."""

    name: str
    key: str
    reads: Reads
    workspace: Workspace
    version: ClassVar[int] = 1
    lowest: ClassVar[float] = -math.inf
    highest: ClassVar[float] = math.inf
    examples: ClassVar[tuple[dict[str, Any], ...]] = ()

    @property
    def higher_is_better(self) -> bool:
        """Read from the script's text, which is not run for that."""
        said = ""
        if self.local.is_file():
            said = self.local.read_text(encoding="utf-8", errors="replace")
        return self.name not in LESS and not re.search(r"^\s*higher_is_better\b.*=\s*False\b", said, re.MULTILINE)

    @property
    def local(self) -> Path:
        return self.workspace.catalog.project.root / "cards" / "metrics" / self.name / f"{self.name}.py"

    @property
    def described(self) -> str:
        """What is run, for people."""
        root = self.workspace.catalog.project.root
        return str(self.local.relative_to(root)) if self.local.is_file() else f"hub evaluate-metric/{self.name}"

    @property
    def state(self) -> list[str]:
        """What its value depends on beside the answers: the code of the project, which may change at any time."""
        code = sorted(self.local.parent.glob("**/*.py"))
        return [self.name, self.key, *(known_digest(file) for file in code)]

    def obstacle(self, gold: Any, labels: Sequence[str]) -> str | None:  # noqa: ARG002 - the contract's signature
        """That it may not be run, is not there, or cannot read what the task's models answer."""
        if self.reads not in ITEMS:
            return f"evaluate/{self.name} cannot be given {self.reads}"
        if not self.workspace.allow_code:
            return f"it runs a script ({self.described}); --allow-code allows it"
        try:
            self._script()
        except UserError as error:
            return " ".join(str(error).split())
        return None

    def of_all(self, gold: Any, predicted: Any, classes: int) -> float:  # noqa: ARG002 - the contract's signature
        """UserError, with what the script said, where it fails or gives no number."""
        script = self._script()
        try:
            found = self._computed(script, _plain(gold), _plain(predicted))
        except (Exception, SystemExit) as error:  # the code of others may fail in any way
            what = f"evaluate/{self.name} failed: {type(error).__name__}: {clipped(str(error), 400)}"
            raise UserError(what, where=self.described) from error
        return self._number(found)

    def _computed(self, script: Path, gold: list[Any], predicted: list[Any]) -> Any:
        folder = self.workspace.home / "evaluate"
        # Read once, when the library is imported: where it copies scripts to, and that it counts no downloads.
        os.environ.setdefault("HF_MODULES_CACHE", str(folder / "modules"))
        os.environ.setdefault("HF_UPDATE_DOWNLOAD_COUNTS", "0")
        with redirect_stdout(sys.stderr):  # what a command prints is for who reads it
            import evaluate

            loaded = evaluate.load(str(script), cache_dir=str(folder), keep_in_memory=True)
            return loaded.compute(predictions=predicted, references=gold)

    def _number(self, found: Any) -> float:
        values = found if isinstance(found, dict) else {}
        only = next(iter(values)) if len(values) == 1 else self.name
        value = values.get(self.key or only)
        if isinstance(value, Real):
            return float(value)
        what = f"gives {clipped(', '.join(map(str, values))) or type(found).__name__}, and not one number"
        raise UserError(what, where=self.described, do=f"Name the one that is meant: evaluate/{self.name}:KEY.")

    def _script(self) -> Path:
        if self.local.is_file():
            return self.local
        found = _fetched(f"evaluate-metric/{self.name}", self.workspace) / f"{self.name}.py"
        if not found.is_file():
            raise UserError(f"the space has no {self.name}.py", where=self.described)
        return found


def _fetched(repository: str, workspace: Workspace) -> Path:
    """The scripts of a space in the store, asked for once. UserError where they cannot be had."""
    from huggingface_hub.errors import LocalEntryNotFoundError

    from registry.remote.hubclient import client, patiently

    take = partial(
        client().snapshot_download,
        repository,
        repo_type="space",
        cache_dir=workspace.home / "hub",
        allow_patterns=["*.py"],
    )
    with suppress(LocalEntryNotFoundError):
        return Path(take(local_files_only=True))
    name = repository.partition("/")[2]
    do = f"Put the script at cards/metrics/{name}/{name}.py, or run it once with a network."
    if workspace.offline:
        raise UserError("there is no such metric in the project or in the store", where=f"evaluate/{name}", do=do)
    try:
        return Path(patiently(partial(take, local_files_only=False), f"hub {repository}"))
    except UserError as error:
        error.advise(do)
        raise


def _plain(values: Any) -> list[Any]:
    """Arrays and lists as lists, true and false as 1 and 0."""
    if not isinstance(values, np.ndarray):
        return list(values)
    return list((values.astype(int) if values.dtype == bool else values).tolist())
