"""Choosing cards: by what they say of themselves, by words, and what nobody could mean."""

import pytest

from registry.errors import UserError
from registry.index import entries
from registry.progress import Silent
from registry.search import Filters, check, chosen, search
from tests.worlds import minimal_card, plenty

CARDS = {
    "film-en": ("vertical", "domain: film\ncitation: Nobody 1999\nlabels: [bad, good]\n", "en", "MIT"),
    "goods-zh": (
        "vertical",
        "domain: Retail\ndescription: 三万条商品评论\n",
        "zh-Hans",
        "CC-BY-NC-4.0, use: non-commercial",
    ),
    "notes": ("task", "description: notes about ＦＩＬＭ and books\n", "en, zh", "NOASSERTION, use: research"),
    "tweets-film": ("general", "labels: [spam, ham]\n", "pt-BR", "mit"),
}


@pytest.fixture
def shelf(world):
    for name, (kind, more, languages, spdx) in CARDS.items():
        text = minimal_card(more, name).replace("kind: task", f"kind: {kind}").replace("[en]", f"[{languages}]")
        title = "电影评论 Movie Reviews" if name == "film-en" else f"Table number {len(name)}"
        text = text.replace("CC0-1.0", spdx).replace("A table of texts with labels", title)
        world.write({f"cards/datasets/{kind}/{name}.yaml": text})
    return world


def own(world):
    return [entry for entry in entries(world.catalog, "datasets", Silent()) if not entry.file.shipped]


def names(found):
    return [entry.file.name for entry in found]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), list(CARDS)),
        (Filters(kind=["vertical"]), ["film-en", "goods-zh"]),
        (Filters(kind=["task", "general"]), ["notes", "tweets-film"]),
        (Filters(domain=["retail"]), ["goods-zh"]),
        (Filters(task=["text-classification"]), list(CARDS)),
        (Filters(language=["zh"]), ["goods-zh", "notes"]),
        (Filters(language=["zh-Hans"]), ["goods-zh"]),
        (Filters(license=["MIT"]), ["film-en", "tweets-film"]),
        (Filters(use=["any"]), ["film-en", "tweets-film"]),
        (Filters(use=["research", "non-commercial"]), ["goods-zh", "notes"]),
        (Filters(kind=["vertical"], language=["en"]), ["film-en"]),
        (Filters(built=False, locked=False), list(CARDS)),
        (Filters(built=True), []),
    ],
    ids=lambda value: "",
)
def test_a_filter_takes_what_the_card_says(shelf, filters, expected):
    found = own(shelf)
    check(found, filters)
    assert names(chosen(found, filters).entries) == expected


def test_cards_of_unknown_size_are_left_out_by_a_size_and_counted(shelf):
    shelf.write({"data/notes.csv": plenty(60)}).build("notes")
    found = own(shelf)
    assert names(chosen(found, Filters(min_rows=60)).entries) == ["notes"]
    assert chosen(found, Filters(min_rows=60, max_rows=60)).unsized == 3
    assert chosen(found, Filters(kind=["task"], max_rows=59)) == ([], 0)
    assert names(chosen(found, Filters(built=True)).entries) == ["notes"]
    assert names(chosen(found, Filters(locked=True)).entries) == ["notes"]


@pytest.mark.parametrize(
    ("filters", "told"),
    [
        (Filters(task=["text-clasification"]), 'the task "text-clasification"; nearest: "text-classification"'),
        (Filters(kind=["vertikal"]), 'the kind "vertikal"; nearest: "vertical"'),
        (Filters(domain=["films"]), 'the domain "films"; nearest: "film"'),
        (Filters(language=["english"]), 'the language "english"'),
        (Filters(license=["MIT-0"]), 'the license "MIT-0"; nearest: "MIT"'),
        (Filters(use=["commercial"]), 'the use "commercial"; nearest: "non-commercial"'),
    ],
    ids=lambda value: "",
)
def test_what_no_card_could_be_is_an_error_with_the_nearest(shelf, filters, told):
    with pytest.raises(UserError, match=told):
        check(own(shelf), filters)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["film"], ["film-en", "tweets-film", "notes"]),
        (["FILM-EN"], ["film-en"]),
        (["movie"], ["film-en"]),
        (["reviews", "movie"], ["film-en"]),
        (["Movie Reviews"], ["film-en"]),
        (["评论"], ["film-en", "goods-zh"]),
        (["商品"], ["goods-zh"]),
        (["nobody"], ["film-en"]),
        (["spam"], ["tweets-film"]),
        (["retail"], ["goods-zh"]),
        (["film", "books"], ["notes"]),
        (["film", "nowhere"], []),
    ],
    ids=" ".join,
)
def test_all_words_must_be_there_and_names_come_before_titles_before_the_rest(shelf, words, expected):
    assert names(search(own(shelf), words)) == expected


def test_the_card_of_that_very_name_comes_first(world):
    for name in ("a-news", "news", "news-b"):
        world.card(name=name)
    assert names(search(own(world), ["news"])) == ["news", "a-news", "news-b"]
