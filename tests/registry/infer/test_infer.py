"""From a file to a card: what each guess rests on, and that the card reads back as it was meant."""

import json

import polars as pl
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from registry import build
from registry.datacheck import look
from registry.errors import UserError
from registry.infer.assemble import Wish
from registry.infer.draft import typed, written
from registry.infer.start import inferred, saved, started
from registry.pipeline.rows import selected
from registry.progress import Silent
from registry.source import FetchContext
from tests.registry.infer.drafting import ROOMS, columns, cycle, drafted
from tests.strategies import texts
from tests.worlds import plenty, table


def test_a_card_of_a_plain_csv_is_small_passes_its_check_and_builds(world):
    draft = drafted(world, columns(text=ROOMS, label=cycle("bad", "good")))
    saved(draft, world.catalog, force=False)
    card = world.catalog.dataset("rooms")
    assert (card.select, card.labels.names, card.languages) == (None, ("bad", "good"), ("en",))
    assert look(card, world.catalog).problems == ()
    assert build.build("rooms", world.catalog, offline=True).published.manifest["rows_kept"] == 200


def test_columns_are_known_by_their_names_in_chinese(world):
    data = columns(编号=[f"r{n:03}" for n in range(200)], 评论=ROOMS, 情感=cycle("好", "坏"), 星级=cycle("1", "2", "3"))
    draft = drafted(world, data, task="text-classification")
    assert draft.select == 'SELECT "评论" AS text, "编号" AS id, "情感" AS label\nFROM rooms'
    assert "# not used: 星级" in written(draft)


def test_without_telling_names_text_is_longest_and_label_has_fewest_values(world):
    data = columns(a=cycle("x", "y", "z"), b=ROOMS, c=cycle("u", "v"), d=cycle("one two", "three four"))
    assert drafted(world, data).select == "SELECT b AS text, c AS label\nFROM rooms"


def test_a_wish_comes_before_every_guess(world):
    data = columns(text=ROOMS, other=ROOMS[::-1], label=cycle("a", "b"), mood=cycle("c", "d"))
    draft = drafted(world, data, columns={"text": "other", "label": "mood"})
    assert draft.select == "SELECT other AS text, mood AS label\nFROM rooms"
    assert 'column "other" (as asked)' in written(draft)


def test_a_wished_column_that_is_not_there_is_told_with_the_nearest(world):
    with pytest.raises(UserError, match='there is no column "txt"; nearest: "text"'):
        drafted(world, plenty(), columns={"text": "txt"})


def test_an_author_is_a_group(world):
    data = columns(text=ROOMS, label=cycle("a", "b"), author=cycle(*(f"p{n}" for n in range(30))))
    draft = drafted(world, data)
    assert draft.split == {"method": "hash", "group": "author"}
    assert typed(draft).split.split.group == "author"


def test_an_id_column_that_repeats_is_kept_out(world):
    data = columns(id=cycle("1", "2"), text=ROOMS, label=cycle("a", "b"))
    assert drafted(world, data).select == "SELECT text, label\nFROM rooms"


def test_row_numbers_are_no_ids(world):
    data = columns(row=[str(n) for n in range(200)], text=ROOMS, label=cycle("a", "b"))
    assert drafted(world, data).select == ""


def test_a_split_column_is_taken_with_its_words_translated(world):
    data = columns(text=ROOMS, label=cycle("a", "b"), set=cycle("train", "train", "dev", "test"))
    draft = drafted(world, data)
    assert draft.split == {"method": "given"}
    assert "CASE set WHEN 'dev' THEN 'validation' ELSE set END AS split" in draft.select


def test_files_called_after_splits_are_taken_together(world):
    world.write(
        {"data/train.csv": plenty(80), "data/test.csv": table(*((f"test {n}", "ab"[n % 2]) for n in range(40)))}
    )
    draft = drafted(world, plenty(80), "data/train.csv")
    assert list(draft.sources) == ["train", "test"]
    assert draft.split == {"method": "given"}


def test_pairs_of_texts_are_known_by_their_names(world):
    data = columns(premise=ROOMS, hypothesis=ROOMS[::-1], label=cycle("0", "1", "2"))
    draft = drafted(world, data)
    assert draft.task == "text-pair"
    assert draft.select == "SELECT premise AS text, hypothesis AS text_pair, label\nFROM rooms"


def test_a_pair_that_is_asked_for_and_not_found_is_told(world):
    with pytest.raises(UserError, match="no column can be the second text"):
        drafted(world, columns(text=ROOMS, other=ROOMS[::-1], label=cycle("a", "b")), task="text-pair")


def test_fields_inside_objects_are_reached(world):
    lines = [json.dumps({"meta": {"la'bel": "ab"[n % 2]}, "data": {"body": text}}) for n, text in enumerate(ROOMS)]
    draft = drafted(world, "\n".join(lines) + "\n", "data/rooms.jsonl")
    assert "struct_extract(data, 'body') AS text" in draft.select
    assert "struct_extract(meta, 'la''bel') AS label" in draft.select
    saved(draft, world.catalog, force=False)
    assert build.build("rooms", world.catalog, offline=True).published.manifest["labels"] == ["a", "b"]


def test_lists_are_set_aside_and_said_so(world):
    frame = pl.DataFrame({"tokens": [["a"]] * 200, "text": ROOMS, "stars": cycle(1, 2, 3)})
    frame.write_parquet(world.root / "rooms.parquet")
    context = FetchContext(world.root, world.home, True, Silent())
    draft = inferred(str(world.root / "rooms.parquet"), Wish(""), context)
    assert draft.labels == ("1", "2", "3")
    assert "# not used: tokens (holds lists)" in written(draft)


def test_look_alike_labels_become_one(world):
    draft = drafted(world, columns(text=ROOMS, label=cycle("Good", "good ", "bad")))
    assert draft.select == "SELECT text, lower(trim(label)) AS label\nFROM rooms"
    assert draft.labels == ("bad", "good")


def test_numbers_as_labels_stand_in_order_of_value(world):
    assert drafted(world, columns(text=ROOMS, label=cycle("10", "9", "-1"))).labels == ("-1", "9", "10")


def test_cleaning_is_suggested_where_the_texts_show_a_need(world):
    texts = [*ROOMS[:190], "a &amp; b and the rest", "two  spaces here", "e\u0301tude of the room", "ok", *ROOMS[:6]]
    draft = drafted(world, columns(text=texts, label=cycle("a", "b")))
    assert draft.clean == ("unescape_html", "normalize", "whitespace", {"length": {"min_chars": 3}}, "dedupe_exact")
    assert "# dedupe_exact: 6 rows repeat the text of another" in written(draft)


def test_clean_texts_get_no_cleaning(world):
    assert drafted(world, columns(text=ROOMS, label=cycle("a", "b"))).clean == ()


def test_three_rows_are_all_test_rows(world):
    draft = drafted(world, table(("the cat sat", "a"), ("a dog ran", "b"), ("the end", "a")))
    assert draft.split == {"method": "all-test"}
    assert draft.margin is None


def test_the_margin_is_what_the_test_split_can_keep(world):
    draft = drafted(
        world, columns(text=[f"{text} {n}" for n, text in enumerate(ROOMS * 5)], label=cycle("a", "b", rows=1000))
    )
    saved(draft, world.catalog, force=False)
    assert 0.05 < draft.margin < 0.15
    assert look(world.catalog.dataset("rooms"), world.catalog).problems == ()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("", "is empty"),
        ("text,label\n", "holds no row"),
        (table(*((str(n), "a") for n in range(20))), "no column can be the text"),
        (table(*((f"text {n}", "a") for n in range(20))), "no column can be the label"),
    ],
)
def test_data_without_an_answer_are_refused_plainly(world, data, told):
    with pytest.raises(UserError, match=told):
        drafted(world, data)


def test_a_file_outside_the_project_is_refused_with_what_to_do(world, tmp_path):
    (tmp_path / "out.csv").write_text(plenty())
    with pytest.raises(UserError, match="lies outside the project"):
        inferred(str(tmp_path / "out.csv"), Wish(""), FetchContext(world.root, world.home, True, Silent()))


def test_a_name_without_letters_asks_for_one(world):
    with pytest.raises(UserError, match="no card name can be made"):
        drafted(world, plenty(), "data/评论.csv")


def test_a_card_is_never_overwritten_unasked(world):
    draft = drafted(world, plenty(200))
    saved(draft, world.catalog, force=False)
    with pytest.raises(UserError, match="is there already"):
        saved(draft, world.catalog, force=False)
    saved(draft, world.catalog, force=True)


def test_another_folder_does_not_make_it_another_card(world):
    saved(drafted(world, plenty(200)), world.catalog, force=False)
    again = drafted(world, plenty(200), kind="general")
    with pytest.raises(UserError, match='the project has a card "rooms" already'):
        saved(again, world.catalog, force=True)


def test_a_vertical_card_needs_a_domain(world):
    with pytest.raises(UserError, match="names its domain"):
        drafted(world, plenty(200), kind="vertical")


def test_what_is_not_fetched_gives_a_starting_card_that_says_so(world):
    entry = {"hub": {"repository": "someone/rooms", "split": "train"}}
    context = FetchContext(world.root, world.home, True, Silent())
    draft = started(entry, Wish("rooms", title="Rooms"), context)
    assert "The data were not looked at" in written(draft)
    saved(draft, world.catalog, force=False)
    assert look(world.catalog.dataset("rooms"), world.catalog).problems == ()


def test_a_large_file_is_looked_at_in_part_and_says_so(world, monkeypatch):
    monkeypatch.setattr("registry.reading.sample.sampled.__defaults__", (4_000,))
    draft = drafted(world, columns(text=ROOMS, label=cycle("a", "b")))
    assert any("looked at the first" in note for note in draft.notes["sources"])
    assert "test rows" in written(draft)


def test_rows_that_all_leave_are_told_by_reason(world):
    # Three of a text are answers; these are two of each, and one text more that has no label.
    data = table(*((text, label) for text in ROOMS[:20] for label in "ab"), *((text, "a") for text in ROOMS[20:40]))
    with pytest.raises(UserError, match=r"have only \"a\". Of 60, 40 rows leave: 40 by dedupe_exact") as refused:
        drafted(world, data, columns={"label": "label"})
    assert "label conflict" in refused.value.what
    assert "--label" not in refused.value.do


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("{lokal: data/rooms.csv}", "lokal"),
        ("{local: ../rooms.csv}", r"`\.\.` is refused"),
        ("{local: [", "the bracket that opens here"),
        ("local=/etc/rooms.csv", "must be relative"),
    ],
)
def test_a_mistake_in_a_source_is_told_without_a_card_that_is_not_there(world, target, told):
    with pytest.raises(UserError, match=told) as refused:
        inferred(target, Wish("rooms"), FetchContext(world.root, world.home, True, Silent()))
    assert refused.value.where == "the source you named"
    assert "Nothing was built" not in refused.value.what
    assert ".yaml" not in refused.value.what


@pytest.mark.parametrize("name", ["../x", "X", "a b", "-x"])
def test_what_is_no_name_is_refused_before_anything_is_read(world, name):
    with pytest.raises(UserError, match="is no name of a card: a name has at most 64"):
        drafted(world, plenty(), called=name)


def test_a_language_that_is_no_code_is_refused_in_words(world):
    with pytest.raises(UserError) as refused:
        drafted(world, plenty(200), languages=("English",))
    assert refused.value.where == "the languages of the new card"


def test_a_quote_that_is_never_closed_is_told_with_its_line(world):
    with pytest.raises(UserError, match="a quoted field is never closed") as refused:
        drafted(world, plenty() + '"never closed, a\nlast,b\n')
    assert refused.value.where.endswith("rooms.csv:62")


def test_texts_in_two_scripts_give_two_languages(world):
    chinese = [f"房间很干净，前台的人很友好，第{n}次来了" for n in range(100)]
    draft = drafted(world, columns(text=[*ROOMS[:100], *chinese], label=cycle("a", "b")))
    assert sorted(draft.languages) == ["en", "zh"]


def test_labels_that_look_like_missing_values_are_noted(world):
    draft = drafted(world, columns(text=ROOMS, label=cycle("a", "N/A", "b", "null")))
    assert '# labels: "N/A" (50 rows), "null" (50 rows) may stand for a missing label' in written(draft)


def test_a_licence_that_is_no_spdx_id_is_noted(world):
    assert '# license: "Foo" is no SPDX id' in written(drafted(world, plenty(200), license="Foo"))
    assert "is no SPDX id" not in written(drafted(world, plenty(200), license="MIT"))


names = texts.filter(lambda name: name.strip() and len(name) < 60)


@settings(max_examples=8)
@example(text="0", label="*", values=["a", "b"])
@given(
    text=names, label=names, values=st.lists(names, min_size=2, max_size=3, unique_by=lambda one: one.strip().lower())
)
def test_any_names_of_columns_and_labels_give_a_card_that_means_them(fresh_world, text, label, values):
    assume(text.lower() != label.lower() and "rowid" not in (text.lower(), label.lower()))
    world = fresh_world()
    frame = pl.DataFrame({text: ROOMS[:20], label: cycle(*values, rows=20)})
    frame.write_parquet(world.root / "rooms.parquet")
    context = FetchContext(world.root, world.home, True, Silent())
    wish = Wish("", columns={"text": text, "label": label})
    draft = inferred(str(world.root / "rooms.parquet"), wish, context)
    card = typed(draft)
    assert card.labels is not None
    assert {name.strip() for name in card.labels.names} == {value.strip() for value in values}
    assert selected(card, {"rooms": frame}, "").frame["text"].sort().to_list() == sorted(ROOMS[:20])
