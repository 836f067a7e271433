"""The encoder family on a toy network: learning, repeatability, order, odd texts, and what it refuses."""

import hashlib
import json
import shutil
import socket
from pathlib import Path

import numpy as np
import pytest

from harness.device import Device
from harness.examples import Examples, Labels, Pair
from harness.models.encoder import Encoder, EncoderRecipe
from harness.training.tokenize import tokenise
from registry.errors import UserError
from tests.tiny_encoder import FILLER

QUICK = {"epochs": 4, "learning_rate": 5e-3, "tokens_per_batch": 256}
NOTHING = Examples((), Labels(np.zeros(0, dtype=np.int64)))
ODD = ("", "good " * 20_000, "a\x00b", "lone \ud800 surrogate", "好", " \n\t ", "bad")


def fingerprint(model: Encoder) -> str:
    state = model.ready.network.state_dict()
    return hashlib.sha256(b"".join(value.numpy().tobytes() for value in state.values())).hexdigest()


def fitted(setting, toy, seed: int = 7, **recipe) -> Encoder:
    model = Encoder(EncoderRecipe(**{**QUICK, **recipe}), setting(seed=seed))
    model.fit(toy(120, 1), toy(40, 2))
    return model


@pytest.mark.parametrize("recipe", [{}, {"pooling": "cls"}, {"precision": "bf16"}, {"dropout": 0.1}])
def test_it_learns_which_word_decides(setting, toy, recipe):
    model = Encoder(EncoderRecipe(**QUICK, **recipe), setting())
    found = model.fit(toy(300, 1), toy(60, 2))
    test = toy(80, 3)
    assert (model.predict(test.inputs).labels == test.answers.labels).mean() > 0.95
    assert found.facts["loss"][-1] < found.facts["loss"][0]
    assert json.loads(json.dumps(found.facts)) == found.facts


def test_the_same_seed_gives_the_same_bytes_and_another_seed_does_not(setting, toy):
    one, two, other = (fitted(setting, toy, seed, dropout=0.1) for seed in (7, 7, 8))
    assert fingerprint(one) == fingerprint(two) != fingerprint(other)


def test_the_random_state_of_the_process_is_left_alone(setting, toy):
    import torch

    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    fitted(setting, toy, epochs=1, dropout=0.1)
    assert torch.equal(torch.rand(3), expected)


def test_a_probe_trains_its_head_only(setting, toy):
    model = Encoder(EncoderRecipe(method="probe", C=1.0), setting())
    found = model.fit(toy(300, 1), toy(60, 2))
    test = toy(80, 3)
    assert found.trainable_parameters == 32 * 2 + 2 < found.total_parameters
    assert (model.predict(test.inputs).labels == test.answers.labels).mean() > 0.9


def test_full_training_counts_what_can_change(setting, toy):
    found = Encoder(EncoderRecipe(**QUICK), setting()).fit(toy(30, 1), NOTHING)
    pooler = 32 * 32 + 32
    assert found.trainable_parameters == found.total_parameters - pooler
    assert found.facts["validation_accuracy"] == []
    assert found.facts["best_epoch"] == QUICK["epochs"]


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_predictions_come_in_the_order_of_the_texts(setting, toy, precision):
    model = fitted(setting, toy, precision=precision)
    texts = toy(15, 4).inputs
    together = model.predict(texts).probabilities
    alone = np.concatenate([model.predict((text,)).probabilities for text in texts])
    np.testing.assert_allclose(together, alone, atol=2e-2 if precision == "bf16" else 1e-5)
    assert together.dtype == np.float32
    np.testing.assert_allclose(together.sum(axis=1), 1, atol=1e-5)


def test_odd_texts_are_read_and_cut_texts_counted(setting):
    model = Encoder(EncoderRecipe(**QUICK), setting())
    found = model.fit(Examples(ODD, Labels(np.array([0, 1, 0, 1, 0, 1, 0]))), NOTHING)
    prediction = model.predict(ODD)
    assert found.facts["cut_texts"] == model.found()["predicted_cut_texts"] == 1
    assert np.isfinite(prediction.probabilities).all()
    assert model.predict(()).probabilities.shape == (0, 2)


def test_training_texts_with_one_label_only(setting, toy):
    train = toy(40, 1)
    for recipe in (EncoderRecipe(**QUICK), EncoderRecipe(method="probe")):
        model = Encoder(recipe, setting(labels=("a", "b", "c")))
        model.fit(Examples(train.inputs, Labels(np.ones(40, dtype=np.int64))), NOTHING)
        prediction = model.predict(train.inputs)
        assert set(prediction.labels) == {1}
        assert prediction.probabilities.shape == (40, 3)


def test_divergence_says_where(setting, toy):
    from harness.training.loop import TrainingDiverged

    model = Encoder(EncoderRecipe(epochs=3, learning_rate=1e30, tokens_per_batch=128), setting())
    with pytest.raises(TrainingDiverged, match=r"epoch 1, step \d+, learning rate") as caught:
        model.fit(toy(100, 1), NOTHING)
    assert caught.value.step >= 1
    assert caught.value.learning_rate > 0


def test_the_best_epoch_is_kept_and_patience_ends_training(setting, toy, monkeypatch):
    from harness.training.heads.labels import LabelsHead

    scores = iter([0.4, 0.6, 0.6, 0.5, 0.9])
    monkeypatch.setattr(LabelsHead, "quality", lambda *_: next(scores))
    train = toy(60, 1)
    stopped = Encoder(EncoderRecipe(**{**QUICK, "epochs": 5}, patience=2), setting())
    found = stopped.fit(train, toy(10, 2))
    assert (found.facts["best_epoch"], found.facts["epochs"]) == (2, 4)
    # Going back means the weights after epoch 2 of the same five-epoch plan.
    scores = iter([0.4, 0.6, 0.1, 0.1, 0.1])
    whole = Encoder(EncoderRecipe(**{**QUICK, "epochs": 5}), setting())
    whole.fit(train, toy(10, 2))
    assert fingerprint(stopped) == fingerprint(whole)


def test_training_used_rows_only_equals_training_the_whole_table(setting, toy, monkeypatch):
    from harness.training import loop

    shrunk = fitted(setting, toy, weight_decay=0.0)
    monkeypatch.setattr(loop, "shrink", lambda *_: None)
    whole = fitted(setting, toy, weight_decay=0.0)
    pairs = zip(shrunk.ready.network.parameters(), whole.ready.network.parameters(), strict=True)
    for one, other in pairs:
        np.testing.assert_allclose(one.detach().numpy(), other.detach().numpy(), atol=1e-4)


def test_no_socket_is_opened(setting, toy, monkeypatch):
    def refuse(*_: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    fitted(setting, toy, epochs=1)


def test_what_the_machine_decides_is_resolved():
    resolve = Encoder.resolve
    assert resolve(EncoderRecipe(), Device("cpu", "bf16"))["precision"] == "bf16"
    assert resolve(EncoderRecipe(precision="fp32"), Device("cuda", "bf16"))["precision"] == "fp32"
    assert "tokens_per_batch" not in resolve(EncoderRecipe(method="probe"), Device("cpu", "fp32"))


@pytest.mark.parametrize("recipe", [{"method": "probe", "epochs": 5}, {"C": 2.0}, {"epochs": 0}])
def test_a_recipe_without_effect_is_refused(recipe):
    with pytest.raises(ValueError, match=r"no effect|greater than"):
        EncoderRecipe(**recipe)


def _without(weights: Path, tmp_path: Path, *names: str) -> Path:
    folder = shutil.copytree(weights, tmp_path / "copy")
    for name in names:
        (folder / name).unlink(missing_ok=True)
    return folder


@pytest.mark.parametrize(
    ("missing", "told"),
    [
        (["model.safetensors"], "lacks model.safetensors"),
        (["config.json"], "lacks config.json"),
        (["tokenizer.json", "vocab.txt"], "lacks a tokenizer"),
    ],
)
def test_a_folder_that_lacks_a_file(weights, tmp_path, setting, toy, missing, told):
    folder = _without(weights, tmp_path, *missing)
    with pytest.raises(UserError, match=told):
        Encoder(EncoderRecipe(), setting(weights=folder)).fit(toy(10, 1), NOTHING)


def test_pickled_weights_are_refused_unread(weights, tmp_path, setting, toy):
    folder = _without(weights, tmp_path, "model.safetensors")
    (folder / "pytorch_model.bin").write_bytes(b"not even a pickle")
    with pytest.raises(UserError, match="safetensors is needed"):
        Encoder(EncoderRecipe(), setting(weights=folder)).fit(toy(10, 1), NOTHING)


def test_torn_and_unfitting_weights_are_told(weights, tmp_path, setting, toy):
    folder = _without(weights, tmp_path)
    whole = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UserError, match="cannot be loaded"):
        Encoder(EncoderRecipe(), setting(weights=folder)).fit(toy(10, 1), NOTHING)
    (folder / "model.safetensors").write_bytes(whole)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "num_hidden_layers": 3}))
    with pytest.raises(UserError, match=r"do not fit their configuration: 16 tensors missing"):
        Encoder(EncoderRecipe(), setting(weights=folder)).fit(toy(10, 1), NOTHING)


def test_code_in_a_folder_is_not_run(weights, tmp_path, setting, toy):
    folder = _without(weights, tmp_path)
    (folder / "evil.py").write_text("raise SystemExit('ran')")
    config = json.loads((folder / "config.json").read_text())
    config |= {"model_type": "evil", "auto_map": {"AutoModel": "evil.Evil", "AutoConfig": "evil.Config"}}
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(UserError, match="cannot be loaded"):
        Encoder(EncoderRecipe(), setting(weights=folder)).fit(toy(10, 1), NOTHING)


def test_no_weights_and_no_rows_are_told(setting, toy):
    with pytest.raises(UserError, match="needs weights"):
        Encoder(EncoderRecipe(), setting(weights=None)).fit(toy(10, 1), NOTHING)
    with pytest.raises(UserError, match="needs training rows"):
        Encoder(EncoderRecipe(), setting()).fit(NOTHING, NOTHING)


def test_a_pair_is_read_as_two_texts(setting):
    """Which of the two texts holds the word decides; one text made of both could not tell it."""
    rng = np.random.default_rng(3)
    gold = rng.integers(0, 2, 300)
    sides = [("good", "bad") if label else ("bad", "good") for label in gold]
    texts = tuple(Pair(f"{rng.choice(FILLER)} {one}", f"{other} {rng.choice(FILLER)}") for one, other in sides)
    model = Encoder(EncoderRecipe(**QUICK), setting())
    model.fit(Examples(texts[:240], Labels(gold[:240])), Examples(texts[240:270], Labels(gold[240:270])))
    assert (model.predict(texts[270:]).labels == gold[270:]).mean() > 0.95


def test_the_second_text_of_a_pair_is_told_from_the_first(weights):
    from transformers import AutoTokenizer

    pairs = (Pair("good", "bad bad"), Pair("good " * 50, "bad"))
    tokens = tokenise(AutoTokenizer.from_pretrained(weights), pairs, 12, types=True)
    first = tokens.batch(np.array([0]))
    assert first.types.tolist() == [[0, 0, 0, 1, 1, 1]]
    assert tokens.lengths.tolist() == [6, 12]
    assert tokens.cut_texts == 1
    assert tokens.batch(np.array([0, 1])).types[0].tolist() == [0, 0, 0, 1, 1, 1, *[0] * 6]


def test_without_validation_rows_patience_ends_nothing_and_the_last_epoch_counts(setting, toy):
    pairs = Examples(tuple(Pair(text, text) for text in toy(30, 1).inputs), toy(30, 1).answers)
    for train in (toy(30, 1), pairs):
        found = Encoder(EncoderRecipe(**QUICK, patience=1), setting()).fit(train, NOTHING)
        assert (found.facts["epochs"], found.facts["best_epoch"]) == (4, 4)
