"""Cards that derive from cards: which rows keep their split, and why."""

from registry.infer.assemble import Wish
from registry.infer.draft import written
from registry.infer.start import inferred, saved
from registry.progress import Silent
from registry.source import FetchContext
from tests.registry.infer.drafting import ROOMS, columns, cycle
from tests.worlds import plenty


def derived(world, source, beside=""):
    """A card from a published version of the card base, that version, and the one that is built from it."""
    base = world.build("base").published
    entry = f"{{version: {{card: base, digest: {base.digest[:12]}{source}}}{beside}}}"
    draft = inferred(entry, Wish("derived"), FetchContext(world.root, world.home, True, Silent()))
    saved(draft, world.catalog, force=False)
    return draft, base, world.build("derived").published


def test_a_card_from_a_card_without_ids_of_its_own_keeps_every_row_in_its_split(world):
    world.card(plenty(300), "split: {method: hash}\n", name="base")
    draft, base, made = derived(world, "")
    assert draft.select == "SELECT text, label\nFROM rows"
    assert "# id: the ids are made from the content, so they are left out" in written(draft)
    for split in ("train", "test"):
        assert sorted(made.read(split)["text"]) == sorted(base.read(split)["text"])


def test_a_card_from_a_card_with_ids_of_its_own_takes_them(world):
    data = columns(id=[f"r{n:03}" for n in range(200)], text=ROOMS, label=cycle("a", "b"))
    world.card(data, "split: {method: hash}\n", name="base")
    _, base, made = derived(world, "")
    assert made.read("test")["id"].to_list() == base.read("test")["id"].to_list()


def test_the_train_rows_of_another_card_are_parted_by_another_seed(world):
    world.card(plenty(300), "split: {method: hash}\n", name="base")
    draft, _, made = derived(world, ", split: train")
    assert draft.split == {"method": "hash", "seed": 14}
    assert "the usual seed puts all of these rows into train again" in written(draft)
    assert all(made.read(split).height for split in ("train", "validation", "test"))


def test_the_splits_of_another_card_are_taken_as_given_where_they_are_a_column(world):
    texts = [f"{text} &amp; {n}" for n, text in enumerate(ROOMS)]
    more = "clean: [unescape_html]\nsplit: {method: hash}\n"
    world.card(columns(text=texts, label=cycle("a", "b")), more, name="base")
    draft, base, made = derived(world, "", ", file_column: split")
    assert draft.split == {"method": "given"}
    assert sorted(made.read("test")["text"]) == sorted(base.read("test")["text"])
