"""Tables of every task but classification: known by their columns, or mapped as the user says; the cards build."""

import json

import polars as pl
import pytest

from registry.datacheck import look
from registry.errors import UserError
from registry.infer.assemble import Wish
from registry.infer.draft import written
from registry.infer.start import inferred, saved
from registry.progress import Silent
from registry.source import FetchContext
from tests.registry.infer.drafting import ROOMS, columns, cycle, drafted
from tests.registry.infer.sounds import recording

CHINESE = [f"第{n}个房间很干净，大家都很友好" for n in range(200)]
TAGS = [["O"] * 3 + ["B-NUM"] + ["O"] * (len(text.split()) - 4) for text in ROOMS]


def lines(**values):
    rows = zip(*values.values(), strict=True)
    return "".join(json.dumps(dict(zip(values, row, strict=True)), ensure_ascii=False) + "\n" for row in rows)


def objects(**values):
    return [dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True)]


def built(world, draft):
    """The published rows of the train split, after a check without problems."""
    saved(draft, world.catalog, force=False)
    checked = look(world.catalog.dataset(draft.name), world.catalog)
    assert checked.problems == ()
    return world.build(draft.name).published.read("train")


GUESSED = [
    ("tokens and tags", "token-classification", lines(tokens=[text.split() for text in ROOMS], ner_tags=TAGS)),
    ("lists of labels", "multilabel-classification", lines(text=ROOMS, labels=cycle(["a"], ["a", "b"], []))),
    (
        "answers in a struct",
        "question-answering",
        lines(question=ROOMS, context=ROOMS[::-1], answers=[{"text": ["clean"], "answer_start": [3]}] * 200),
    ),
    (
        "answers in a list of structs",
        "question-answering",
        lines(question=ROOMS, passage=ROOMS[::-1], answers=[[{"text": "clean", "start": 3}]] * 200),
    ),
    (
        "answers as texts",
        "question-answering",
        columns(question=ROOMS, context=ROOMS[::-1], answer=[text[4:30] for text in ROOMS[::-1]]),
    ),
    ("source and target", "translation", columns(source=ROOMS, target=CHINESE)),
    ("two languages", "translation", columns(en=ROOMS, zh=CHINESE)),
    ("languages in a struct", "translation", lines(translation=objects(en=ROOMS, zh=CHINESE))),
    ("an article and its highlights", "summarisation", columns(article=ROOMS, highlights=ROOMS[::-1])),
    ("a prompt and a completion", "text-generation", columns(prompt=ROOMS, completion=ROOMS[::-1])),
    ("who chose what", "recommendation", columns(user=cycle(*range(20)), movie_id=cycle(*"abcdefg"))),
    (
        "two sentences and a number",
        "text-similarity",
        columns(sentence1=ROOMS, sentence2=ROOMS[::-1], score=cycle(*(n / 5 for n in range(26)))),
    ),
    ("a text and a number", "text-regression", columns(review=ROOMS, rating=cycle(*(n / 7 for n in range(40))))),
    ("a text and points of a hundred", "text-regression", columns(essay=ROOMS, score=cycle(*range(100)))),
    ("texts alone", "language-modelling", columns(id=[f"r{n}" for n in range(200)], text=ROOMS)),
]


@pytest.mark.parametrize(("task", "data"), [one[1:] for one in GUESSED], ids=[one[0] for one in GUESSED])
def test_a_task_is_known_by_its_columns_and_its_card_builds(world, task, data):
    draft = drafted(world, data, "data/rooms.jsonl" if data.startswith("{") else "data/rooms.csv")
    assert draft.task == task
    assert f"fit {task}: " in draft.notes["task"][0]
    assert len(built(world, draft)) > 100


def test_the_rows_are_those_of_the_task(world):
    answers = [{"text": ["clean"], "answer_start": [3]}] * 200
    data = lines(id=[f"q{n}" for n in range(200)], question=ROOMS, context=ROOMS[::-1], answers=answers)
    row = built(world, drafted(world, data, "data/rooms.jsonl")).row(0, named=True)
    assert row["answers"] == ["clean"]
    assert row["id"].startswith("q")


def test_questions_about_one_passage_stay_together(world):
    data = columns(question=ROOMS, context=[ROOMS[n // 4] for n in range(200)], answer=ROOMS)
    draft = drafted(world, data)
    assert draft.split == {"method": "hash", "group": "context"}
    saved(draft, world.catalog, force=False)
    assert world.build("rooms").published.manifest["rows_kept"] == 200


def test_a_catalogue_of_messages_leaves_out_what_is_not_ready(world):
    entries = "".join(f'msgid "Open {text}"\nmsgstr "{done}"\n\n' for text, done in zip(ROOMS, CHINESE, strict=True))
    draft = drafted(world, entries + '#, fuzzy\nmsgid "Close"\nmsgstr "打开"\n', "data/zh.po")
    assert draft.select.endswith("WHERE NOT fuzzy AND NOT obsolete AND msgstr <> ''")
    assert draft.languages == ("en", "zh")
    saved(draft, world.catalog, force=False)
    assert world.build("zh").published.manifest["rows_kept"] == 200


def test_languages_are_those_that_the_columns_are_called_after(world):
    assert drafted(world, columns(fr=ROOMS, de=CHINESE)).languages == ("fr", "de")


def test_an_instruction_has_its_input_behind_it(world):
    draft = drafted(world, columns(instruction=ROOMS, input=cycle("", "these"), output=ROOMS[::-1]))
    texts = built(world, draft)["text"]
    assert set(texts) <= {*ROOMS, *(f"{text}\nthese" for text in ROOMS)}
    assert "not used" not in written(draft)


def test_choices_with_times_are_split_by_them_and_items_have_their_titles(world):
    data = columns(
        user=cycle(*range(20)),
        item_id=cycle(*"abcdefghijk"),
        title=cycle(*(f"film {name}" for name in "abcdefghijk")),
        rating=cycle(4, 5),
        timestamp=[1_700_000_000 + 3600 * n for n in range(200)],
    )
    draft = drafted(world, data)
    assert draft.split["method"] == "temporal"
    assert draft.split["unit"] == "seconds"
    assert draft.collection == "SELECT DISTINCT item_id AS id, title AS text\nFROM rooms"
    train = built(world, draft)
    assert {"user", "item", "rating", "time"} <= set(train.columns)
    assert len(train) == 160


def test_the_time_of_choices_may_be_named_and_count_milliseconds(world):
    times = [1_700_000_000_000 + 1000 * n for n in range(200)]
    data = columns(who=cycle(*range(20)), film=cycle(*"abcdefghijk"), moment=times)
    named = {"user": "who", "item": "film", "time": "moment"}
    draft = drafted(world, data, task="recommendation", columns=named)
    assert draft.split["unit"] == "milliseconds"
    assert len(built(world, draft)) == 160


def test_more_tags_than_a_card_can_show_are_not_listed(world):
    tags = [[f"T{n}"] * len(text.split()) for n, text in enumerate(ROOMS)]
    draft = drafted(world, lines(tokens=[text.split() for text in ROOMS], tags=tags), "data/rooms.jsonl")
    assert draft.labels == ()
    assert len(built(world, draft)) > 100


def test_choices_that_are_split_already_have_one_collection(world):
    test = columns(user=cycle(*range(20)), item=cycle(*"abcdefgh"))
    world.write({"data/test.csv": test})
    draft = drafted(world, columns(user=cycle(*range(20)), item=cycle(*"abcdefg")), "data/train.csv")
    assert draft.split == {"method": "given"}
    assert "FROM test AS train" in draft.select
    saved(draft, world.catalog, force=False)
    found = pl.read_parquet(world.build(draft.name).published.folder / "collection.parquet")
    assert found["id"].to_list() == list("abcdefgh")


def test_a_test_split_that_keeps_its_answers_to_itself_is_left_out(world):
    world.write({"data/test.csv": columns(en=ROOMS[:40], zh=[""] * 40)})
    world.write({"data/dev.csv": columns(en=ROOMS[40:80], zh=CHINESE[40:80])})
    draft = drafted(world, columns(en=ROOMS[80:], zh=CHINESE[80:]), "data/train.csv")
    assert list(draft.sources) == ["train", "validation"]
    assert "test has no references that tell rows apart" in written(draft)
    assert len(built(world, draft)) == 120


@pytest.mark.parametrize(
    ("data", "task"),
    [
        (columns(question=ROOMS, passage=ROOMS[::-1], answer=cycle("true", "false")), "text-pair"),
        (columns(text=ROOMS, stars=cycle(1, 2, 3, 4, 5)), "text-classification"),
        (columns(text=ROOMS, score=cycle(1.5, 2, 2.5)), "text-classification"),
        (columns(sentence1=ROOMS, sentence2=ROOMS[::-1], score=cycle(*range(6))), "text-pair"),
        (columns(user=cycle(*range(20)), item=cycle(*"abc"), review=ROOMS, rating=cycle(1, 5)), "text-classification"),
        (columns(instruction=ROOMS, response=ROOMS[::-1], category=cycle("a", "b")), "text-classification"),
    ],
)
def test_a_usual_label_goes_before_other_tasks(world, data, task):
    assert drafted(world, data).task == task


def test_the_task_that_a_table_might_be_of_besides_is_told(world):
    draft = drafted(world, columns(instruction=ROOMS, response=ROOMS[::-1], category=cycle("a", "b")))
    assert "`--task text-generation` makes a card of that" in draft.notes["task"][-2]
    data = columns(instruction=ROOMS, response=ROOMS[::-1], category=cycle("a", "b"))
    assert drafted(world, data, task="text-generation").task == "text-generation"


def test_texts_alone_are_told_how_they_get_labels(world):
    assert "`bench annotate label` asks people" in " ".join(drafted(world, columns(text=ROOMS)).notes["task"])


def test_what_is_asked_for_takes_columns_of_any_name(world):
    data = columns(a=ROOMS, b=ROOMS[::-1], c=cycle("clean", "kind"))
    draft = drafted(world, data, task="question-answering", columns={"question": "a", "text": "b", "label": "c"})
    assert draft.select == "SELECT a AS question, b AS text, c AS answers\nFROM rooms"
    assert set(built(world, draft)["answers"].explode()) == {"clean", "kind"}


@pytest.mark.parametrize(("between", "cut"), [("; ", "'; '"), (";", "';'"), ("|", "'|'"), (", ", "', '")])
def test_lists_in_one_field_are_cut_where_they_are_parted(world, between, cut):
    data = columns(body=ROOMS, topics=cycle("food", between.join(("food", "staff")), "staff"))
    draft = drafted(world, data, task="multilabel-classification", columns={"label": "topics"})
    assert f"string_split(topics, {cut}) AS labels" in draft.select
    assert draft.labels == ("food", "staff")
    assert len(built(world, draft)) > 100


@pytest.mark.parametrize(
    ("task", "wished", "told", "do"),
    [
        ("question-answering", {}, 'needs a column "question"', "--task question-answering --column question=COLUMN"),
        ("translation", {}, 'needs a column "reference"', "--task translation --label COLUMN"),
        ("translation", {"question": "a"}, 'has no column "question"', "It has: text, reference, id, group"),
        ("translation", {"label": "bb"}, 'no column "bb"; nearest: "b"', "Columns: a, b"),
        ("language-modelling", {"label": "a"}, "no column that is predicted", "It has: text"),
        ("retrieval", {}, "no one table is all of these", "bench card new --task retrieval"),
        ("", {"question": "a"}, 'without --task has no column "question"', "Name with --task"),
    ],
)
def test_what_a_task_lacks_is_told_with_a_command(world, task, wished, told, do):
    with pytest.raises(UserError, match=told) as refused:
        drafted(world, columns(a=ROOMS, b=ROOMS[::-1]), task=task, columns=wished)
    assert do in refused.value.do


def test_recordings_wait_for_what_is_said_in_them(world):
    world.write({f"data/clips/{n % 3}/{'yes' if n % 2 else 'no'}_{n}.wav": recording(n + 1) for n in range(60)})
    context = FetchContext(world.root, world.home, True, Silent())
    draft = inferred(str(world.root / "data/clips/*/*.wav"), Wish("clips"), context)
    assert draft.task == "speech-recognition"
    assert "no row can stay yet" in written(draft).replace("\n# ", " ")
    saved(draft, world.catalog, force=False)
    path = world.root / draft.file
    said = "regexp_extract(file, '([a-z]+)_', 1)"
    path.write_text(path.read_text().replace("CAST(NULL AS VARCHAR)", said))
    assert look(world.catalog.dataset("clips"), world.catalog).problems == ()
    assert set(world.build("clips").published.read("train")["reference"]) == {"yes", "no"}
