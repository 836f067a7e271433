"""The audit finds what a build must never write. Here the files are written by hand, with one fault each."""

import polars as pl
import pytest

from registry.audit import audit
from registry.digest import content_digest

LABELS = ("bad", "good")


def frame(*rows):
    return pl.DataFrame(
        rows,
        schema={"id": pl.String, "text": pl.String, "label": pl.String, "group": pl.String},
        orient="row",
    )


SOUND = {
    "train": frame(("1", "a", "bad", "g1"), ("2", "b", "good", "g1"), ("3", "c", "bad", "g2")),
    "validation": frame(("4", "d", "bad", "g3")),
    "test": frame(("5", "e", "good", "g4")),
}


def audited(folder, splits, written=None, rows_kept=None):
    """What the audit says of `written` (the splits themselves unless given) when the build decided `splits`."""
    files = {}
    for name, table in (written or splits).items():
        files[name] = folder / f"{name}.parquet"
        table.write_parquet(files[name])
    kept = rows_kept if rows_kept is not None else sum(table.height for table in splits.values())
    return audit(files, LABELS, kept, digest=content_digest(splits))


def violations(proof):
    return {name: count for name, count in proof.violations.items() if count}


def test_sound_files_pass(tmp_path):
    proof = audited(tmp_path, SOUND)
    assert proof.clean
    assert set(proof.violations.values()) == {0}


@pytest.mark.parametrize("text", ["e", " E ", "ｅ", "E\n"])
def test_a_text_that_stands_in_two_splits_is_found_even_written_otherwise(tmp_path, text):
    leaky = SOUND | {"train": pl.concat([SOUND["train"], frame(("9", text, "good", "g1"))])}
    assert violations(audited(tmp_path, leaky)) == {"texts in two splits": 1}


def test_a_torn_group_is_found(tmp_path):
    torn = SOUND | {"validation": frame(("4", "d", "bad", "g1"))}
    assert violations(audited(tmp_path, torn)) == {"groups in two splits": 1}


@pytest.mark.parametrize("label", ["Bad", "", None])
def test_a_label_outside_the_set_is_found(tmp_path, label):
    wrong = SOUND | {"test": frame(("5", "e", label, "g4"))}
    assert violations(audited(tmp_path, wrong)) == {"rows with a label outside the set": 1}


def test_an_id_that_stands_twice_is_found(tmp_path):
    twice = SOUND | {"test": frame(("1", "e", "good", "g4"))}
    assert violations(audited(tmp_path, twice)) == {"ids in two rows": 1}


def test_a_row_that_was_not_written_is_found(tmp_path):
    found = violations(audited(tmp_path, SOUND, SOUND | {"train": SOUND["train"][1:]}))
    assert found == {"rows missing or too many": 1, "content digest differs": 1}


def test_a_row_too_many_is_found(tmp_path):
    found = violations(
        audited(tmp_path, SOUND, SOUND | {"test": pl.concat([SOUND["test"], frame(("6", "f", "bad", "g4"))])})
    )
    assert found == {"rows missing or too many": 1, "content digest differs": 1}


def test_a_text_that_changed_on_its_way_to_disk_is_found(tmp_path):
    changed = SOUND | {"test": frame(("5", "e!", "good", "g4"))}
    assert violations(audited(tmp_path, SOUND, changed)) == {"content digest differs": 1}


def test_rows_that_changed_places_between_splits_are_found(tmp_path):
    swapped = SOUND | {"test": SOUND["validation"], "validation": SOUND["test"]}
    assert violations(audited(tmp_path, SOUND, swapped)) == {"content digest differs": 1}


def test_repeats_inside_a_split_are_worth_knowing_and_no_violation(tmp_path):
    repeats = SOUND | {"train": frame(("1", "a", "bad", "g"), ("2", "A", "good", "g"), ("3", "c", "bad", "g"))}
    proof = audited(tmp_path, repeats)
    assert proof.clean
    assert proof.observations == {
        "rows that repeat a text of their split": 1,
        "texts with more than one label": 1,
    }
