"""Descriptions in which any part may be anything: the import writes a card or says what is wrong, and nothing else."""

import json
from pathlib import PurePosixPath

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.errors import UserError
from registry.infer.draft import written
from registry.interchange import croissant_tables, from_croissant, from_hub, jsonld
from registry.interchange.croissant_tables import DocumentPlace
from registry.interchange.from_hub import Repository
from registry.interchange.importing import Found, Wish, drafted
from registry.yamlsource import parse
from tests.registry.interchange.documents import NEWS, README

PLACE = DocumentPlace(PurePosixPath("in"), PurePosixPath("data/in"))
FRONT = yaml.safe_load(README.format(license="mit").split("---\n")[1])
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["@id", "name", "x"]), inner, max_size=3)
    ),
    max_leaves=5,
)


def paths(node, here=()):
    """The way to every part of a document."""
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, inner in children:
        yield (*here, key)
        yield from paths(inner, (*here, key))


def changed(node, path, value):
    copy = json.loads(json.dumps(node))
    inner = copy
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return copy


@st.composite
def broken(draw, document):
    """The document with one or two parts replaced by anything."""
    for _ in range(draw(st.integers(1, 2))):
        document = changed(document, draw(st.sampled_from(list(paths(document)))), draw(values))
    return document


@pytest.fixture
def file(tmp_path):
    return tmp_path / "description"


@settings(max_examples=100)
@given(document=broken(NEWS))
def test_any_croissant_document_becomes_a_card_or_one_error(file, document):
    file.write_text(json.dumps(document), encoding="utf-8")
    try:
        read = jsonld.read(file)
        facts = from_croissant.facts(read)
        tables, remarks = croissant_tables.tables(read, PLACE)
        draft, _ = drafted(Found(facts.name, facts.keys, tables, "", [*facts.remarks, *remarks]), Wish(name="x"))
    except UserError:
        return
    assert parse(written(draft), "card").data["name"] == "x"


@settings(max_examples=100)
@given(front=broken(FRONT))
def test_any_front_matter_becomes_a_card_or_one_error(file, front):
    file.write_text(f"---\n{yaml.safe_dump(front, allow_unicode=True)}---\nText.\n", encoding="utf-8")
    whose = Repository("acme/shop")
    try:
        readme = from_hub.read(file)
        keys, remarks = from_hub.facts(readme, whose)
        tables, more = from_hub.tables(readme, whose, PLACE)
        draft, _ = drafted(Found("x", keys, tables, from_hub.task(readme.front), [*remarks, *more]), Wish(name="x"))
    except UserError:
        return
    assert parse(written(draft), "card").data["name"] == "x"
