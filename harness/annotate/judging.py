"""What a model makes of the answers that rows have, whatever their form: labels, numbers, sets of labels, spans.

Every form is put to models that give a text one label of several: a number as the part of the scale that it lies in, a
set as a yes or no to each label, spans as a label for each token. What is to be said against answers is a second step.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
import polars as pl

from harness.annotate import confident
from harness.annotate.confident import Doubt
from harness.annotate.out_of_fold import Probabilities, Table, folds_of
from harness.annotate.tokens import OUTSIDE, Tokens, tokens
from harness.scoring import indices
from registry.annotation.answers import Span, labels, spans, spelled
from registry.annotation.votes import BoolArray, FloatArray
from registry.errors import UserError

BINS = 10
"""Into at most so many parts a scale is cut, with about equally many rows in each."""

YES, NO = "yes", "no"
Predict = Callable[[Table], Probabilities]


class Judged(NamedTuple):
    """What a model says of rows."""

    rows: pl.DataFrame
    """With `suggested`; `certainty`, how probable that is (of a set or spans its least sure part; of a number, that the
    right one lies on that side); and `unsure`, 0 to 1."""
    doubt: Callable[[], Doubt]
    """What that is against the answers of the rows with a `label`, in their order. UserError without cleanlab."""

    def doubted(self) -> pl.DataFrame:
        """Also, for rows with a `label`, `score`, how doubtful it is, 0 to 1, and `wrong`, whether confident learning
        takes it for wrong (null for numbers). UserError without cleanlab.
        """
        score, wrong = self.doubt()
        wrongs = pl.lit(None, dtype=pl.Boolean) if wrong is None else pl.Series(wrong)
        known = self.rows.filter(pl.col("label").is_not_null())
        answered = known.select("id", pl.Series("score", score, dtype=pl.Float64), wrong=wrongs)
        return self.rows.join(answered, on="id", how="left", maintain_order="left")


def of_labels(table: Table, predict: Predict) -> Judged:
    """One label each."""
    found = predict(table)
    rows = table.rows.with_columns(
        suggested=pl.Series(table.labels).gather(found.argmax(axis=1)),
        certainty=found.max(axis=1),
        unsure=1 - _lead(found),
    )
    known = rows["label"].is_not_null()
    given = indices(rows["label"].filter(known), table.labels)
    return _judged(rows, partial(confident.single, given, found[known.to_numpy()]))


def of_numbers(table: Table, predict: Predict) -> Judged:
    """The `aggregate` of votes on a scale. What is expected is the mean over the parts of the scale."""
    known = _answered(table.rows["aggregate"])
    given = table.rows["aggregate"].cast(pl.Float64).to_numpy()
    edges = np.quantile(given[known], np.arange(1, BINS) / BINS)
    bins, places = np.unique(np.searchsorted(edges, given[known], side="right"), return_inverse=True)
    centres = np.bincount(places, given[known]) / np.bincount(places)
    names = tuple(map(str, bins))
    found = predict(Table(_labelled(table.rows, known, [names[place] for place in places]), names, table.task))
    expected = found @ centres
    spread = np.sqrt(np.maximum(found @ centres**2 - expected**2, 0)) / (np.ptp(centres) / 2 or 1.0)
    higher = (expected > given)[:, None]
    beyond = np.where(higher, centres > given[:, None], centres < given[:, None])
    rows = table.rows.with_columns(
        label=_as_text(given),
        suggested=_as_text(expected),
        certainty=(found * beyond).sum(axis=1),
        unsure=np.minimum(spread, 1.0),
    )
    return _judged(rows, partial(confident.scale, given[known], expected[known]))


def of_sets(table: Table, predict: Predict) -> Judged:
    """A set of labels each: every label is a question of its own."""
    known = _answered(table.rows["label"])
    answers = [set(labels(answer)) for answer in table.rows["label"].drop_nulls().to_list()]
    names = _named(table, (label for answer in answers for label in answer))
    given = np.array([[label in answer for label in names] for answer in answers], dtype=np.bool_)
    asked = (_labelled(table.rows, known, [YES if one else NO for one in column]) for column in given.T)
    of_each = [predict(Table(rows, (NO, YES), table.task))[:, 1] for rows in asked]
    found = np.column_stack(of_each).astype(np.float64)
    sets = [spelled("multi", [names[place] for place in np.flatnonzero(row)]) for row in found > 0.5]
    sure = np.maximum(found, 1 - found).min(axis=1)
    rows = table.rows.with_columns(suggested=pl.Series(sets, dtype=pl.String), certainty=sure, unsure=2 * (1 - sure))
    return _judged(rows, partial(confident.multi, given, found[known]))


def of_spans(table: Table, predict: Predict, folds: int) -> Judged:
    """Spans: every token is asked about; an answer is as doubtful as its most doubtful token. No row without tokens."""
    _answered(table.rows["label"])
    cut = [tokens(text) for text in table.rows["text"].to_list()]
    answers = [None if answer is None else spans(answer) for answer in table.rows["label"].to_list()]
    names = (OUTSIDE, *_named(table, (label for answer in answers for _, _, label in answer or ())))
    asked = _asked(cut, answers, folds_of(table.rows, folds))
    found = predict(Table(asked, names, "text-pair"))
    best = pl.Series(names).gather(found.argmax(axis=1))
    of_rows = asked.with_columns(_best=best, _top=found.max(axis=1), _lead=_lead(found))
    of_rows = of_rows.group_by("_row", maintain_order=True).agg(
        "_best", certainty=pl.col("_top").min(), unsure=1 - pl.col("_lead").min()
    )
    suggested = [cut[row].spelled(given) for row, given in of_rows.select("_row", "_best").iter_rows()]
    rows = table.rows[of_rows["_row"]].hstack(of_rows.select("certainty", "unsure"))
    known = asked["label"].is_not_null()
    starts = np.flatnonzero(np.diff(asked["_row"].filter(known).to_numpy(), prepend=-1))
    said = indices(asked["label"].filter(known), names)
    rows = rows.with_columns(suggested=pl.Series(suggested, dtype=pl.String))
    return _judged(rows, partial(confident.tokens, said, found[known.to_numpy()], starts))


def _asked(cut: Sequence[Tokens], answers: Sequence[Sequence[Span] | None], fold: pl.Series) -> pl.DataFrame:
    """One row a token: the token, those around it, its label, the fold of its text, and `_row`, the text's place."""
    given = [
        [None] * len(one.words) if answer is None else one.labelled(answer)
        for one, answer in zip(cut, answers, strict=True)
    ]
    kind = pl.List(pl.String)
    columns = {"text": [one.words for one in cut], "text_pair": [one.around for one in cut], "label": given}
    rows = pl.DataFrame({**columns, "fold": fold}, schema_overrides=dict.fromkeys(columns, kind))
    rows = rows.with_row_index("_row").with_columns(pl.col("_row").cast(pl.Int64)).filter(pl.col("text").list.len() > 0)
    return rows.explode(*columns).with_columns(id=pl.int_range(pl.len()).cast(pl.String).str.zfill(12))


def _judged(rows: pl.DataFrame, doubt: Callable[[], Doubt]) -> Judged:
    return Judged(rows.with_columns(pl.col("certainty", "unsure").cast(pl.Float64)), doubt)


def _lead(found: Probabilities) -> FloatArray:
    """(rows,): by how much the most probable label is ahead of the next."""
    best = np.partition(found, -2, axis=1)[:, -2:].astype(np.float64)
    return best[:, 1] - best[:, 0]


def _labelled(rows: pl.DataFrame, known: BoolArray, names: Sequence[str]) -> pl.DataFrame:
    """Rows with these labels in the places that `known` tells, and none in the others."""
    places = np.cumsum(known) - 1
    label = pl.when(pl.Series(known)).then(pl.Series(names, dtype=pl.String).gather(np.maximum(places, 0)))
    return rows.with_columns(label=label)


def _answered(answers: pl.Series) -> BoolArray:
    """(rows,): which have one. UserError where none has."""
    known: BoolArray = answers.is_not_null().to_numpy()
    if not known.any():
        raise UserError("no row has an answer that a model could learn from", do="Import some, or label some.")
    return known


def _named(table: Table, found: Iterable[str]) -> tuple[str, ...]:
    """The labels of the card, or else those of its answers. UserError where all answers are empty."""
    names = table.labels or tuple(sorted(set(found)))
    if not names:
        raise UserError("no answer has a label", do="Name the labels in the card: `labels: [a, b]`.")
    return names


def _as_text(numbers: FloatArray) -> pl.Series:
    """Two digits behind the point; null for nan."""
    return pl.Series(numbers, nan_to_null=True).round(2).cast(pl.String)
