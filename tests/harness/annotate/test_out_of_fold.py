"""What is said of a row never comes from the row itself, and is said once."""

import os
from typing import NamedTuple

import numpy as np
import polars as pl
import pytest

from harness.annotate.out_of_fold import FOLDER, Table, folds_of, out_of_fold
from harness.annotate.predictor import predictor
from harness.examples import Labels
from harness.gc import garbage
from harness.spec import ModelCard
from harness.workspace import Workspace
from registry.errors import UserError
from registry.progress import Silent


class Memory(NamedTuple):
    """A model that is sure of what it learnt, and guesses the second label for all else."""

    seen: list
    card: ModelCard = ModelCard(name="memory", title="memory", family="majority")
    progress: Silent = Silent()
    identity: dict = {}

    def check(self, task, labels):
        pass

    def predict(self, task, labels, learnt, asked, seed):
        train, validation = learnt
        assert validation.is_empty()
        self.seen.append(set(train["id"]) | set(asked["id"]))
        known = dict(train.select("text", "label").rows())
        found = np.array([[1.0, 0.0] if known.get(text) == "good" else [0.0, 1.0] for text in asked["text"]])
        return Labels(found.argmax(axis=1), found.astype(np.float32))


def table(count=40, **columns):
    rows = {
        "id": [f"r{n:03}" for n in range(count)],
        "text": [f"text {n}" for n in range(count)],
        "label": ["good"] * count,
    }
    rows["label"] = ["good", "bad"] * (count // 2)
    return Table(pl.DataFrame(rows | columns), ("good", "bad"), "text-classification")


def test_no_row_is_predicted_by_a_model_that_learnt_it(world):
    found = out_of_fold(table(), Memory([]), world.home)
    assert found[:, 1].min() == 1, "a text that it learnt would have been good"


@pytest.mark.parametrize("tie", ["text", "group", "cluster"])
def test_rows_that_belong_together_are_in_one_fold(tie):
    rows = table(**{tie: [f"{n // 4}" for n in range(40)]}).rows
    folds = rows.with_columns(fold=folds_of(rows, 5)).group_by(tie).agg(pl.col("fold").n_unique())
    assert folds["fold"].to_list() == [1] * 10


def test_another_seed_gives_other_folds_and_the_same_one_the_same():
    rows = table().rows
    assert folds_of(rows, 5).equals(folds_of(rows, 5))
    assert not folds_of(rows, 5).equals(folds_of(rows, 5, seed=2))


def test_other_rows_do_not_move_a_row():
    rows = table().rows
    assert folds_of(rows.head(10), 5).equals(folds_of(rows, 5).head(10))


def test_rows_without_a_label_are_predicted_and_not_learnt_from(world):
    model, given = Memory([]), table()
    given = given._replace(rows=given.rows.with_columns(label=pl.when(pl.col("id") > "r004").then("label")))
    found = out_of_fold(given, model, world.home)
    assert found.shape == (40, 2)
    assert (found.sum(axis=1) == 1).all()


def test_where_one_label_is_left_to_learn_it_is_the_answer(world):
    given = table()
    given = given._replace(rows=given.rows.with_columns(label=pl.lit("bad")))
    assert out_of_fold(given, Memory([]), world.home).tolist() == [[0.0, 1.0]] * 40


def test_what_was_said_once_is_kept(world):
    first, again = Memory([]), Memory([])
    found = out_of_fold(table(), first, world.home)
    assert first.seen
    assert np.array_equal(out_of_fold(table(), again, world.home), found)
    assert not again.seen
    wider = table()._replace(rows=table().rows.with_columns(votes=pl.lit(1)))
    out_of_fold(wider, again, world.home)
    assert not again.seen, "columns that no model reads change nothing"


@pytest.mark.parametrize("other", [{"folds": 4}, {"seed": 2}])
def test_another_question_is_asked_anew(world, other):
    again = Memory([])
    out_of_fold(table(), Memory([]), world.home)
    out_of_fold(table(), again, world.home, **other)
    assert again.seen


@pytest.mark.parametrize("damage", [lambda body: body[:-1], lambda body: b"", lambda body: body[:-1] + b"!"])
def test_what_was_damaged_is_made_anew(world, damage):
    found, again = out_of_fold(table(), Memory([]), world.home), Memory([])
    (path,) = (world.home / FOLDER).iterdir()
    path.write_bytes(damage(path.read_bytes()))
    assert np.array_equal(out_of_fold(table(), again, world.home), found)
    assert again.seen


def test_too_few_answers_are_told(world):
    alone = table(group=["all"] * 40)
    with pytest.raises(UserError, match="40 answers in one fold leave the others nothing to learn from"):
        out_of_fold(alone, Memory([]), world.home)


def test_a_model_without_probabilities_and_one_that_cannot_read_the_rows_are_told(world):
    space = Workspace(world.catalog, offline=True)
    vader = predictor("vader-lexicon", space)
    moods = table()._replace(labels=("negative", "positive"))
    moods = moods._replace(
        rows=moods.rows.with_columns(label=pl.col("label").replace({"good": "positive", "bad": "negative"}))
    )
    with pytest.raises(UserError, match="says which label, not how probable"):
        out_of_fold(moods, vader, world.home)
    with pytest.raises(UserError, match="vader-lexicon cannot be asked"):
        out_of_fold(table(), vader, world.home)
    with pytest.raises(UserError, match="cannot read the inputs of text-pair"):
        out_of_fold(table()._replace(task="text-pair"), vader, world.home)


def test_what_was_not_asked_for_a_day_can_go(world):
    space = Workspace(world.catalog, offline=True)
    out_of_fold(table(), Memory([]), world.home)
    (path,) = (world.home / FOLDER).iterdir()
    assert garbage(space) == []
    os.utime(path, (0, 0))
    assert [(one.kind, one.path) for one in garbage(space)] == [("out-of-fold predictions", path)]
    out_of_fold(table(), Memory([]), world.home)
    assert garbage(space) == [], "it was asked for just now"
