"""Results that are kept save work and are never trusted: whatever is wrong with one, it is made anew."""

import pytest

from registry.audits import kept
from registry.audits.checks.near import Near
from registry.audits.checks.ngrams import Ngrams
from registry.identity import audited as identity
from tests.registry.audits.planted import many, prose, row, typos
from tests.registry.audits.published import publish

LEAKY = [*many(40), row(900, typos(prose(0)), split="test"), row(901, prose(7000, 27) + " " + prose(5), split="test")]


@pytest.fixture
def leaky(tmp_path):
    return publish(tmp_path, LEAKY)


def near(version, home):
    return kept.audited({"near": Near()}, version, home)["near"].found


def test_a_result_is_read_back(leaky, tmp_path):
    first = near(leaky, tmp_path)
    assert first["id"].to_list() == ["r0900"]
    leaky.split("test").unlink()
    assert near(leaky, tmp_path).equals(first)


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: "",
        lambda text: text[: len(text) // 2],
        lambda text: "[]",
        lambda text: text.replace('"near"', '"nearer"', 1),
        lambda text: text.replace('"r0900"', '"r0901"'),
        lambda text: "\x00" * 40,
    ],
)
def test_a_damaged_result_is_made_anew(leaky, tmp_path, damage):
    first = near(leaky, tmp_path)
    (path,) = (tmp_path / "audits").iterdir()
    sound = path.read_text(encoding="utf-8")
    path.write_text(damage(sound), encoding="utf-8")
    assert near(leaky, tmp_path).equals(first)
    assert path.read_text(encoding="utf-8") == sound


def test_a_result_of_other_parameters_or_of_another_version_is_not_taken(leaky, tmp_path):
    near(leaky, tmp_path)
    assert kept.remembered(tmp_path, identity("near", Near(threshold=0.9)), leaky.digest) is None
    assert kept.remembered(tmp_path, identity("near", Near()), "0" * 64) is None
    assert kept.remembered(tmp_path, identity("near", Near(at_most=3)), leaky.digest) is not None


def test_flagged_says_which_test_rows_are_not_clean_and_why(leaky, tmp_path):
    assert kept.flagged(leaky, tmp_path) is None, "nobody looked"
    kept.audited({"near": Near(), "ngrams": Ngrams()}, leaky, tmp_path)
    found = kept.flagged(leaky, tmp_path)
    assert found.select("id", "reason", "other").rows() == [("r0900", "near", "r0000"), ("r0901", "ngrams", "r0005")]


def test_flagged_goes_by_what_the_card_asked_for(tmp_path):
    near = {"parameters": {"audit": "near", "version": 1, "threshold": 0.99}}
    version = publish(tmp_path, LEAKY, near=near)
    kept.audited({"near": Near()}, version, tmp_path)
    assert kept.flagged(version, tmp_path).rows() == []


def test_a_clean_version_has_no_row_flagged(tmp_path):
    version = publish(tmp_path, many(20))
    kept.audited({"near": Near()}, version, tmp_path)
    assert kept.flagged(version, tmp_path).rows() == []
