"""llama.cpp's own server beside the decoder family, on the one GGUF file that the shipped cards name."""

import socket
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from harness import weights
from harness.examples import Examples, Labels, Question, Texts
from harness.models.decoder import Decoder, DecoderRecipe
from harness.models.http import Http, HttpRecipe
from harness.spec import model_card
from registry import project
from registry.catalog import Catalog
from registry.progress import Silent
from registry.source import FetchContext

pytestmark = pytest.mark.live

NOTHING = Examples((), Labels(np.zeros(0, dtype=np.int64)))
QUESTIONS = (
    Question("Where does Anna live?", "Anna moved to Paris in 1999 and lives there."),
    Question("Who wrote the letter?", "The letter was written by Tom."),
)
SHORT = {"max_new_tokens": 8, "chat": False}


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    card = model_card(Catalog(project.at(project.shipped())), "smollm2-zero-shot")
    home = tmp_path_factory.mktemp("home")
    return weights.fetch(card.weights, FetchContext(home, home, False, Silent())).folder


@pytest.fixture(scope="module")
def server(model: Path) -> Iterator[str]:
    import xllamacpp

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    wanted = xllamacpp.CommonParams()
    wanted.model.path, wanted.port = str(model), port
    wanted.n_ctx, wanted.n_parallel, wanted.cpuparams.n_threads = 1024, 2, 1
    running = xllamacpp.Server(wanted)
    yield f"{running.listening_address}/v1"
    del running


@pytest.mark.parametrize("api", ["chat", "completions"])
def test_a_real_server_answers_and_counts(server, setting, api, tmp_path):
    recipe = HttpRecipe(url=server, model="smollm2", api=api, max_tokens=8, timeout_s=120, concurrency=2)
    asked = Http(recipe, setting(task="question-answering", labels=(), cache=tmp_path, weights=None))
    asked.fit(NOTHING, NOTHING)
    assert isinstance(asked.predict(QUESTIONS), Texts)
    assert asked.found()["asked_answers"] == 2
    assert 0 < asked.found()["generated_tokens"] <= 16
    assert asked.found()["prompt_tokens"] > 50


def test_both_runtimes_write_the_same(server, model, setting, tmp_path):
    recipe = HttpRecipe(url=server, model="smollm2", api="completions", max_tokens=8, timeout_s=120)
    asked = Http(recipe, setting(task="question-answering", labels=(), cache=tmp_path, weights=None))
    asked.fit(NOTHING, NOTHING)
    local = Decoder(DecoderRecipe(**SHORT), setting(task="question-answering", labels=(), weights=model))
    local.fit(NOTHING, NOTHING)
    assert local.predict(QUESTIONS).texts == asked.predict(QUESTIONS).texts == ("Paris", "Tom")
