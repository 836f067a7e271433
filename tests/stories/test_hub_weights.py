"""A checkpoint from the hub: fetched once by the real client from a stand-in server, then used offline."""

import json
from pathlib import Path

import pytest

from tests import tiny_encoder
from tests.servers.model_hub import COMMIT, ModelHub
from tests.stories.conftest import BAD, GOOD, Stage

CARD = """name: hub-encoder
title: An encoder from the hub
family: encoder
weights: {hub: someone/tiny}
recipe: {method: probe}
"""
RUN = ("run", "my-reviews", "--models", "hub-encoder")


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    folder = tiny_encoder.save(tmp_path / "tiny", ["the", "was", "said", *GOOD, *BAD])
    (folder / "pytorch_model.bin").write_bytes(b"a pickle that must never be fetched")
    return folder


def test_a_checkpoint_is_fetched_once_and_then_used_offline(stage: Stage, checkpoint: Path) -> None:
    stage.write("cards/models/hub-encoder.yaml", CARD)
    with ModelHub("someone/tiny", checkpoint) as hub:
        stage.bench(*RUN, HF_ENDPOINT=hub.url)
        assert any("model.safetensors" in request for request in hub.requests)
        assert not any("pytorch_model.bin" in request for request in hub.requests)
    planned = json.loads(stage.bench("plan", "my-reviews", "--models", "hub-encoder", "--json").stdout)
    assert [row["state"] for row in planned] == ["recorded"]
    assert "nothing to do" in stage.bench(*RUN, "--offline").stderr


def test_an_unknown_checkpoint_and_a_missing_network_are_told_plainly(stage: Stage, checkpoint: Path) -> None:
    stage.write("cards/models/hub-encoder.yaml", CARD.replace("someone/tiny", "someone/else"))
    with ModelHub("someone/tiny", checkpoint) as hub:
        told = stage.bench(*RUN, code=2, HF_ENDPOINT=hub.url).stderr
    assert "someone/else" in told
    assert "someone/else" in stage.bench(*RUN, "--offline", code=2).stderr
    assert COMMIT not in told
