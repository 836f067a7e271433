"""`bench why`: the story of a row from its source line to its split, told from the sources as they lie there."""

import json
import re

import polars as pl
import pytest

from harness.inspect.why import explain, lines
from harness.workspace import Workspace
from registry.errors import UserError
from registry.versions import tags
from tests.worlds import World, plenty, table

HASH = "split: {method: hash, seed: 5}\n"
CLEAN = "clean: [unescape_html, whitespace, {length: {min_chars: 3}}, dedupe_exact]\n"


def story(world: World, row: str, dataset: str = "") -> dict:
    (found,) = explain(row, dataset, Workspace(world.catalog, offline=True))
    return found


def told(world: World, row: str) -> str:
    return "\n".join(lines(story(world, row)))


def versions(world: World) -> list[dict]:
    return explain("r08", "mine", Workspace(world.catalog, offline=True))


@pytest.fixture
def cleaned(world: World) -> World:
    rows = [(f"r{n:02d}", f"remark number {n}", ("bad", "good")[n % 2]) for n in range(60)]
    rows[7] = ("r07", "this\nand  that &amp;", "good")
    rows[9] = ("r09", "hm", "good")
    rows[11] = ("r11", "Remark  number 13", "good")
    world.card(table(*rows, header="id,text,label"), CLEAN + HASH).build()
    return world


def test_a_row_that_stayed_is_followed_from_its_line_to_its_split(cleaned):
    found = story(cleaned, "r08")
    # The row before it spans two lines.
    assert found["places"] == [{"source": "rows", "file": "data/mine.csv", "row": 9, "line": 11}]
    assert found["row"]["text"] == "remark number 8"
    low, high = found["drawn"]["bounds"][found["row"]["split"]]
    assert low <= found["drawn"]["value"] < high
    assert found["drawn"]["key"] == "r08"
    assert found["cluster"] == found["steps"] == []
    assert found["note"] == ""


def test_every_op_that_changed_it_shows_the_text_before_and_after(cleaned):
    assert story(cleaned, "r07")["steps"] == [
        {"op": "unescape_html", "column": "text", "before": "this\nand  that &amp;", "after": "this\nand  that &"},
        {"op": "whitespace", "column": "text", "before": "this\nand  that &", "after": "this and that &"},
    ]
    assert "  whitespace changed text: this\\nand  that & -> this and that &" in told(cleaned, "r07")


def test_personal_data_that_the_card_takes_out_are_not_told_either(world):
    rows = [(f"write to p{n}@example.org or 13800138{n:03d}, number {n}", ("bad", "good")[n % 2]) for n in range(60)]
    world.card(table(*rows), "clean: [lowercase, pii, {length: {max_chars: 37}}]\n" + HASH)
    version = world.build().published
    for split in ("ledger", "train"):
        said = told(world, version.read(split)["id"][0])
        assert "<EMAIL>" in said
        assert "key write to <EMAIL> or <PHONE>, number" in said
        assert "example.org" not in said
        assert "13800" not in said


def test_a_row_that_left_is_told_with_the_op_and_its_line(cleaned):
    said = told(cleaned, "r09").split("\n")
    assert said[0].endswith("row r09 left at length: under 3 characters")
    assert "  from rows: data/mine.csv, row 10, line 12" in said


def test_equal_rows_are_told_with_the_one_that_stayed_and_why(cleaned):
    said = told(cleaned, "r11")
    ids = [one["id"] for one in story(cleaned, "r11")["cluster"]]
    assert sorted(ids) == ["r11", "r13"]
    assert "equal rows (the strictest split stays, there the smallest id):" in said
    assert len(re.findall("stays$", said, re.MULTILINE)) == 1
    assert story(cleaned, ids[0])["cluster"] == story(cleaned, ids[1])["cluster"]


def test_rows_that_left_together_for_a_conflict_are_one_cluster(world):
    world.card(table(("a", "good"), ("A", "bad"), ("b", "bad"), ("c", "good")), "clean: [dedupe_exact]\n").build()
    ledger = world.build().published.read("ledger")
    found = story(world, ledger["id"][0])
    assert [one["id"] for one in found["cluster"]] == ledger["id"].to_list()
    assert not any(one["stays"] for one in found["cluster"])


def test_nearly_equal_rows_are_told_with_their_similarity(world):
    rows = [
        ("a", "a kettle that broke after a week of use", "bad"),
        ("b", "a kettle that broke after a week of use!", "bad"),
    ]
    world.card(table(*rows, ("c", "fine", "good"), header="id,text,label"), "clean: [dedupe_near]\n").build()
    said = told(world, "b").split("\n")
    assert "  rows like it (the strictest split stays, there the smallest id):" in said
    assert said[-2:] == [
        "    a, bad, test: stays",
        "    b, bad, test: left at dedupe_near: duplicate (similarity 0.97)",
    ]


def test_times_are_told_as_text_and_a_row_without_one_is_in_no_split(world):
    rows = [(f"r{n}", f"remark {n}", ("bad", "good")[n % 2], f"2024-0{n}-01" if n else "") for n in range(10)]
    split = "split: {method: temporal, column: day, missing: drop, validation: 2024-04-01, test: 2024-07-01}\n"
    world.card(table(*rows, header="id,text,label,day"), split).build()
    assert "  time: 2024-08-01T00:00:00" in told(world, "r8")
    assert json.loads(json.dumps(story(world, "r8")))["row"]["time"] == "2024-08-01T00:00:00"
    assert "  no split by method temporal, key r0" in told(world, "r0").split("\n")


def test_the_texts_of_a_pair_are_told_apart_in_its_key(world):
    card = "select: SELECT text, text || '?' AS text_pair, label FROM rows\n" + HASH
    pairs = (world.card(plenty(), card).root / "cards/datasets/task/mine.yaml").read_text()
    pairs = pairs.replace("task: text-classification", "task: text-pair")
    row = world.write({"cards/datasets/task/mine.yaml": pairs}).build().published.read("train").row(0, named=True)
    assert f"key {row['text']} | {row['text_pair']}" in told(world, row["id"])


def test_votes_and_the_rule_that_held(world):
    card = (
        'select: "SELECT id, text, label::INTEGER[] AS ratings FROM rows"\n'
        "annotation: {question: q, scale: {min: 0, max: 5}, votes: ratings, agreement: {at_least: -1}}\n"
        'labels: {from: {bad: "aggregate < 2", good: "aggregate >= 4"}, else: {drop: neither}}\n'
    )
    rows = [("1", "a", "[0, 1]"), ("2", "b", "[4, 5]"), ("3", "c", "[3, 3]"), ("4", "d", "[5, 5]")]
    world.card(table(*rows, header="id,text,label"), card).build()
    good, left = story(world, "2"), story(world, "3")
    assert (good["votes"], good["aggregate"], good["rule"]) == ((4.0, 5.0), 4.5, "aggregate >= 4")
    assert (left["row"]["reason"], left["votes"], left["rule"]) == ("neither", (3.0, 3.0), "")
    assert "  votes: [3, 3]; aggregate: 3.0" in told(world, "3")


def test_a_join_names_a_row_of_each_source(world):
    card = (world.card(more=HASH).root / "cards/datasets/task/mine.yaml").read_text()
    sources = "sources: {texts: {local: data/t.jsonl}, labels: {local: data/l.csv}}\n"
    select = "select: SELECT t.id, t.text, l.label FROM texts t JOIN labels l USING (id) WHERE t.text <> 'x 3'\n"
    world.write({"cards/datasets/task/mine.yaml": re.sub("sources: .*\n", sources, card) + select})
    texts = [json.dumps({"id": f"r{n}", "text": f"x {n}"}) for n in range(60)]
    labels = table(*((f"r{n}", ("bad", "good")[n % 2]) for n in reversed(range(60))), header="id,label")
    world.write({"data/t.jsonl": "\n\n".join(texts), "data/l.csv": labels}).build()
    assert [tuple(place.values()) for place in story(world, "r5")["places"]] == [
        ("texts", "data/t.jsonl", 6, 11),
        ("labels", "data/l.csv", 55, 56),
    ]


def test_where_rows_are_folded_together_no_line_is_claimed(world):
    select = "select: SELECT text, min(label) AS label FROM rows GROUP BY text\n"
    built = world.card(plenty(), select + HASH).build()
    found = story(world, built.published.read("train")["id"][0])
    assert found["places"] == []
    assert "no source row stands for this one alone" in found["note"]


def test_equal_rows_without_ids_share_their_lines(world):
    built = world.card(table(("a", "good"), ("b", "bad"), ("a", "good"))).build()
    ids = [row for row in built.published.read("test")["id"] if row.endswith("-2")]
    found = story(world, ids[0])
    assert [place["line"] for place in found["places"]] == [2, 4]
    assert found["note"] == "2 equal rows: which of them has this id does not matter"


def test_several_files_are_numbered_one_by_one(world):
    world.card(more=HASH).write(
        {
            f"data/{part}.csv": table(
                *((f"{part}{n}", f"{part} {n}", "bad" if n % 2 else "good") for n in range(30)), header="id,text,label"
            )
            for part in "ab"
        }
    )
    card = (world.root / "cards/datasets/task/mine.yaml").read_text()
    world.write({"cards/datasets/task/mine.yaml": card.replace("data/mine.csv", "data/*.csv")}).build()
    assert story(world, "b3")["places"] == [{"source": "rows", "file": "data/b.csv", "row": 4, "line": 5}]


def test_a_version_of_another_state_is_told_without_its_lines(cleaned):
    cleaned.card(more=CLEAN.replace("3", "4") + HASH).build()
    (older,) = (one for one in versions(cleaned) if "places" not in one)
    assert older["note"] == "the card or its sources changed since"
    (cleaned.root / "data/mine.csv").unlink()
    assert {one["note"] for one in versions(cleaned)} == {
        "the source lines cannot be read again: there is no such file"
    }


def test_the_present_version_is_told_first_and_without_one_the_locked(cleaned):
    seeds = [CLEAN + HASH.replace("5", seed) for seed in "678"]
    digests = [cleaned.card(more=more).build().published.digest[:12] for more in seeds]
    for more, digest in zip(seeds, digests, strict=True):
        cleaned.card(more=more)
        first, *others = versions(cleaned)
        said = "\n".join(lines(first))
        assert said.startswith(f"mine {digest} (the present version): row r08 is in ")
        assert "  from rows: data/mine.csv, row 9, line 11" in said.split("\n")
        assert {one["note"] for one in others} == {"the card or its sources changed since"}
    cleaned.card(more=CLEAN + HASH.replace("5", "9"))
    first, *others = versions(cleaned)
    assert next(lines(first)).startswith(f"mine {digests[-1]} (the locked version): ")
    assert all(" (not the present version): " in next(lines(one)) for one in others)


def test_a_version_is_found_by_digest_key_and_tag(cleaned):
    published = cleaned.build().published
    tags.add(cleaned.catalog.project, "mine", "1.0.0", published.digest)
    space = Workspace(cleaned.catalog, offline=True)
    for called in (published.digest, published.manifest["build_key"][:12], "mine@1.0.0"):
        (found,) = explain(called, "", space)
        assert (found["what"], found["identity"]) == ("version", published.manifest["identity"])
        assert json.loads("\n".join(lines(found)).split("\n", 1)[1]) == published.manifest["identity"]


def test_what_nothing_answers_to_is_told(cleaned):
    with pytest.raises(UserError, match='no run, version or row of mine in this store is called "nobody"'):
        explain("nobody", "mine", Workspace(cleaned.catalog, offline=True))


def test_hostile_text_cannot_drive_the_terminal(world):
    rows = [("1", "\x1b[31mred\x1b[0m", "good"), ("2", "blue", "bad")]
    world.card(table(*rows, header="id,text,label")).build()
    assert "\x1b" not in told(world, "1")
    assert pl.Series([story(world, "1")["row"]["text"]]).str.contains("\x1b").all()
