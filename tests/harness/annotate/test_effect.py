"""What corrections do to scores: who learns what, who is judged on what, and how sure the difference is."""

import json

import pytest
from typer.testing import CliRunner

from harness.annotate.effect import effect
from harness.cli.app import app
from harness.inspect.effect import lines
from harness.workspace import Workspace
from registry.errors import UserError
from registry.versions import tags
from tests.harness.annotate.noisy import TOPICS, noisy
from tests.worlds import table

HASH = "split: {method: hash, seed: 5}\n"


def space(world):
    return Workspace(world.catalog, offline=True)


def write(world, rows, more=HASH, header="id,text,label"):
    return world.card(table(*rows, header=header), more).build().published


def told(found):
    return "\n".join(lines(found))


def of(found, metric="accuracy"):
    return next(one for one in found.changes if one.metric == metric)


@pytest.fixture
def corrected(world):
    """A card of 200 rows half of whose labels were wrong, as it was and as it is."""
    made = noisy(200, wrong=100)
    before = write(world, made.rows)
    tags.add(world.catalog.project, "mine", "1.0.0", before.digest)
    after = write(world, [(row, text, made.wrong.get(row, label)) for row, text, label in made.rows])
    return world, before, after


def test_a_model_of_correct_labels_is_better_and_the_interval_says_so(corrected):
    world, before, after = corrected
    found = effect("mine", "1.0.0", "", space(world))
    assert (found.before, found.after) == (before.digest, after.digest)
    accuracy = of(found)
    assert accuracy.after - accuracy.before == pytest.approx(accuracy.difference.value)
    assert accuracy.difference.low > 0
    assert found.tested == after.manifest["splits"]["test"]["rows"]
    assert found.relabelled["rows"].sum() == 100
    assert not any(found.other.values())


def test_versions_are_named_in_three_ways(corrected):
    world, before, after = corrected
    ways = [("1.0.0", ""), (before.digest[:12], after.digest), ("mine@1.0.0", f"mine@{after.digest[:12]}")]
    one, *others = (effect("mine", *way, space(world)) for way in ways)
    assert all(other.changes == one.changes for other in others)
    with pytest.raises(UserError, match="is a version of yours, not of mine"):
        effect("mine", "yours@1.0.0", "", space(world))


def test_equal_versions_differ_by_nothing_and_that_is_told(corrected):
    world, _, after = corrected
    found = effect("mine", after.digest, "", space(world))
    assert of(found).difference == (0, 0, 0)
    assert "no label changed" in told(found)
    assert "the intervals of 5 of 5 differences include 0: no effect is shown" in told(found)


def test_people_are_told_what_changed_where_and_how_little_a_small_test_shows(corrected):
    world, _, after = corrected
    said = told(effect("mine", "1.0.0", "", space(world)))
    rows = after.manifest["splits"]["test"]["rows"]
    assert "  100 rows with another label, " in said
    assert f"judged on {rows} rows of the later test split, with its labels" in said
    assert f"note: {rows} test rows tell differences in accuracy of 0." in said
    assert "note: both models are judged by corrected labels; scores that were reported before were not" in said


def test_programs_get_the_same(corrected):
    world, before, _ = corrected
    arguments = ["annotate", "effect", "mine", "1.0.0", "--json", "--project", str(world.root)]
    found = json.loads(CliRunner().invoke(app, arguments).stdout)
    assert found["before"] == before.digest
    assert sum(one["rows"] for one in found["relabelled"]) == 100
    assert {one["model"] for one in found["changes"]} == {"tfidf-logreg"}
    assert found["changes"][0]["difference"]["low"] > 0


def test_several_models_are_asked(corrected):
    world, _, _ = corrected
    found = effect("mine", "1.0.0", "", space(world), ["majority", "tfidf-logreg"], seeds=3)
    assert {one.model for one in found.changes} == {"majority", "tfidf-logreg"}


@pytest.mark.parametrize("tie", ["id", "text"])
def test_a_row_that_is_tested_is_learnt_by_nobody(world, tie):
    rows = [(*row, "test" if place % 5 == 0 else "train") for place, row in enumerate(noisy(100, wrong=0).rows)]
    (row, words, label, _), *others = rows
    earlier = (row, words, label, "train") if tie == "id" else ("copy", words.upper(), label, "train")
    more, header = "split: {method: given, column: part}\n", "id,text,label,part"
    before = write(world, [earlier, *others], more, header)
    write(world, rows, more, header)
    found = effect("mine", before.digest, "", space(world))
    assert (found.tested, found.new) == ((20, 0) if tie == "id" else (19, 1))
    assert found.withheld == 1
    assert "1 row of the earlier version like tested ones: nobody learns from them" in told(found)


def test_versions_of_other_labels_and_without_common_test_rows_are_refused(corrected):
    world, before, _ = corrected
    renamed = [(row, text, label.title()) for row, text, label in noisy().rows]
    write(world, renamed)
    with pytest.raises(UserError, match="ask other questions"):
        effect("mine", before.digest, "", space(world))
    write(world, [(f"new{row}", text, label) for row, text, label in noisy().rows])
    with pytest.raises(UserError, match="no row of the test split"):
        effect("mine", before.digest, "", space(world))
    assert set(TOPICS) == set(before.manifest["labels"])
