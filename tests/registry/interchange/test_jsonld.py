"""JSON-LD from elsewhere: read without its context, without a network, and not at any price."""

import json

import pytest

from registry.errors import UserError
from registry.interchange import jsonld

DATASET = {"@type": "sc:Dataset", "name": "n", "recordSet": [{"@id": "r", "field": []}]}


@pytest.fixture
def write(tmp_path):
    def make(content):
        path = tmp_path / "croissant.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return path

    return make


@pytest.mark.parametrize(
    "written",
    [
        DATASET,
        {"@context": "https://schema.org/docs/jsonldcontext.jsonld", **DATASET},
        {"@type": "https://schema.org/Dataset", "sc:name": "n", "cr:recordSet": [{"@id": "r", "cr:field": []}]},
        {
            "@type": ["http://schema.org/Dataset"],
            "http://schema.org/name": {"@value": "n"},
            "http://mlcommons.org/croissant/recordSet": [{"@id": "r", "http://mlcommons.org/croissant/field": []}],
        },
        {
            "@context": {"c": "http://mlcommons.org/croissant/", "rows": "c:recordSet", "fld": {"@id": "c:field"}},
            "@type": "sc:Dataset",
            "name": {"en": "n", "fr": "m"},
            "rows": [{"@id": "r", "fld": []}],
        },
        {"@graph": [{"@type": "sc:Person", "name": "p"}, DATASET]},
    ],
)
def test_one_meaning_has_many_spellings(write, written):
    read = jsonld.read(write(written))
    assert jsonld.text(read["name"]) == "n"
    assert read["recordSet"] == [{"@id": "r", "field": []}]


def test_inline_records_are_left_as_they_are(write):
    rows = [{"labels/name": "a", "sc:name": {"@id": "x"}}]
    read = jsonld.read(write({**DATASET, "recordSet": {"@id": "labels", "cr:data": rows}}))
    assert read["recordSet"]["data"] == rows


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "is not JSON"),
        ("[]", "describes no dataset"),
        ("7", "describes no dataset"),
        ('{"@type": "sc:Person"}', "describes no dataset"),
        ('{"@type": "sc:Dataset", "name": "a", "name": "b"}', 'the key "name" occurs twice'),
        ('{"@type": "sc:Dataset", "version": NaN}', "NaN is no JSON value"),
        ('{"@type": "sc:Dataset", "a": ' * 70 + "1" + "}" * 70, "nested deeper"),
        ('{"a": ' * 200_000, "is not JSON"),
        (f'{{"@type": "sc:Dataset", "version": {"9" * 5000}}}', "is not JSON"),
    ],
)
def test_what_is_no_description_is_one_user_error(write, content, said):
    with pytest.raises(UserError, match=said):
        jsonld.read(write(content))


def test_a_huge_file_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "croissant.json"
    with path.open("wb") as file:
        file.truncate(jsonld.MOST_BYTES + 1)
    with pytest.raises(UserError, match="a description has at most"):
        jsonld.read(path)


def test_bytes_that_are_no_text_and_files_that_are_not_there(tmp_path):
    (tmp_path / "x.json").write_bytes(b'{"name": "\xff"}')
    with pytest.raises(UserError, match="not UTF-8"):
        jsonld.read(tmp_path / "x.json")
    with pytest.raises(UserError, match="cannot be read"):
        jsonld.read(tmp_path / "y.json")
