"""Which answers are most likely wrong, and of which rows a model is least sure: what a person should look at next.

Owns which rows of a card a model is asked about. Changes no label: a person decides, and a card takes that decision as
an adjudication; rows that have one are not suspected again.
"""

from functools import partial

import polars as pl

from harness.annotate import confident, judging
from harness.annotate.judging import Judged
from harness.annotate.out_of_fold import FOLDS, Table, out_of_fold
from harness.annotate.predictor import predictor
from harness.workspace import Workspace
from registry.annotation.items import Items, items
from registry.annotation.votes import Votes
from registry.card import DatasetCard
from registry.errors import UserError
from registry.kinds import AGGREGATES
from registry.split import SPLITS
from registry.store import Published
from registry.text import INPUTS, inputs
from registry.versions import tags
from registry.versions.tags import reference

DEFAULT = "tfidf-logreg"
COLUMNS = ("id", *INPUTS, "label", "group", "cluster", "votes", "aggregate", "decided_by")
"""Of a version, as far as it has them."""

SHOWN = ("id", *INPUTS, "votes", "label", "suggested", "certainty", "score", "wrong")
"""What programs are told of a suspect row, as far as it has it."""


def ranks(name: str, workspace: Workspace, *, uncertain: bool, model: str | None = None) -> pl.DataFrame:
    """Rows that the model is least sure of, or the most suspect ones."""
    return least_sure(name, workspace, model) if uncertain else ranked(name, workspace, model)


def ranked(name: str, workspace: Workspace, model: str | None = None, folds: int = FOLDS) -> pl.DataFrame:
    """`id`, `score` (0 to 1), `label`, `suggested`, `certainty` of every answered row, the most suspect first.

    UserError as from `judged`.
    """
    return suspected(judged(name, workspace, model, folds)).select("id", "score", "label", "suggested", "certainty")


def least_sure(name: str, workspace: Workspace, model: str | None = None, folds: int = FOLDS) -> pl.DataFrame:
    """`id` and `score` (0 to 1): rows without an answer first, and of these the least sure one; then the others.

    UserError as from `judged`, but needs no cleanlab.
    """
    open_ones = _asked(name, workspace, model, folds).rows.filter(~pl.col("settled"))
    answered = pl.col("label").is_not_null()
    return open_ones.sort(answered, "unsure", "id", descending=[False, True, False]).select("id", score="unsure")


def suspected(rows: pl.DataFrame) -> pl.DataFrame:
    """Of judged rows those with an answer that no adjudicator gave, the most suspect first."""
    answered = rows.filter(pl.col("score").is_not_null(), ~pl.col("settled"))
    return answered.sort("score", "id", descending=[True, False])


def judged(name: str, workspace: Workspace, model: str | None = None, folds: int = FOLDS) -> pl.DataFrame:
    """What a model that did not learn them makes of the rows of `CARD`, or `CARD@VERSION`; in order of id.

    `id`, the texts, `label` and `suggested` (answers as they are spelled; null for a row without one), `votes` where
    there are any, `settled` (adjudicated), `certainty`, `unsure`, `score` and `wrong`, as `harness.annotate.judging`
    has them. UserError without cleanlab, for a card that is not built or whose answers no model can be asked for, and
    as `out_of_fold`.
    """
    confident.require()
    return _asked(name, workspace, model, folds).doubted()


def _asked(name: str, workspace: Workspace, model: str | None, folds: int) -> Judged:
    card = workspace.catalog.dataset(reference(name).card)
    form = card.annotation.answer if card.annotation else "single"
    if form in ("text", "relations"):
        raise UserError(f"no model can be asked for answers of the form `{form}`", where=name)
    asked = predictor(model or DEFAULT, workspace)
    predict = partial(out_of_fold, model=asked, home=workspace.home, folds=folds)
    if form in ("multi", "spans"):
        table = _of_items(items(name, workspace.catalog, offline=workspace.offline, progress=workspace.progress))
        return judging.of_sets(table, predict) if form == "multi" else judging.of_spans(table, predict, folds)
    table = of_version(tags.at_hand(workspace.catalog, reference(name)), card)
    return judging.of_numbers(table, predict) if form == "scale" else judging.of_labels(table, predict)


def of_version(version: Published, card: DatasetCard) -> Table:
    """The published rows, and those that left for want of an answer."""
    kept = [version.read(split) for split in SPLITS]
    left = version.read("ledger").filter(op="labels").filter(pl.col("label").is_null())
    if card.labels and card.labels.otherwise:  # that is an answer, too
        left = left.filter(pl.col("reason") != card.labels.otherwise)
    frames = [frame.select(name for name in COLUMNS if name in frame.columns) for frame in (*kept, left)]
    rows = pl.concat(frames, how="diagonal_relaxed").sort("id")
    decided = pl.col("decided_by").str.starts_with("adjudication").fill_null(value=False)
    settled = decided if "decided_by" in rows.columns else pl.lit(value=False)
    return Table(rows.with_columns(settled=settled), tuple(version.manifest["labels"]), card.task)


def _of_items(found: Items) -> Table:
    """The rows as annotators see them; `label` spells what was decided, or else what their votes come to."""
    card, rows = found.card, found.rows.drop_nulls(inputs(found.rows))
    annotation, answers = card.annotation, pl.lit(None, dtype=pl.String)
    if annotation and "votes" in rows.columns:
        votes = Votes.from_columns(rows, form=annotation.answer)
        of_votes = AGGREGATES.get(annotation.aggregation)().combine(votes, annotation.ties)
        places = pl.Series(of_votes.values, nan_to_null=True).cast(pl.Int64)
        answers = pl.lit(pl.Series(of_votes.answers, dtype=pl.String).gather(places))
    decided = pl.col("adjudicated") if "adjudicated" in rows.columns else pl.lit(None, dtype=pl.String)
    rows = rows.with_columns(label=pl.coalesce(decided, answers), settled=decided.is_not_null())
    task = "text-pair" if "text_pair" in rows.columns else "text-classification"
    return Table(rows, card.labels.names if card.labels else (), task)
