"""Starting cards without data: for each task, the sources and SELECTs that its rows are usually made of."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from registry.infer.assemble import RATIOS, Wish
from registry.infer.draft import Draft
from registry.infer.usual import needed
from registry.kinds import TASKS


class Blank(NamedTuple):
    """`NAME` in a path stands for the card's name."""

    about: str = "one row each; `bench list formats` shows what else than CSV is read"
    sources: Mapping[str, Mapping[str, Any]] = {"rows": {"local": "data/NAME.csv"}}
    select: str = ""
    collection: str = ""
    split: Mapping[str, Any] = {"method": "hash"}


BLANKS: Mapping[str, Blank] = {
    "multilabel-classification": Blank(
        "labels of a row stand in one field, between semicolons; JSON Lines may have lists instead, and no `select:`",
        select="SELECT text, string_split(labels, ';') AS labels\nFROM rows",
    ),
    "token-classification": Blank(
        "one token a line with its tag, an empty line between sentences",
        {"rows": {"local": "data/NAME.txt", "format": {"conll": {"columns": ["tokens", "tags"]}}}},
    ),
    "question-answering": Blank(
        "question, context and answers, a text or a list of texts; in SQuAD's form write answers.text AS answers",
        {"rows": {"local": "data/NAME.jsonl"}},
        "SELECT question, context AS text, answers, context\nFROM rows",
        split={"method": "hash", "group": "context"},
    ),
    "retrieval": Blank(
        "queries and documents with _id and text, and which document answers which query, how well (0, 1, 2 ...)",
        {
            "queries": {"local": "data/NAME-queries.jsonl"},
            "corpus": {"local": "data/NAME-corpus.jsonl"},
            "judged": {"local": "data/NAME-judged.tsv"},
        },
        'SELECT _id AS id, text, list({document: "corpus-id", grade: score} ORDER BY "corpus-id") AS relevant\n'
        'FROM queries JOIN judged ON "query-id" = _id\nGROUP BY _id, text',
        "SELECT _id AS id, text\nFROM corpus",
        {"method": "all-test"},
    ),
    "language-modelling": Blank("one text a line", {"rows": {"local": "data/NAME.txt"}}),
    "recommendation": Blank(
        "who chose what and when, and what each item is; times that are numbers need `unit: seconds` in `split:`",
        {"choices": {"local": "data/NAME-choices.csv"}, "items": {"local": "data/NAME-items.csv"}},
        'SELECT choices."user", item, choices."time"\nFROM choices',
        "SELECT item AS id, title AS text\nFROM items",
        {"method": "temporal", "column": "time", "ratios": RATIOS},
    ),
    "speech-recognition": Blank(
        "WAV files, and a table with the name of each (file) and what is said in it (transcript)",
        {
            "clips": {"local": "data/NAME/*.wav", "file_column": "file"},
            "transcripts": {"local": "data/NAME.csv"},
        },
        "SELECT audio, transcript AS reference\n"
        "FROM clips JOIN transcripts ON regexp_extract(clips.file, '[^/]+$') = transcripts.file",
    ),
}


def blank(wish: Wish) -> Draft:
    """A card of the wished task for data that nobody has looked at."""
    task = wish.task or "text-classification"
    kind, found = TASKS.get(task), BLANKS.get(task, Blank())
    asked = [*needed(task), *(f"perhaps {name}" for name in kind.optional)]
    rows = f"task: a row has {', '.join(asked)}; `select:` names columns that the data call otherwise (docs/tasks.md)"
    sources = {
        name: {key: value.replace("NAME", wish.name) if isinstance(value, str) else value for key, value in one.items()}
        for name, one in found.sources.items()
    }
    return Draft(
        name=wish.name,
        title=wish.title or wish.name,
        kind=wish.kind,
        domain=wish.domain,
        languages=wish.languages or ("und",),
        license={"spdx": wish.license or "NOASSERTION"},
        task=task,
        sources=sources,
        select=found.select,
        collection=found.collection,
        split=found.split,
        notes={
            "title": () if wish.title else ("title: say what the rows are and who made them",),
            "languages": () if wish.languages else ("languages: codes such as en or zh",),
            "license": () if wish.license else ("license: an SPDX id; ask whoever made the data",),
            "task": (rows,),
            "sources": (f"sources: {found.about}",),
            "collection": ("collection: `id` and `text` of everything that can be found, chosen or not",),
        },
    )
