"""What a look at the data says of rows that build and that models stumble over."""

import json

import polars as pl
import pytest

from registry.datacheck import look
from tests.registry.infer.sounds import recording

HEAD = "name: mine\ntitle: A table\nkind: task\nlanguages: [en]\nlicense: {spdx: CC0-1.0}\n"


def seen(world, task, rows, more="split: {method: all-test}\n"):
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    card = f"{HEAD}task: {task}\nsources: {{rows: {{local: data/mine.jsonl}}}}\n{more}"
    world.write({"cards/datasets/task/mine.yaml": card, "data/mine.jsonl": lines})
    return look(world.catalog.dataset("mine"), world.catalog)


def passages(*answers):
    return [
        {"id": f"q{n}", "question": f"what is {n}?", "text": f"The room {n} was clean.", "answers": answer}
        for n, answer in enumerate(answers)
    ]


def test_answers_that_are_no_part_of_their_passage_are_counted(world):
    check = seen(world, "question-answering", passages(["clean"], ["dirty", "clean"], [], ["dirty"], ["The room"]))
    assert check.problems == ()
    (told,) = [one for one in check.notices if "no part of the passage" in one]
    assert told.startswith('mine: 2 rows have an answer that is no part of the passage (first: id q1, "dirty")')


def test_answers_that_are_part_of_their_passage_are_not_told(world):
    assert seen(world, "question-answering", passages(["clean"], [], ["The room 2"])).notices == ()


def sentences(*texts):
    tokens = ["Ann", "Lee", "sings"]
    return [
        {"id": f"s{n}", "tokens": tokens, "tags": ["B-PER", "I-PER", "O"], "text": text} for n, text in enumerate(texts)
    ]


def test_tokens_that_do_not_make_up_their_text_are_counted(world):
    check = seen(world, "token-classification", sentences("Ann Lee sings", "AnnLee  sings", "Ann sings"))
    told = "mine: in 1 row the tokens do not make up the text (first: id s2)"
    assert [one for one in check.notices if "tokens" in one] == [told]


def choices(count=60):
    return [{"user": f"u{n % 5}", "item": f"i{n % 7}", "day": f"2024-01-01T00:{n:02}:00Z"} for n in range(count)]


CHOSEN = 'select: SELECT rows."user", item, day FROM rows\n'
ITEMS = f"collection: SELECT DISTINCT item AS id, item AS text FROM rows\n{CHOSEN}"
TIMES = "split: {method: temporal, column: day, ratios: {train: 0.8, validation: 0.1, test: 0.1}}\n"


@pytest.mark.parametrize(("split", "told"), [("split: {method: hash}\n", 1), (TIMES, 0)])
def test_choices_without_order_in_time_are_told(world, split, told):
    check = seen(world, "recommendation", choices(), ITEMS + split)
    assert check.problems == ()
    assert len([one for one in check.notices if "models learn from what came later" in one]) == told


@pytest.mark.parametrize(
    ("collection", "told"),
    [
        ("SELECT item AS id, item AS text FROM rows", "7 ids of several documents"),
        ("SELECT DISTINCT item AS id, item AS text FROM rows WHERE item <> 'i3'", "does not have (i3)"),
        ("SELECT DISTINCT item AS id FROM rows", "no column text"),
    ],
)
def test_what_is_wrong_with_the_collection_stands_at_its_key(world, collection, told):
    more = f'collection: "{collection}"\n{CHOSEN}{TIMES}'
    (problem,) = seen(world, "recommendation", choices(), more).problems
    assert problem.path == ("collection",)
    assert told in problem.what


def test_a_relevant_document_that_is_not_there_stands_at_the_collection(world):
    queries = [{"id": f"q{n}", "text": f"which is {n}?", "relevant": f"q{n + n // 3 * 9}"} for n in range(4)]
    more = "collection: SELECT id, text FROM rows\nsplit: {method: all-test}\n"
    (problem,) = seen(world, "retrieval", queries, more).problems
    assert problem.path == ("collection",)
    assert problem.what == "1 row names documents that the collection does not have (q12)"


def test_recordings_that_cannot_be_read_are_counted(world):
    sounds = [recording(1), b"ID3 and more", recording(2)[:100]]
    frame = pl.DataFrame({"id": ["a", "b", "c"], "audio": sounds, "reference": ["one", "two", "three"]})
    card = f"{HEAD}task: speech-recognition\nsources: {{rows: {{local: mine.parquet}}}}\nsplit: {{method: all-test}}\n"
    frame.write_parquet(world.write({"cards/datasets/task/mine.yaml": card}).root / "mine.parquet")
    check = look(world.catalog.dataset("mine"), world.catalog)
    told = "mine: 2 recordings cannot be read (first: id b, which is no WAV file: it begins as MP3 does)"
    assert told in check.notices


def test_a_wav_file_that_cannot_be_read_stands_at_its_source(world):
    card = f"{HEAD}task: speech-recognition\nsources: {{rows: {{local: 'data/*.wav', file_column: file}}}}\n"
    select = "select: SELECT audio, file AS reference FROM rows\nsplit: {method: all-test}\n"
    world.write({"cards/datasets/task/mine.yaml": card + select, "data/a.wav": b"ID3 and more"})
    (problem,) = look(world.catalog.dataset("mine"), world.catalog).problems
    assert problem.path == ("sources", "rows", "format")
    assert "data/a.wav: is no WAV file" in problem.what
