"""The families that tag tokens: what each learns, and what it refuses."""

import tempfile
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from harness.device import Device
from harness.examples import Examples, Tags, Tokens
from harness.model import Setting
from harness.models.crf import Crf, CrfRecipe
from harness.models.frequent_tag import FrequentTag
from harness.models.gazetteer import Gazetteer, GazetteerRecipe
from registry.errors import UserError
from registry.progress import Silent

NAMES = ("O", "B-PER", "I-PER", "B-LOC")
WORDS = ("B", "M", "E", "S")
NOTHING = Examples((), Tags(()))


def setting(labels):
    device = Device("cpu", "fp32")
    return Setting("token-classification", labels, ("en",), seed=1, device=device, progress=Silent())


def tagged(labels, *sentences):
    """Examples from `word/tag` items."""
    items = [[item.rsplit("/", 1) for item in sentence.split()] for sentence in sentences]
    tags = tuple(np.array([labels.index(tag) for _, tag in row], dtype=np.int64) for row in items)
    return Examples(tuple(Tokens(tuple(word for word, _ in row)) for row in items), Tags(tags))


def fitted(family, labels, *sentences, recipe=None):
    model = family(recipe or family.Recipe(), setting(labels))
    model.fit(tagged(labels, *sentences), NOTHING)
    return model


def answers(model, *texts):
    found = model.predict(tuple(Tokens(tuple(text.split())) for text in texts))
    assert all(tags.dtype == np.int64 for tags in found.tags)
    return [" ".join(model.setting.labels[tag] for tag in tags) for tags in found.tags]


def characters(text):
    return " ".join(text)


def test_a_word_has_its_most_frequent_tag_and_an_unknown_one_the_usual():
    model = fitted(FrequentTag, NAMES, "Paris/B-LOC is/O may/O", "Paris/B-LOC May/B-PER may/O", "Paris/B-PER it/O")
    assert answers(model, "Paris May may", "PARIS MAY elsewhere", "") == ["B-LOC B-PER O", "B-LOC O O", ""]


def test_of_equally_frequent_tags_the_first_of_the_card_is_taken():
    assert answers(fitted(FrequentTag, NAMES, "May/B-LOC", "May/B-PER"), "May other") == ["B-PER B-PER"]


def test_the_gazetteer_finds_the_longest_name_as_it_was_tagged():
    train = ("New/B-LOC is/O", "John/B-PER Smith/I-PER of/O Smith/B-LOC", "of/O it/O")
    model = fitted(Gazetteer, NAMES, *train)
    assert answers(model, "of New John Smith", "Smith John", "new") == ["O B-LOC B-PER I-PER", "B-LOC O", "O"]


def test_words_that_are_seldom_a_name_are_no_name():
    train = ("will/O go/O", "will/O", "Will/B-PER will/O", "go/B-PER go/O go/O")
    assert answers(fitted(Gazetteer, NAMES, *train), "Will will go") == ["B-PER O O"]
    trusting = fitted(Gazetteer, NAMES, *train, recipe=GazetteerRecipe(least_share=0))
    assert answers(trusting, "Will will go") == ["B-PER O B-PER"]


def test_of_segmented_texts_the_gazetteer_takes_the_longest_words():
    model = fitted(Gazetteer, WORDS, "中/B 国/E 人/B 民/E", "中/S 国/B 人/E 民/S", "中/B 国/E")
    assert answers(model, characters("中国人民"), characters("民国")) == ["B E B E", "S S"]


def test_the_gazetteer_makes_no_sense_of_parts_of_speech():
    assert "tags that mark entities" in Gazetteer.unfit(("NN", "VB"))
    assert Gazetteer.unfit(NAMES) is Gazetteer.unfit(WORDS) is None


def test_the_crf_learns_from_what_stands_around_a_word():
    train = [f"Mr./O {name}/B-PER lives/O in/O {town}/B-LOC" for name, town in zip("ABCDEFGH", "STUVWXYZ", strict=True)]
    model = fitted(Crf, NAMES, *train, *train)
    assert answers(model, "Mr. Nobody lives in Nowhere", "") == ["O B-PER O O B-LOC", ""]


def test_the_crf_reads_chinese_by_characters():
    train = [f"我/S 在/S {town[0]}/B {town[1]}/E 。/S" for town in ("北京", "上海", "广州", "南京", "天津")]
    model = Crf(CrfRecipe(), setting(WORDS))
    assert model.fit(tagged(WORDS, *train), NOTHING).facts["characters"]
    assert answers(model, characters("我在武汉。")) == ["S S B E S"]


def test_the_crf_gives_the_same_weights_twice_and_leaves_no_file(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    train = tagged(NAMES, "Ann/B-PER Lee/I-PER went/O", "to/O Rome/B-LOC", "Lee/B-PER\u2028x/O a:b/O 名/O")
    models = [Crf(CrfRecipe(), setting(NAMES)) for _ in range(2)]
    weights = [model.fit(train, NOTHING).trainable_parameters for model in models]
    one, other = (model.tagger.info() for model in models)
    assert weights == [len(one.state_features) + len(one.transitions)] * 2
    assert one.state_features == other.state_features
    assert one.transitions == other.transitions
    assert not list(Path(tmp_path).iterdir())


def test_the_crf_tells_each_iteration():
    steps = []

    class Listening(Silent):
        @contextmanager
        def step(self, *told):
            steps.append([*told, 0])
            yield self

        def advance(self, amount=1):
            steps[-1][-1] += amount

    model = Crf(CrfRecipe(max_iterations=3), replace(setting(NAMES), progress=Listening()))
    found = model.fit(tagged(NAMES, "Ann/B-PER went/O", "to/O Rome/B-LOC"), NOTHING)
    assert steps == [["train", 3, "iterations", 3]]
    assert found.facts["steps"] == 3


def test_the_crf_learns_from_a_single_token_and_from_one_tag():
    assert answers(fitted(Crf, NAMES, "a/O"), "a b") == ["O O"]
    assert answers(fitted(Crf, NAMES, "", "a/O b/O", "a/O"), "a b c", "") == ["O O O", ""]


@pytest.mark.parametrize("family", [FrequentTag, Gazetteer, Crf])
def test_without_training_rows_there_is_nothing_to_learn(family):
    with pytest.raises(UserError, match="needs training rows"):
        family(family.Recipe(), setting(NAMES)).fit(NOTHING, NOTHING)
