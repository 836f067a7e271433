"""What a user types for the place of data, as source entries."""

import sqlite3
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from registry.errors import UserError
from registry.infer.assemble import Wish
from registry.infer.place import card_name, copied, located, source_entry, source_name
from registry.infer.start import inferred
from registry.progress import Silent
from registry.source import FetchContext


def context(folder):
    return FetchContext(folder, folder / "home", True, Silent())


@pytest.mark.parametrize(
    ("target", "name", "entry"),
    [
        ("sql:data/shop.db reviews", "reviews", {"database": "data/shop.db", "query": "SELECT * FROM reviews"}),
        ("sql:$SHOP SELECT a FROM b", "SHOP", {"url_env": "SHOP", "query": "SELECT a FROM b"}),
        ("sql:postgresql://host/shop s.t", "t", {"database": "postgresql://host/shop", "query": "SELECT * FROM s.t"}),
    ],
)
def test_a_database_is_followed_by_a_table_or_a_select(tmp_path, target, name, entry):
    place = located(target, context(tmp_path))
    assert [one["sql"] for one in place.entries.values()] == [entry]
    assert place.called.strip("$") == name


def test_a_database_alone_asks_for_a_table(tmp_path):
    with pytest.raises(UserError, match="needs a table or a SELECT"):
        located("sql:data/shop.db", context(tmp_path))


def test_a_table_of_a_database_becomes_a_card(tmp_path):
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as database:
        database.execute(
            "CREATE TABLE reviews AS SELECT 'the review number ' || n AS body, n % 2 AS liked FROM range(200) t(n)"
        )
    online = FetchContext(tmp_path, tmp_path / "home", False, Silent())
    draft = inferred("sql:shop.duckdb reviews", Wish(""), online)
    assert draft.name == "reviews"
    assert draft.select == "SELECT body AS text, liked AS label\nFROM reviews"
    assert draft.labels == ("0", "1")


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("local=data/a.csv", {"local": "data/a.csv"}),
        ("http=https://a.example/x.csv?a=b", {"http": "https://a.example/x.csv?a=b"}),
        ("hub={repository: a/b, split: train}", {"hub": {"repository": "a/b", "split": "train"}}),
        ("{local: a.dat, format: csv}", {"local": "a.dat", "format": "csv"}),
        ('local=a"b: #.csv', {"local": 'a"b: #.csv'}),
    ],
)
def test_kind_and_value_are_an_entry(text, entry):
    assert source_entry(text) == entry


@pytest.mark.parametrize("text", ["", "data.csv", "lokal=x", "=x"])
def test_what_is_no_source_is_refused(text):
    with pytest.raises(UserError, match="is no source"):
        source_entry(text)


@pytest.mark.parametrize(
    ("text", "name"), [("Guest reviews 2", "guest-reviews-2"), ("a__b", "a-b"), ("x" * 99, "x" * 64)]
)
def test_a_card_is_called_after_its_data(text, name):
    assert card_name(text) == name


@pytest.mark.parametrize(
    ("text", "name"), [("Guest-reviews", "guest_reviews"), ("select", "rows"), ("2024", "rows"), ("评论", "rows")]
)
def test_a_source_is_called_what_sql_can_say(text, name):
    assert source_name(text) == name


@pytest.mark.parametrize(
    ("target", "name", "entry"),
    [
        (
            "https://a.example/files/guest-reviews.csv?v=1",
            "guest_reviews",
            "https://a.example/files/guest-reviews.csv?v=1",
        ),
        ("http://a.example/", "rows", "http://a.example/"),
    ],
)
def test_an_address_is_a_source_of_the_web(tmp_path, target, name, entry):
    place = located(target, context(tmp_path))
    assert place.entries == {name: {"http": entry}}


def test_a_glob_is_one_source_called_after_its_folder(tmp_path):
    place = located(str(tmp_path / "data/months/*.csv"), context(tmp_path))
    assert (place.entries, place.called) == ({"months": {"local": "data/months/*.csv"}}, "months")


def test_a_file_of_a_database_asks_for_a_table(tmp_path):
    with duckdb.connect(str(tmp_path / "a.duckdb")) as database:
        database.execute("CREATE TABLE t (a INTEGER)")
    with closing(sqlite3.connect(tmp_path / "b.sqlite")) as database:
        database.execute("CREATE TABLE t (a INTEGER)")
        database.commit()
    for name in ("a.duckdb", "b.sqlite"):
        with pytest.raises(UserError, match="is a database") as refused:
            located(str(tmp_path / name), context(tmp_path))
        assert f'bench card infer "sql:{name} TABLE"' in refused.value.do


def test_a_copy_never_replaces_another_file(tmp_path):
    project, outside = tmp_path / "project", tmp_path / "a.csv"
    project.mkdir()
    outside.write_text("one")
    assert copied(outside, project) == project / "data" / "a.csv"
    assert copied(outside, project).read_text() == "one"
    outside.write_text("two")
    with pytest.raises(UserError, match="another file has this name"):
        copied(outside, project)
    assert Path(project / "data/a.csv").read_text() == "one"
