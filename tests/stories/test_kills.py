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


EXACT = "clean: [normalize, whitespace, dedupe_exact]\n"
NEAR = "clean: [strip_html, whitespace, {dedupe_near: {threshold: 0.9}}, {sample: {rows: 2000}}]\naudit: [near]\n"


def _prepare(stage: Stage, more: str = EXACT) -> None:
    stage.write("data/reviews.csv", reviews(3000))
    stage.write("cards/datasets/task/my-reviews.yaml", CARD + more)


@pytest.mark.slow
@pytest.mark.parametrize("more", [EXACT, NEAR])
def test_builds_survive_kills(make_stage: Callable[[str], Stage], more: str) -> None:
    calm, hunted = make_stage("calm"), make_stage("hunted")
    for stage in (calm, hunted):
        _prepare(stage, more)
    begun = time.monotonic()
    calm.bench("build", "my-reviews")
    took = time.monotonic() - begun
    landed = _hunt(hunted, took, ("build", "my-reviews"), forget=True)
    hunted.bench("build", "my-reviews")
    assert landed > 0
    assert (hunted.root / "cards.lock").read_text() == (calm.root / "cards.lock").read_text()
    assert not list((hunted.home / "versions").glob("*/.*"))
    hunted.bench("verify")


@pytest.mark.slow
def test_audits_survive_kills(make_stage: Callable[[str], Stage]) -> None:
    calm, hunted = make_stage("calm"), make_stage("hunted")
    for stage in (calm, hunted):
        _prepare(stage)
        stage.bench("build", "my-reviews")
    wanted = ("audit", "my-reviews", "--json")
    begun = time.monotonic()
    found = calm.bench(*wanted).stdout
    assert _hunt(hunted, time.monotonic() - begun, wanted, forget=False) > 0
    assert hunted.bench(*wanted).stdout == found
    hunted.bench("verify")


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
        if forget:
            kept = [*(stage.home / "versions").glob("*/*"), *(stage.home / "cleaned").glob("*")]
            for path in kept:
                if moments.random() < 0.5:
                    path.rename(stage.root / f"aside-{time.monotonic_ns()}")
    return landed


def _scores(stage: Stage) -> list[tuple[object, ...]]:
    keys = ("dataset", "version", "model", "metric", "value", "low", "high", "n", "run_ids")
    return [tuple(str(cell[key]) for key in keys) for cell in stage.cells("my-reviews")]
