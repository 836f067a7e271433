"""How far the texts of a version lie apart in the vectors of the encoder that ships: its topics, in two numbers.

Opens no socket: without fetched weights there is no number. Computes on the CPU in fp32, so that a GPU changes nothing.
"""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

from harness.spec import model_card
from harness.weights import fetch
from harness.workspace import Workspace
from registry.atomic import write_text
from registry.card import DatasetCard
from registry.digest import digest
from registry.errors import UserError
from registry.kinds import TASKS
from registry.quality.measure import Measure, absent
from registry.quality.sample import row_lengths, sample
from registry.source import STORE
from registry.store import Published

ENCODER = "minilm-probe"
"""The model card whose encoder is asked."""

READS = "en"
"""What it has learnt to read; vectors of other languages would say nothing."""

ROWS, TOKENS = 256, 64
"""Rows that are looked at, always as many, because both numbers depend on it; and tokens of each."""

DISTANCE, RANK = "embedding distance", "embedding rank"
UNITS = {DISTANCE: "mean pairwise cosine distance", RANK: "effective dimensions"}


class Spread(NamedTuple):
    """`rank`: in how many directions the vectors differ, their effective rank (Roy and Vetterli 2007)."""

    distance: float
    rank: float


SPREAD: TypeAdapter[Spread] = TypeAdapter(Spread)


def spread_measures(
    card: DatasetCard, version: Published, workspace: Workspace, *, compute: bool
) -> tuple[Measure, Measure]:
    """What is kept of the version, else computed where that is wanted and possible; absent with the reason else."""
    found = _found(card, version, workspace, compute=compute)
    if isinstance(found, str):
        return absent(DISTANCE, UNITS[DISTANCE], found), absent(RANK, UNITS[RANK], found)
    note = f"{ROWS} rows, {ENCODER}"
    return (
        Measure(DISTANCE, found.distance, UNITS[DISTANCE], note),
        Measure(RANK, found.rank, UNITS[RANK], f"{note}; Roy and Vetterli 2007"),
    )


def ready(workspace: Workspace) -> bool:
    """Whether the encoder's weights lie in the store, without reading them."""
    wanted = model_card(workspace.catalog, ENCODER).weights
    return bool(wanted and wanted.sha256 and (workspace.home / STORE / wanted.sha256).is_file())


def spread_of(vectors: NDArray[np.float32]) -> Spread:
    """Of at least two vectors, none of them zero."""
    units = vectors.astype(np.float64) / np.linalg.norm(vectors, axis=1, keepdims=True)
    count = len(units)
    closeness = (float((units.sum(axis=0) ** 2).sum()) - count) / (count * (count - 1))
    sizes = np.linalg.svd(units - units.mean(axis=0), compute_uv=False)
    # Of vectors that are all the same nothing is left but rounding.
    shares = sizes[sizes > 1e-9] / max(float(sizes.sum()), 1e-9)
    return Spread(round(max(0.0, 1 - closeness), 4), round(float(np.exp(-(shares * np.log(shares)).sum())), 2))


def _found(card: DatasetCard, version: Published, workspace: Workspace, *, compute: bool) -> Spread | str:
    """The spread, or why there is none."""
    if "text" not in TASKS.get(card.task).inputs:
        return "the rows hold no texts"
    other = [code for code in card.languages if code.split("-")[0] != READS]
    if other:
        return f"the encoder that ships, {ENCODER}, reads English; the texts are {', '.join(other)}"
    if version.manifest["rows_kept"] < ROWS:
        return f"there are fewer than {ROWS} rows"
    wanted = model_card(workspace.catalog, ENCODER).weights
    assert wanted is not None  # noqa: S101 - an encoder card is refused without
    memory = _memory(version, digest(wanted.model_dump(mode="json")), workspace.home)
    kept = _read(memory)
    if kept is not None or not compute:
        return kept or f"not measured yet; `bench report {card.name}` does where the weights are fetched"
    try:
        folder = fetch(wanted, workspace.weights_context(ENCODER, offline=True)).folder
    except UserError:
        return f"the weights are not fetched; `bench fetch {ENCODER}`"
    found = _measured(sample(version, row_lengths(version)).texts.head(ROWS), folder, workspace)
    _keep(memory, found)
    return found


def _measured(texts: pl.Series, folder: Path, workspace: Workspace) -> Spread:
    from harness.training.load import load
    from harness.training.machine import Machine
    from harness.training.network import features
    from harness.training.tokenize import tokenise

    machine = Machine("cpu", "fp32")
    with machine.working(seed=0), workspace.progress.step("embed texts", len(texts), "texts") as step:
        loaded = load(folder, dropout=0.0)
        tokens = tokenise(loaded.tokenizer, tuple(texts.to_list()), min(TOKENS, loaded.max_length))
        return spread_of(features(loaded.backbone, "mean", tokens, machine, step))


def _memory(version: Published, weights: str, home: Path) -> Path:
    return home / "cache" / "quality" / f"{version.digest}-{weights[:12]}-{ROWS}-{TOKENS}.json"


def _read(memory: Path) -> Spread | None:
    try:
        return SPREAD.validate_json(memory.read_bytes())
    except (OSError, ValidationError):
        return None


def _keep(memory: Path, found: Any) -> None:
    try:
        memory.parent.mkdir(parents=True, exist_ok=True)
        write_text(memory, SPREAD.dump_json(found).decode())
    except OSError:
        pass  # a store that is full or read-only: the next report works it out again
