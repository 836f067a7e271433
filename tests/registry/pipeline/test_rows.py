"""From source files to rows: ids, keys, and data that cannot be what the card says."""

import hashlib

import polars as pl
import pytest

from registry.errors import UserError
from tests.worlds import plenty, table


def kept(built, split="test"):
    return pl.read_parquet(built.published.split(split))


def ledger(built):
    return {row["id"]: row for row in pl.read_parquet(built.published.folder / "ledger.parquet").iter_rows(named=True)}


def refusal(world, *card):
    with pytest.raises(UserError) as refused:
        world.card(*card).build()
    return str(refused.value)


def test_equal_rows_get_ids_with_a_number_after_them(world):
    built = world.card(table(("same", "good"), ("other", "bad"), ("same", "good"), ("same", "good"))).build()
    ids = kept(built).filter(pl.col("text") == "same")["id"].to_list()
    content = hashlib.sha256(b"row\x1fgood\x1fsame").hexdigest()[:16]
    assert sorted(ids) == [content, f"{content}-2", f"{content}-3"]


def test_a_derived_id_is_of_the_content_alone(world):
    one = kept(world.card(table(("a", "good"), ("b", "bad"))).build())
    two = kept(world.card(table(("x", "good"), ("b", "bad"), ("a", "good"))).build())
    assert dict(one.select("text", "id").rows()).items() <= dict(two.select("text", "id").rows()).items()


def test_a_declared_id_is_kept_as_it_is_written(world):
    built = world.card(table(("007", "a", "good"), ("7", "b", "bad"), header="id,text,label")).build()
    assert kept(built).select("id", "text").rows() == [("007", "a"), ("7", "b")]


def test_declared_ids_must_tell_rows_apart(world):
    said = refusal(world, table(("1", "a", "x"), ("1", "b", "y"), ("2", "c", "x"), header="id,text,label"))
    assert "in 2 rows it is repeated or missing ('1')" in said
    assert "Leave the column out of `select:`" in said


def test_a_missing_id_is_told_as_missing(world):
    more = "select: SELECT nullif(id, '') AS id, text, label FROM rows\n"
    said = refusal(world, table(("", "a", "x"), ("2", "b", "y"), header="id,text,label"), more)
    assert "in 1 row it is repeated or missing (None)" in said


def test_every_missing_column_is_told_at_once_with_the_nearest(world):
    said = refusal(world, table(("a", "x"), header="txt,lable"), "split: {method: hash, group: author}\n")
    assert 'no column "text"; nearest: "txt" (the task reads it). Columns: txt, lable.' in said
    assert 'no column "label"; nearest: "lable"' in said
    assert 'no column "author" (`split: group:` names it)' in said
    assert "SELECT review AS text, stars AS label FROM <source>" in said


def test_columns_that_nobody_asked_for_are_named_not_kept(world):
    built = world.card(table(("a", "x", "1"), ("b", "y", "2"), header="text,label,stars")).build()
    assert built.published.manifest["columns_left_out"] == ["stars"]
    assert kept(built).columns == ["id", "text", "label"]


def test_a_row_without_text_or_label_leaves_with_its_reason(world):
    lines = table(("", "x"), ("  \u3000", "x"), ("a", "x"), ("b", "y"), ("c", ""))
    built = world.card(lines, "select: SELECT text, nullif(label, '') AS label FROM rows\n").build()
    assert sorted((row["op"], row["reason"]) for row in ledger(built).values()) == [
        ("labels", "no label"),
        ("required", "no text"),
        ("required", "no text"),
    ]
    assert built.published.manifest["ledger"] == [["labels", "no label", 1], ["required", "no text", 2]]


def test_text_that_cleaning_empties_leaves_too(world):
    built = world.card(table(("&nbsp;", "x"), ("a", "x"), ("b", "y")), "clean: [unescape_html, whitespace]\n").build()
    assert [row["reason"] for row in ledger(built).values()] == ["no text"]


def test_a_row_without_a_group_cannot_be_kept_with_its_group(world):
    more = "select: SELECT text, label, nullif(who, '') AS who FROM rows\nsplit: {method: hash, group: who}\n"
    said = refusal(world, table(("a", "x", "me"), ("b", "y", ""), header="text,label,who"), more)
    assert 'the group column "who" has no value in 1 row' in said


def test_numbers_as_labels_and_text_are_taken_as_text(world):
    more = "select: SELECT text::INTEGER AS text, label::INTEGER AS label FROM rows\n"
    built = world.card(table(("1", "5"), ("2", "3")), more).build()
    assert kept(built).select("text", "label").sort("text").rows() == [("1", "5"), ("2", "3")]


def test_several_files_of_one_source_are_one_table(world):
    world.card().write({"data/a.csv": plenty(3), "data/b.csv": table(("x", "good"), ("y", "bad"))})
    card = (world.root / "cards/datasets/task/mine.yaml").read_text()
    world.write({"cards/datasets/task/mine.yaml": card.replace("data/mine.csv", "data/*.csv")})
    assert world.build().published.manifest["rows_read"] == 5


def test_files_of_one_source_with_other_columns_are_refused(world):
    world.card().write({"data/a.csv": "text,label\na,x\n", "data/b.csv": "text,stars\nb,y\n"})
    card = (world.root / "cards/datasets/task/mine.yaml").read_text()
    world.write({"cards/datasets/task/mine.yaml": card.replace("data/mine.csv", "data/*.csv")})
    with pytest.raises(UserError, match="The files of one source must have the same columns"):
        world.build()


def test_a_table_without_rows_is_told_as_such(world):
    assert "the rows that stay have none" in refusal(world, "text,label\n")


def test_what_a_select_leaves_out_is_counted_and_shown(world):
    more = "select: SELECT text, label FROM rows WHERE label <> 'bad'\nlabels: [bad, good]\n"
    manifest = world.card(plenty(10), more).build().published.manifest
    assert manifest["sources"]["rows"]["rows"] == 10
    assert manifest["sources"]["rows"]["left_out_by_select"] == 5
    assert manifest["rows_read"] == 5


@pytest.mark.parametrize("blank", ["", "  ", "\u3000"])
def test_a_blank_group_is_a_missing_one(world, blank):
    lines = table(("a", "x", "me"), ("b", "y", blank), ("c", "y", blank), header="text,label,who")
    said = refusal(world, lines, "split: {method: hash, group: who}\n")
    assert 'the group column "who" has no value in 2 rows' in said


@pytest.mark.parametrize(
    ("select", "told"),
    [
        ("[text] AS text, label", 'the column "text" holds List(String)'),
        ("text, {'l': label} AS label", "the column \"label\" holds Struct({'l': String})"),
        ("text, encode(label) AS label", 'the column "label" holds Binary'),
        ("[1, 2]::INTEGER[2] AS id, text, label", 'the column "id" holds Array(Int32, shape=(2,))'),
    ],
)
def test_lists_structs_and_bytes_are_not_taken_as_text(world, select, told):
    said = refusal(world, table(("a", "x"), ("b", "y")), f'select: "SELECT {select} FROM rows"\n')
    assert told in said
    assert "Take one value out of it in `select:`" in said


VOTED = """\
select: "SELECT text, {votes} AS ratings FROM rows"
annotation:
  question: q
  scale: {{min: 0, max: 5}}
  votes: ratings
  agreement: {{at_least: -1}}
  on_failure: warn
labels: {{from: {{bad: "aggregate < 2", good: "aggregate >= 2"}}}}
clean: [{{dedupe_exact: {{conflict: pool}}}}]
"""


def test_votes_of_a_fixed_number_are_votes(world):
    lines = table(("a", "1"), ("A", "3"), ("b", "5"))
    built = world.card(lines, VOTED.format(votes="[label::INTEGER, 3]::INTEGER[2]")).build()
    assert kept(built)["votes"].dtype == pl.List(pl.Int32)
    assert sorted(kept(built)["votes"].list.len().to_list()) == [2, 4]


def test_votes_that_are_text_are_told_with_the_cast(world):
    said = refusal(world, table(("a", "[1, 2]"), ("b", "[3]")), VOTED.format(votes="label"))
    assert 'votes must be lists of numbers; column "ratings" holds String' in said
    assert "ratings::INTEGER[] AS ratings" in said


def test_another_delimiter_is_recognised_in_the_message(world):
    world.card("text;label\n" + "".join(f"row {number};good\n" for number in range(5)))
    with pytest.raises(UserError, match="delimiter: ';'"):
        world.build()
