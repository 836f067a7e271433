"""What a manifest says of votes, whatever their form and whoever gave them."""

import json

import numpy as np
import polars as pl
import pytest

from registry.annotation.measuring import chosen, levels_of, measured, measures_of
from registry.annotation.spec import FORMS, AgreementSpec, Annotation, Scale
from registry.errors import UserError
from registry.kinds import MEASURES
from tests.registry.annotation.voting import lists

LABELS = ("bad", "good", "mixed")


def asked(form="single", **agreement):
    scale = Scale(min=-5, max=5) if form == "scale" else None
    return Annotation(question="q", answer=form, scale=scale, agreement=AgreementSpec(**agreement))


def rows(votes, annotators=None):
    columns = {"id": [f"r{n:02}" for n in range(len(votes))], "votes": votes}
    return pl.DataFrame(columns if annotators is None else {**columns, "annotators": annotators})


NAMED = rows(
    [["good", "good", "bad"], ["bad", "bad"], ["mixed", "good"], ["mixed", "mixed"], [], None, ["bad"]],
    [["ann", "bob", "cy"], ["ann", "bob"], ["bob", "cy"], ["ann", None], [], None, ["cy"]],
)


def test_every_form_has_a_usual_measure():
    named = {form: chosen(form)[:2] for form in FORMS}
    assert named == {
        "single": ("krippendorff-alpha", "nominal"),
        "preference": ("krippendorff-alpha", "nominal"),
        "scale": ("krippendorff-alpha", "interval"),
        "multi": ("krippendorff-alpha", "masi"),
        "spans": ("span-f1", ""),
        "relations": ("span-f1", ""),
        "text": ("percent", ""),
    }


def test_a_card_may_choose_the_measure_or_the_level_alone():
    assert chosen("scale", AgreementSpec(measure="cohen-kappa"))[:2] == ("cohen-kappa", "interval")
    assert chosen("scale", AgreementSpec(level="ordinal"))[:2] == ("krippendorff-alpha", "ordinal")
    assert chosen("single", AgreementSpec(measure="gwet-ac1"))[:2] == ("gwet-ac1", "")


@pytest.mark.parametrize(
    ("form", "spec", "told"),
    [
        ("spans", {"measure": "cohen-kappa"}, "span-f1"),
        ("single", {"level": "masi"}, "nominal, ordinal, interval"),
        ("single", {"measure": "percent", "level": "nominal"}, "Leave `level:` out"),
        ("single", {"measure": "krippendorf-alpha"}, 'nearest: "krippendorff-alpha"'),
    ],
)
def test_what_does_not_fit_the_answers_is_refused(form, spec, told):
    with pytest.raises(UserError, match=told.replace("(", r"\(")):
        chosen(form, AgreementSpec(**spec))


def test_measures_and_levels_of_a_form():
    assert "span-f1" in measures_of("spans")
    assert "span-f1" not in measures_of("single")
    assert levels_of("scale", "krippendorff-alpha")[0] == "interval"
    assert set(measures_of("single")) <= set(MEASURES.names())


def test_everything_of_named_votes_for_labels():
    found = measured(NAMED, asked(), LABELS)
    assert (found["measure"], found["level"], found["items"], found["votes"]) == ("krippendorff-alpha", "nominal", 4, 9)
    assert list(found["per_label"]) == list(LABELS)
    assert found["pairs"]["count"] == 3
    worst = found["pairs"]["worst"][0]
    assert (worst["first"], worst["second"]) in {("ann", "cy"), ("bob", "cy")}
    assert [(one["name"], one["votes"]) for one in found["annotators"]] == [("ann", 3), ("bob", 3), ("cy", 3)]
    assert found["anonymous"] == 1
    assert found["votes_per_item"] == {"min": 1, "median": 2.0, "max": 3, "items": {"0": 2, "1": 1, "2": 3, "3": 1}}
    assert found["ties"] == pytest.approx(1 / 5)
    assert [one["id"] for one in found["worst_items"]] == ["r02", "r00"]
    assert found["worst_items"][0] == {"id": "r02", "votes": ["mixed", "good"], "of_votes": 2}
    assert json.loads(json.dumps(found)) == found


def test_the_order_of_rows_changes_nothing():
    assert measured(NAMED.reverse(), asked(), LABELS) == measured(NAMED, asked(), LABELS)


def test_anonymous_votes_have_no_pairs():
    found = measured(NAMED.drop("annotators"), asked(), LABELS)
    assert found["pairs"] == {"count": 0, "annotators": 0, "of_annotators": 0, "worst": []}
    assert (found["annotators"], found["anonymous"]) == ([], 10)


def test_a_scale_has_neither_labels_nor_ties():
    found = measured(rows([[1.0, 2.0], [-3.0, -3.0], [4.0, -4.0]]), asked("scale"), None)
    assert found["per_label"] == {}
    assert "ties" not in found
    assert found["worst_items"][0] == {"id": "r02", "votes": [4.0, -4.0], "of_votes": 2}


@pytest.mark.parametrize(
    ("form", "given", "names"),
    [
        ("multi", [[["a", "b"], ["a"]], [["b"], ["b"]], [[], ["a"]]], {"a", "b"}),
        ("spans", [[[[0, 2, "A"]], [[0, 2, "A"], [3, 4, "B"]]], [[[1, 2, "B"]], []]], {"A", "B"}),
        ("relations", [[[[[0, 2, "A"], [3, 4, "B"], "in"]], []], [[], []]], {"in"}),
    ],
)
def test_answers_that_are_lists_are_measured_by_label(form, given, names):
    spelled = lists(form, given)
    answers = [[spelled.answers[int(value)] for value in spelled.values[n * 2 : n * 2 + 2]] for n in range(len(given))]
    found = measured(rows(answers), asked(form), None)
    assert set(found["per_label"]) == names
    assert found["value"] is not None
    assert 0 <= found["ties"] <= 1


def test_words_of_ones_own_are_equal_or_not_and_are_made_printable():
    found = measured(rows([["yes", "no\x1b[2J"], ["so", "so"]]), asked("text"), None)
    assert (found["measure"], found["value"]) == ("percent", 0.5)
    assert "ties" not in found
    assert found["worst_items"][0]["votes"] == ["yes", "no\\x1b[2J"]


@pytest.mark.parametrize("votes", [[["good"], ["bad"]], [[], None], [["good", "good"], ["good", "good"]]])
def test_what_shows_no_agreement_has_a_reason(votes):
    series = pl.Series("votes", votes, dtype=pl.List(pl.String))
    found = measured(pl.DataFrame({"id": ["a", "b"], "votes": series}), asked(), LABELS)
    assert found["value"] is None
    assert found["reason"]
    assert found["worst_items"] == []


def test_one_label_is_no_agreement_to_tell_from_chance_unless_the_card_has_more():
    votes = rows([["good", "good"], ["good", "good"]])
    assert measured(votes, asked(measure="gwet-ac1"), ("good",))["value"] is None
    assert measured(votes, asked(measure="gwet-ac1"), LABELS)["value"] == 1.0


def test_a_label_that_the_card_does_not_have_is_refused():
    with pytest.raises(UserError, match='"great"'):
        measured(rows([["great", "good"]]), asked(), LABELS)


@pytest.mark.slow
def test_a_million_votes():
    chance = np.random.default_rng(0)
    truth = np.repeat(chance.integers(3, size=200_000), 5)
    given = np.where(chance.random(len(truth)) < 0.7, truth, chance.integers(3, size=len(truth)))
    who = np.argsort(chance.random((200_000, 12)), axis=1)[:, :5].ravel()
    flat = pl.DataFrame({"item": np.repeat(np.arange(200_000), 5), "votes": given, "annotators": who}).with_columns(
        pl.col("votes").replace_strict([0, 1, 2], LABELS), pl.format("r{}", "annotators").alias("annotators")
    )
    frame = (
        flat.group_by("item", maintain_order=True)
        .agg("votes", "annotators")
        .with_columns(id=pl.col("item").cast(pl.String))
    )
    found = measured(frame, asked(), LABELS)
    # Two votes are equal by truth with .49, and by chance in a third of the rest; so alpha is .49.
    assert found["value"] == pytest.approx(0.49, abs=0.005)
    assert found["pairs"]["count"] == 66
