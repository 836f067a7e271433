"""Audits that a card asks for run in its build: their results are in the manifest, and a bound is a gate."""

import json

import pytest

from registry.audits import asked, kept
from registry.audits.checks.near import Near
from registry.audits.checks.ngrams import Ngrams
from registry.audits.finding import WORST
from registry.card import AuditSpec
from registry.errors import CardProblems, GateError
from tests.registry.audits.planted import many, prose, row, typos
from tests.registry.audits.published import publish
from tests.worlds import table

HASH = "split: {method: hash}\n"
LEAKY = [*many(40), *(row(900 + n, typos(prose(5 * n)), split="test") for n in range(8))]


def specs(**audits):
    return [AuditSpec(name=name, audit=audit) for name, audit in audits.items()]


def results(tmp_path, *wanted):
    version = publish(tmp_path, LEAKY)
    files = {name: version.split(name) for name in ("train", "validation", "test")}
    return asked.run(wanted, files, version.digest, tmp_path, "text-classification"), version


def test_what_was_found_is_plain_json_and_kept_in_full(tmp_path, monkeypatch):
    found, version = results(tmp_path, *specs(near=Near(threshold=0.8), ngrams=Ngrams()))
    assert json.loads(json.dumps(found)) == found
    assert list(found) == ["near", "ngrams"]
    assert found["near"]["parameters"] == {"audit": "near", "version": 2, "threshold": 0.8}
    assert found["near"]["found"] == len(found["near"]["worst"]) == 8 <= WORST
    version.split("test").unlink()
    assert kept.audited({"near": Near(threshold=0.8)}, version, tmp_path)["near"].found.height == 8


def test_nothing_asked_is_nothing_read(tmp_path):
    assert asked.run((), {}, "", tmp_path, "text-classification") == {}


def test_a_bound_is_a_gate_that_names_the_worst(tmp_path):
    found, _ = results(tmp_path, *specs(near=Near()))
    asked.enforce(specs(near=Near(at_most=8)), found, "mine.yaml")
    asked.enforce(specs(near=Near()), found, "mine.yaml")
    with pytest.raises(GateError, match=r"near found 8, the card allows 7; the worst: test r09.. and train") as error:
        asked.enforce(specs(near=Near(at_most=7)), found, "mine.yaml")
    assert error.value.where == "mine.yaml  audit"


def test_a_card_says_which_audits_it_wants(world):
    world.card(more="audit: [near, {ngrams: {words: 8, at_most: 0}}, {leaks: {skill: 0.6}}, noise, order]\n")
    near, ngrams, leaks, *others = world.catalog.dataset("mine").audit
    assert (near.name, near.audit) == ("near", Near())
    assert (ngrams.audit, leaks.audit.skill) == (Ngrams(words=8, at_most=0), 0.6)
    assert [one.name for one in others] == ["noise", "order"]


@pytest.mark.parametrize(
    ("audit", "expected"),
    [
        ("near", "must be a list of audits; write \\[near\\]"),
        ("[nera]", 'unknown audit "nera"; nearest: "near"'),
        ("[{near: {treshold: 0.7}}]", 'unknown key "treshold"; nearest: "threshold"'),
        ("[{near: {threshold: 0.2}}]", "must be at least 0.5"),
        ("[near, {near: {threshold: 0.9}}]", "near is asked for twice"),
    ],
)
def test_a_mistake_in_audit_is_told_at_its_line(world, audit, expected):
    world.card(more=f"audit: {audit}\n")
    with pytest.raises(CardProblems, match=expected):
        world.catalog.dataset("mine")


def built(world, more):
    rows = [*many(120), *(row(900 + n, typos(prose(n))) for n in range(40))]
    csv = table(*((one["id"], one["text"], one["label"]) for one in rows), header="id,text,label")
    return world.card(csv, more).build()


def test_a_build_publishes_what_the_audits_found(world):
    plain = built(world, HASH).published
    audited = built(world, HASH + "audit: [near, {ngrams: {share: 0.4}}]\n").published
    assert audited.digest == plain.digest
    assert audited.manifest["build_key"] != plain.manifest["build_key"]
    found = audited.manifest["audit"]["asked"]
    assert found["ngrams"]["parameters"]["share"] == 0.4
    assert found["near"]["found"] == kept.flagged(audited, world.home).height > 0
    assert "asked" not in plain.manifest["audit"]


def test_a_build_that_finds_more_than_its_card_allows_publishes_nothing(world):
    with pytest.raises(GateError, match="near found"):
        built(world, HASH + "audit: [{near: {at_most: 0}}]\n")
    assert not list(world.home.glob("versions/*/*"))
    allowed = built(world, HASH + "audit: [{near: {at_most: 50}}]\n")
    assert (
        allowed.published.manifest["build_key"]
        == built(world, HASH + "audit: [near]\n").published.manifest["build_key"]
    )
    with pytest.raises(GateError, match="near found"):
        built(world, HASH + "audit: [{near: {at_most: 0}}]\n")
