"""Cards whose task reads two texts: an example is both of them, for cleaning, duplicates and the audit."""

from tests.worlds import World, table

CARD = "split: {method: all-test}\nclean: [whitespace, {length: {min_chars: 2}}, dedupe_exact]\n"
HEADER = "text,text_pair,label"


def world(tmp_path, *rows):
    made = World(tmp_path).card(table(*rows, header=HEADER), CARD)
    path = tmp_path / "cards/datasets/task/mine.yaml"
    path.write_text(path.read_text().replace("task: text-classification", "task: text-pair"))
    return made


def test_both_texts_are_cleaned_and_published(tmp_path):
    built = world(tmp_path, (" one  two ", "a\tb", "yes"), ("three", "c d", "no")).build().published
    assert built.read("test").sort("text").select("text", "text_pair").rows() == [("one two", "a b"), ("three", "c d")]


def test_a_pair_is_a_duplicate_only_as_a_whole(tmp_path):
    rows = (("same", "first", "yes"), ("same", "second", "no"), ("Same", "FIRST", "yes"))
    built = world(tmp_path, *rows).build().published
    assert built.manifest["ledger"] == [["dedupe_exact", "duplicate", 1]]


def test_the_parts_of_a_pair_do_not_run_together(tmp_path):
    built = world(tmp_path, ("ab c", "dd", "yes"), ("ab", "c dd", "no")).build().published
    assert built.manifest["rows_kept"] == 2


def test_a_pair_that_lacks_a_text_leaves(tmp_path):
    built = world(tmp_path, ("whole", "pair", "yes"), ("half", "", "no"), ("other", "x", "no"), ("more", "pairs", "no"))
    assert built.build().published.manifest["ledger"] == [
        ["length", "under 2 characters", 1],
        ["required", "no text_pair", 1],
    ]
