"""Documents beside the rows: what they must be, that rows name none that is lacking, and that they count as content."""

import polars as pl
import pytest

from registry.answers import with_label
from registry.errors import GateError, UserError
from registry.versions.integrity import version_flaws

CARD = """\
name: finding
title: Questions and the pages that answer them
kind: task
languages: [en]
license: {{spdx: CC0-1.0}}
task: retrieval
sources:
  queries: {{local: data/queries.csv}}
  pages: {{local: data/pages.csv}}
select: SELECT id, text, string_split(pages, ' ') AS relevant FROM queries
collection: {collection}
split: {{method: all-test}}
"""
QUERIES = "id,text,pages\nq1,where is it,p1\nq2,what is it,p2 p3\n"
PAGES = "page,body\np3,three\np1,one\np2,two\n"


def finding(world, collection="SELECT page AS id, body AS text FROM pages", queries=QUERIES, pages=PAGES):
    card = CARD.format(collection=collection)
    files = {"cards/datasets/task/finding.yaml": card, "data/queries.csv": queries, "data/pages.csv": pages}
    return world.write(files)


def refusal(world, **changes) -> str:
    with pytest.raises(UserError) as refused:
        finding(world, **changes).build("finding")
    return str(refused.value)


def test_documents_are_published_in_order_of_id_beside_the_splits(world):
    version = finding(world).build("finding").published
    assert version.read("collection").rows() == [("p1", "one"), ("p2", "two"), ("p3", "three")]
    assert version.manifest["collection"] == {"rows": 3}
    rows = version.read("test")
    assert rows["relevant"].to_list()[1] == [{"document": "p2", "grade": 1}, {"document": "p3", "grade": 1}]
    assert version_flaws(version.folder) == []


def test_another_document_is_another_version_and_other_order_is_not(world):
    before = finding(world).build("finding").published.digest
    assert finding(world, pages="page,body\np1,one\np2,two\np3,three\n").build("finding").published.digest == before
    assert finding(world, pages=PAGES + "p4,four\n").build("finding").published.digest != before


def test_a_row_that_names_an_unknown_document_stops_the_build(world):
    said = refusal(world, queries=QUERIES + "q3,who,p9\n")
    assert "1 row names documents that the collection does not have (p9)" in said
    assert "Join with the documents in `select:`" in said


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"collection": "SELECT page AS id FROM pages"}, "no column text. Columns: id."),
        ({"pages": PAGES + "p1,again\n"}, "1 id of several documents (p1)"),
        ({"pages": PAGES + 'p4,""\n'}, "1 document without an id or a text (p4)"),
        ({"collection": "SELECT page AS id, body AS text FROM pages WHERE false"}, "yields no document"),
        ({"collection": "SELECT page AS id, body AS text FROM nowhere"}, "nowhere"),
    ],
)
def test_what_is_no_collection_is_told(world, changes, told):
    said = refusal(world, **changes)
    assert told in said
    assert "collection" in said


def test_source_rows_that_either_query_reads_are_not_left_out(world):
    manifest = finding(world).build("finding").published.manifest
    assert {name: facts["left_out_by_select"] for name, facts in manifest["sources"].items()} == {
        "queries": 0,
        "pages": 0,
    }


def test_a_damaged_collection_is_noticed(world):
    version = finding(world).build("finding").published
    pl.DataFrame({"id": ["p1"], "text": ["else"]}).write_parquet(version.split("collection"))
    with pytest.raises(UserError, match=r"collection\.parquet was changed"):
        version.read("collection")
    flaws = [flaw.what for flaw in version_flaws(version.folder)]
    assert "collection.parquet was changed after it was published" in flaws


def test_judgements_are_shown_as_text_to_what_compares_rows(world):
    rows = with_label(finding(world).build("finding").published.read("test"), "retrieval")
    assert rows["label"].to_list()[0] == '[{"document":"p1","grade":1}]'
    assert "relevant" not in rows.columns


def test_the_lock_notices_another_collection(world):
    finding(world).build("finding")
    finding(world, pages=PAGES + "p4,four\n")
    changes = world.build("finding").changes
    assert any("pages" in change.text for change in changes)
    assert not isinstance(changes, GateError)
