"""Cards that derive from the published versions of other cards."""

import json

import polars as pl
import pytest
from pydantic import ValidationError

from registry.build import locate
from registry.errors import UserError
from registry.sources.version import Version
from tests.worlds import World, plenty, table

RATIOS = "split: {method: hash, ratios: {train: 0.6, validation: 0.2, test: 0.2}}\n"
DERIVED = """\
name: both
title: Two cards as one
kind: task
languages: [en]
license: {{spdx: CC0-1.0}}
task: text-classification
sources:
  films: {{version: {{card: films, digest: {films}}}, file_column: split}}
  books: {{version: {{card: books, digest: {books}, split: train}}}}
select: |
  SELECT text, label FROM films WHERE split <> 'test' UNION ALL SELECT 'A book: ' || text AS text, label FROM books
split: {{method: all-test}}
"""


@pytest.fixture
def two(world: World) -> World:
    """The cards films and books, built, and the card both that mixes them."""
    world.card(plenty(), RATIOS, name="films").card(plenty(40), RATIOS, name="books")
    digests = {name: world.build(name).published.digest[:12] for name in ("films", "books")}
    return world.write({"cards/datasets/task/both.yaml": DERIVED.format(**digests)})


def rows(world: World, card: str, split: str) -> pl.DataFrame:
    return world.build(card).published.read(split)


def test_a_card_derives_from_two(two: World) -> None:
    films = pl.concat([rows(two, "films", "train"), rows(two, "films", "validation")])
    texts = {*films["text"], *(f"A book: {text}" for text in rows(two, "books", "train")["text"])}
    assert set(rows(two, "both", "test")["text"]) == texts
    assert not two.build("both").fresh
    assert locate("both", two.catalog) is not None


def test_the_lock_names_the_version_and_rows_that_other_libraries_wrote_are_the_same_source(two: World) -> None:
    first = two.build("both").published
    films = two.build("films").published
    entry = json.loads((two.root / "cards.lock").read_text())["cards"]["both"]["sources"]["films"]
    assert entry["origin"] == {"version": {"card": "films", "digest": films.digest[:12]}}
    assert sorted(entry["files"]) == ["test", "train", "validation"]
    manifest = films.folder / "manifest.json"
    body = json.loads(manifest.read_text())
    frame = films.read("train")
    frame.write_parquet(films.split("train"), compression="snappy")
    from registry.digest import file_digest

    body["checksums"]["train"] = file_digest(films.split("train"))
    manifest.write_text(json.dumps(body))
    assert two.build("both").published.manifest["build_key"] == first.manifest["build_key"]


def test_a_version_that_is_not_in_the_store_is_built(two: World) -> None:
    expected = two.build("both").published.digest
    (two.home / "versions").rename(two.home / "gone")
    assert locate("both", two.catalog) is None
    assert two.build("both").published.digest == expected


def test_an_older_version_stays_pinned_while_the_store_has_it(two: World) -> None:
    expected = two.build("both").published.digest
    two.card(plenty(66), RATIOS, name="films").build("films")
    assert two.build("both").published.digest == expected


def test_another_version_than_the_pinned_one_is_an_error_that_says_both(two: World) -> None:
    pinned = two.build("films").published.digest
    two.card(plenty(66), RATIOS, name="films")
    (two.home / "versions").rename(two.home / "gone")
    with pytest.raises(UserError) as caught:
        two.build("both")
    now = two.build("films").published.digest
    assert f"films is another version now: pinned {pinned[:12]}, got {now}" in str(caught.value)
    assert f"write `digest: {now[:12]}`" in str(caught.value)


def test_a_version_that_was_changed_is_refused(two: World) -> None:
    films = two.build("films").published
    films.read("train").head(3).write_parquet(films.split("train"))
    with pytest.raises(UserError, match=r"train\.parquet was changed after it was published"):
        two.build("both")


def test_a_split_without_rows(two: World) -> None:
    two.card(table(("one", "good"), ("two", "bad")), name="small")
    digest = two.build("small").published.digest
    card = DERIVED.format(films=digest[:12], books=digest).replace("card: films", "card: small")
    two.write({"cards/datasets/task/both.yaml": card.replace("card: books", "card: small")})
    with pytest.raises(UserError, match=r"holds no rows\n  These hold some: test"):
        two.build("both")


def test_a_card_cannot_derive_from_itself_over_another(two: World) -> None:
    for name, other in (("films", "books"), ("books", "films")):
        source = f"sources: {{rows: {{version: {{card: {other}, digest: {'0' * 12}}}}}}}"
        path = two.root / f"cards/datasets/task/{name}.yaml"
        path.write_text(path.read_text().replace(f"sources: {{rows: {{local: data/{name}.csv}}}}", source))
    with pytest.raises(UserError, match="derives from itself: both -> films -> books -> films"):
        two.write({"cards/datasets/task/both.yaml": DERIVED.format(films="0" * 12, books="0" * 12)}).build("both")


def test_a_card_that_is_not_there(two: World) -> None:
    two.write(
        {
            "cards/datasets/task/both.yaml": DERIVED.format(films="0" * 12, books="0" * 12).replace(
                "card: films", "card: fims"
            )
        }
    )
    with pytest.raises(UserError, match='nearest: "films"'):
        two.build("both")


@pytest.mark.parametrize(
    "parameters",
    [{"digest": "0" * 11}, {"digest": "latest"}, {"card": "../films"}, {"split": "dev"}, {"version": "1"}],
)
def test_what_a_card_may_not_write(parameters: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Version.model_validate({"card": "films", "digest": "0" * 12, **parameters})


def test_it_tells_what_it_is() -> None:
    assert Version(card="films", digest="0" * 64).describe() == "all splits of version 000000000000 of films"
