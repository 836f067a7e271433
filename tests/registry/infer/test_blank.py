"""Starting cards: of every task, one that checks and builds once the files it names are there."""

import json

import pytest

from registry.datacheck import look
from registry.infer.assemble import Wish
from registry.infer.blank import BLANKS
from registry.infer.draft import written
from registry.infer.start import saved, started
from registry.kinds import TASKS
from registry.progress import Silent
from registry.source import FetchContext
from tests.registry.infer.drafting import ROOMS, columns, cycle
from tests.registry.infer.sounds import recording


def lines(*rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


NUMBERS = cycle(*(n / 7 for n in range(40)))
PASSAGES = [{"question": f"what is {n}?", "context": text, "answers": ["clean"]} for n, text in enumerate(ROOMS)]
JUDGED = "query-id\tcorpus-id\tscore\n" + "".join(f"q{n}\td{n}\t{1 + n % 2}\n" for n in range(20))
DATA = {
    "language-modelling": {"data/my.txt": "\n".join(ROOMS) + "\n"},
    "multilabel-classification": {"data/my.csv": columns(text=ROOMS, labels=cycle("a;b", "a", "c"))},
    "question-answering": {"data/my.jsonl": lines(*PASSAGES)},
    "recommendation": {
        "data/my-choices.csv": columns(
            user=cycle(*range(20)),
            item=cycle("a", "b", "c"),
            time=[f"2024-01-01T{n // 60:02}:{n % 60:02}:00Z" for n in range(200)],
        ),
        "data/my-items.csv": "item,title\na,one\nb,two\nc,three\nd,four\n",
    },
    "retrieval": {
        "data/my-queries.jsonl": lines(*({"_id": f"q{n}", "text": f"which room is {n}?"} for n in range(20))),
        "data/my-corpus.jsonl": lines(*({"_id": f"d{n}", "text": text} for n, text in enumerate(ROOMS))),
        "data/my-judged.tsv": JUDGED,
    },
    "speech-recognition": {
        **{f"data/my/{n}.wav": recording(n + 1) for n in range(60)},
        "data/my.csv": "file,transcript\n" + "".join(f"{n}.wav,number {n}\n" for n in range(60)),
    },
    "speech-synthesis": {"data/my.csv": columns(text=ROOMS)},
    "summarisation": {"data/my.csv": columns(text=ROOMS, reference=ROOMS[::-1])},
    "text-classification": {"data/my.csv": columns(text=ROOMS, label=cycle("a", "b"))},
    "text-generation": {"data/my.csv": columns(text=ROOMS, reference=ROOMS[::-1])},
    "text-pair": {"data/my.csv": columns(text=ROOMS, text_pair=ROOMS[::-1], label=cycle("a", "b"))},
    "text-regression": {"data/my.csv": columns(text=ROOMS, score=NUMBERS)},
    "text-similarity": {"data/my.csv": columns(text=ROOMS, text_pair=ROOMS[::-1], score=NUMBERS)},
    "token-classification": {"data/my.txt": "\n\n".join(f"Ann{n} B-PER\nwent O\nhome O" for n in range(60)) + "\n"},
    "translation": {"data/my.csv": columns(text=ROOMS, reference=ROOMS[::-1])},
}


def test_every_task_has_data_here():
    assert set(DATA) == set(TASKS.names()) >= set(BLANKS)


@pytest.mark.parametrize("task", DATA)
def test_a_starting_card_checks_and_builds_once_its_data_are_there(world, task):
    draft = started({}, Wish("my", task=task), FetchContext(world.root, world.home, True, Silent()))
    saved(draft, world.catalog, force=False)
    missing = look(world.catalog.dataset("my"), world.catalog).problems
    assert len(missing) == len(draft.sources)
    assert all("no such file" in one.what or "matches no file" in one.what for one in missing)
    world.write(DATA[task])
    assert look(world.catalog.dataset("my"), world.catalog).problems == ()
    assert world.build("my").published.manifest["rows_kept"] > 10


def test_what_is_not_fetched_takes_the_place_of_the_first_source(world):
    entry = {"hub": {"repository": "someone/questions", "split": "test"}}
    wish = Wish("my", task="retrieval")
    draft = started(entry, wish, FetchContext(world.root, world.home, True, Silent()))
    assert draft.sources["queries"] == entry
    assert list(draft.sources) == ["queries", "corpus", "judged"]
    assert "The data were not looked at" in written(draft)
