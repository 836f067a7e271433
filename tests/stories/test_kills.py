"""`kill -9` at random moments: the same command then finishes, with the digests and scores of an undisturbed run."""

import random
import time
from collections.abc import Callable

import pytest

from tests import tiny_encoder
from tests.stories.conftest import BAD, CARD, GOOD, Stage, reviews

KILLS = 20
ENCODER = """name: tiny
title: A tiny encoder
family: encoder
weights: {local: models/tiny}
recipe: {method: full, epochs: 2, learning_rate: 1e-3}
"""


def _prepare(stage: Stage) -> None:
    stage.write("data/reviews.csv", reviews(3000))
    stage.write("cards/datasets/task/my-reviews.yaml", CARD + "clean: [normalize, whitespace, dedupe_exact]\n")


@pytest.mark.slow
def test_builds_survive_kills(make_stage: Callable[[str], Stage]) -> None:
    calm, hunted = make_stage("calm"), make_stage("hunted")
    for stage in (calm, hunted):
        _prepare(stage)
    begun = time.monotonic()
    calm.bench("build", "my-reviews")
    took = time.monotonic() - begun
    landed = _hunt(hunted, took, ("build", "my-reviews"), forget=True)
    hunted.bench("build", "my-reviews")
    assert landed > 0
    assert (hunted.root / "cards.lock").read_text() == (calm.root / "cards.lock").read_text()
    assert not list((hunted.home / "versions").glob("*/.*"))


@pytest.mark.slow
def test_runs_survive_kills(make_stage: Callable[[str], Stage]) -> None:
    calm, hunted = make_stage("calm"), make_stage("hunted")
    for stage in (calm, hunted):
        _prepare(stage)
        tiny_encoder.save(stage.root / "models" / "tiny", ["the", "was", "said", "guest", "number", *GOOD, *BAD])
        stage.write("cards/models/tiny.yaml", ENCODER)
    wanted = ("run", "my-reviews", "--models", "majority,tfidf-logreg,tiny")
    begun = time.monotonic()
    calm.bench(*wanted)
    took = time.monotonic() - begun
    assert _hunt(hunted, took, wanted, forget=False) > 0
    hunted.bench(*wanted)
    assert _scores(hunted) == _scores(calm)


def _hunt(stage: Stage, took: float, arguments: tuple[str, ...], *, forget: bool) -> int:
    """Start and kill `KILLS` times; how many of the kills found the command still at work."""
    moments, landed = random.Random(7), 0
    for _ in range(KILLS):
        process = stage.start(*arguments)
        time.sleep(moments.uniform(0.05, took))
        landed += process.poll() is None
        process.kill()
        process.communicate()
        if forget and moments.random() < 0.5:
            for folder in (stage.home / "versions").glob("*/*"):
                folder.rename(stage.root / f"aside-{time.monotonic_ns()}")
    return landed


def _scores(stage: Stage) -> list[tuple[object, ...]]:
    keys = ("dataset", "version", "model", "metric", "value", "low", "high", "n", "run_ids")
    return [tuple(str(cell[key]) for key in keys) for cell in stage.cells("my-reviews")]
