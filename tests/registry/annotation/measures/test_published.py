"""Measures against published examples and against the libraries of others."""

import random

import numpy as np
import pytest
from nltk.metrics import jaccard_distance
from nltk.metrics.agreement import AnnotationTask
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa

from tests.registry.annotation.voting import KRIPPENDORFF, labels, lists, measure, numbers, value

UNITS = [list(unit) for unit in zip(*KRIPPENDORFF, strict=True)]
WORDS = "abcde"


def rated(seed, raters, kinds=4, items=60, missing=0.0):
    """Items whose raters often say what the first says."""
    chance = random.Random(seed)
    found = []
    for _ in range(items):
        truth = chance.randrange(kinds)
        votes = [truth if chance.random() < 0.6 else chance.randrange(kinds) for _ in range(raters)]
        found.append([None if chance.random() < missing else WORDS[vote] for vote in votes])
    return found


def task(items, distance=None):
    triples = [(f"r{who}", str(n), vote) for n, item in enumerate(items) for who, vote in enumerate(item) if vote]
    return AnnotationTask(triples) if distance is None else AnnotationTask(triples, distance)


@pytest.mark.parametrize(
    ("level", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)]
)
def test_alpha_of_krippendorff_2011(level, published):
    assert value("krippendorff-alpha", numbers(UNITS), level) == pytest.approx(published, abs=0.0005)


def test_ac1_where_kappa_is_a_paradox():
    # Gwet 2002: 118 and 0 agree, 5 and 2 do not; agreement .944, kappa -.0234, AC1 .9408.
    items = [*[["y", "y"]] * 118, *[["y", "n"]] * 5, *[["n", "y"]] * 2]
    votes = labels(items, ("n", "y"))
    assert value("percent", votes) == pytest.approx(0.944)
    assert value("gwet-ac1", votes) == pytest.approx(0.9408, abs=0.00005)
    assert value("cohen-kappa", votes) == pytest.approx(-0.0234, abs=0.00005)


def test_span_f1_is_that_of_precision_and_recall():
    spans = [[[[0, 3, "A"], [5, 9, "B"]], [[0, 3, "A"], [5, 8, "B"]]], [[[1, 2, "A"]], []], [[], []]]
    # One of the first's three and of the second's two is the same: precision 1/2, recall 1/3.
    assert value("span-f1", lists("spans", spans)) == pytest.approx(2 * (1 / 2) * (1 / 3) / (1 / 2 + 1 / 3))


def test_span_f1_of_more_than_two_is_taken_over_their_pairs():
    spans = [[[[0, 3, "A"]], [[0, 3, "A"]], [[0, 3, "B"]]]]
    assert value("span-f1", lists("spans", spans)) == pytest.approx(1 / 3)
    both = [[[0, 3, "A"], [4, 6, "B"], "likes"]]
    assert value("span-f1", lists("relations", [[both, both], [both, []]])) == pytest.approx(2 / 3)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("level", "weights"), [("nominal", None), ("ordinal", "linear"), ("interval", "quadratic")])
def test_cohen_as_scikit_learn_has_it(seed, level, weights):
    items = rated(seed, 2)
    left, right = zip(*items, strict=True)
    expected = cohen_kappa_score(left, right, weights=weights)
    assert value("cohen-kappa", labels(items, WORDS), level) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("raters", [2, 3, 6])
def test_fleiss_as_statsmodels_has_it(raters):
    items = rated(raters, raters)
    table, _ = aggregate_raters(np.array(items))
    assert value("fleiss-kappa", labels(items, WORDS)) == pytest.approx(fleiss_kappa(table), abs=1e-12)


def test_two_annotators_as_nltk_has_them():
    items = rated(9, 2)
    votes, theirs = labels(items, WORDS), task(items)
    assert value("scott-pi", votes) == pytest.approx(theirs.pi(), abs=1e-12)
    assert value("cohen-kappa", votes) == pytest.approx(theirs.kappa(), abs=1e-12)
    assert value("percent", votes) == pytest.approx(theirs.avg_Ao(), abs=1e-12)


@pytest.mark.parametrize("missing", [0.0, 0.3])
def test_nominal_alpha_as_nltk_has_it(missing):
    items = [item for item in rated(3, 4, missing=missing) if sum(vote is not None for vote in item) > 1]
    expected = task(items).alpha()
    assert value("krippendorff-alpha", labels(items, WORDS), "nominal") == pytest.approx(expected, abs=1e-12)


def masi_distance(one, other):
    """With the thirds of Passonneau 2006, which nltk rounds to two decimals."""
    if not one | other:
        return 0.0
    shared = one & other
    weight = 1.0 if one == other else 2 / 3 if shared in (one, other) else 1 / 3
    return 1 - weight * len(shared) / len(one | other)


@pytest.mark.parametrize(("level", "distance"), [("jaccard", jaccard_distance), ("masi", masi_distance)])
def test_alpha_of_sets_as_nltk_has_it(level, distance):
    chance = random.Random(5)
    items = []
    for _ in range(40):
        truth = {label for label in WORDS if chance.random() < 0.5} | {"a"}
        items.append([sorted(truth ^ {chance.choice("bcde")}) for _ in range(3)])
    expected = task([[frozenset(vote) for vote in item] for item in items], distance).alpha()
    assert value("krippendorff-alpha", lists("multi", items), level) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("name", "expected"), [("jaccard", (1 / 3 + 1 / 2 + 1) / 3), ("masi", (1 / 9 + 1 / 3 + 1) / 3)]
)
def test_similarity_of_sets(name, expected):
    items = [[["a", "b"], ["b", "c"]], [["a"], ["a", "b"]], [[], []], [["a"]]]
    assert value(name, lists("multi", items)) == pytest.approx(expected)


def test_a_set_that_is_empty_shares_nothing_with_one_that_is_not():
    for name in ("jaccard", "masi"):
        assert value(name, lists("multi", [[[], ["a"]]])) == 0


def test_weights_of_cohen_are_distances_on_the_scale():
    # 1 and 5 lie four apart, although no vote lies between.
    near, far = numbers([[1, 2], [2, 2], [5, 5]]), numbers([[1, 5], [2, 2], [5, 5]])
    assert value("cohen-kappa", near, "ordinal") > value("cohen-kappa", far, "ordinal")
    assert value("cohen-kappa", numbers([[1, 1], [2, 5]]), "interval") == pytest.approx(
        cohen_kappa_score([1, 2], [1, 5], weights="quadratic", labels=[1, 2, 3, 4, 5])
    )


def test_cohen_is_of_two_annotators():
    with pytest.raises(ValueError, match="two annotators"):
        measure("cohen-kappa").terms(numbers([[1, 2, 3]]))
    with pytest.raises(ValueError, match="two annotators"):
        measure("cohen-kappa").terms(numbers([[1, 2]], named=False))


def test_labels_that_nobody_gave_count_for_ac1_alone():
    few, many = (labels([["a", "b"], ["a", "a"]], WORDS[:size]) for size in (2, 5))
    assert value("gwet-ac1", few) < value("gwet-ac1", many)
    for name in ("fleiss-kappa", "scott-pi", "cohen-kappa", "krippendorff-alpha"):
        assert value(name, few) == value(name, many)
