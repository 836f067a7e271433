"""What a model says of rows that it did not learn from: every row is predicted by the one that learnt the other folds.

Owns the folds, and the predictions that the store keeps. The labels of all splits are learnt from, those of the test
split too, because they are looked at as well: so nothing here is a score, and no model is kept.
"""

import hashlib
import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from harness.annotate.predictor import Predictor
from harness.data import parts
from harness.kinds import TASKS
from registry.atomic import write_bytes
from registry.digest import canonical, canonical_rows, digest
from registry.errors import UserError, plural, system_error
from registry.text import INPUTS

VERSION = 1
"""Changes when the same rows, model, folds and seed give other predictions."""

FOLDER = "out-of-fold"
FOLDS, SEED = 5, 1
COLUMNS = ("id", *INPUTS, "label", "group", "cluster", "fold")
Probabilities = NDArray[np.float32]


class Table(NamedTuple):
    """Rows with what is to be predicted of them, in order of id."""

    rows: pl.DataFrame
    """`id`, what the task reads, and `label` (null: predicted, never learnt from).

    Rows of one `group` or `cluster` are in one fold, where there are such columns; a column `fold` decides alone.
    """
    labels: tuple[str, ...]
    task: str


def out_of_fold(table: Table, model: Predictor, home: Path, folds: int = FOLDS, seed: int = SEED) -> Probabilities:
    """(rows, labels): the probabilities of each row by a model that learnt from the other folds.

    Kept in the store `home`. UserError for a model that cannot read the rows or gives no probabilities, and where
    there is nothing to learn from.
    """
    table = table._replace(rows=table.rows.select(name for name in COLUMNS if name in table.rows.columns))
    about = {
        "out_of_fold": VERSION,
        "rows": hashlib.sha256(canonical_rows(table.rows).text).hexdigest(),
        "columns": table.rows.columns,
        "labels": table.labels,
        "task": {"name": table.task, "version": TASKS.get(table.task).version},
        "model": model.identity,
        "folds": folds,
        "seed": seed,
    }
    return _kept(home, about, lambda: _predicted(table, model, folds, seed))


def folds_of(rows: pl.DataFrame, folds: int, seed: int = SEED) -> pl.Series:
    """The fold of each row, from 0; rows that share a text, a group or a cluster are in one. In order of id."""
    return parts(rows, f"fold:{seed}", folds)


def _predicted(table: Table, model: Predictor, folds: int, seed: int) -> Probabilities:
    model.check(table.task, table.labels)
    rows = (
        table.rows if "fold" in table.rows.columns else table.rows.with_columns(fold=folds_of(table.rows, folds, seed))
    )
    found = np.zeros((rows.height, len(table.labels)), dtype=np.float32)
    with model.progress.step(f"{model.card.name}, out of fold", folds, "folds") as step:
        for number in range(folds):
            asked = rows.filter(fold=number)
            if asked.height:
                learnt = rows.filter(pl.col("fold") != number).drop_nulls("label")
                found[(rows["fold"] == number).to_numpy()] = _fold(table, learnt, asked, model, seed)
            step.advance()
    return found


def _fold(table: Table, learnt: pl.DataFrame, asked: pl.DataFrame, model: Predictor, seed: int) -> Probabilities:
    """(asked, labels). Where there is one label to learn, that is the answer."""
    if not learnt.height:
        what = f"{plural(table.rows['label'].count(), 'answer')} in one fold leave the others nothing to learn from"
        raise UserError(what, do="Label more rows, of other texts and groups.")
    if learnt["label"].n_unique() == 1:
        return np.tile(np.array(table.labels) == learnt["label"][0], (asked.height, 1)).astype(np.float32)
    found = model.predict(table.task, table.labels, (learnt, learnt.clear()), asked, seed).probabilities
    if found is None:
        what = f"the model {model.card.name} says which label, not how probable each one is"
        raise UserError(what, do="Use tfidf-logreg or an encoder; `bench list models` shows them.")
    return found


def _kept(home: Path, about: dict[str, Any], make: Callable[[], Probabilities]) -> Probabilities:
    """What lies in the store, if it is whole and of this very question; else made, and kept there."""
    path = home / FOLDER / f"{digest(about)[:24]}.npy"
    try:
        with path.open("rb") as file:
            seal, body = file.readline(), file.read()
        if seal == _seal(about, body):
            os.utime(path)  # `bench gc` leaves what was used within a day alone
            kept: Probabilities = np.load(io.BytesIO(body), allow_pickle=False)
            return kept
    except OSError:
        pass
    found, written = make(), io.BytesIO()
    np.save(written, found, allow_pickle=False)
    try:
        write_bytes(path, _seal(about, written.getvalue()) + written.getvalue())
    except OSError as error:
        raise system_error(error, "writing to the store", home) from error
    return found


def _seal(about: dict[str, Any], body: bytes) -> bytes:
    return f"{canonical(about)} {hashlib.sha256(body).hexdigest()}\n".encode()
