"""Random tables and cards, built whole; what was written is held against the rules in plain Python.

Nothing here asks the registry what it thinks: texts are folded, compared and counted a second time.
"""

import json
import random
import re
import unicodedata
from collections import Counter, defaultdict
from itertools import combinations
from typing import Any

import polars as pl
import pytest

from registry.errors import UserError
from registry.near.shingle import Shingle
from registry.pipeline import parts
from registry.reading import jsonrows
from registry.split import SPLITS
from tests.registry.near.reference import jaccard, shingles

WORDS = "the film was a great dull lovely story about old people who went far away to find lost treasure".split()
HAN = "这部电影非常好看我很喜欢但是结局有点奇怪演员表演不错剧情紧凑节奏太慢"
METHODS: tuple[dict[str, Any], ...] = (
    {"method": "hash"},
    {"method": "hash", "ratios": {"train": 0.5, "validation": 0.2, "test": 0.3}},
    {"method": "stratified", "by": ["label", "lang"]},
    {"method": "stratified", "ratios": {"train": 0.5, "validation": 0.2, "test": 0.3}},
    {"method": "temporal", "column": "day", "validation": "2020-01-12", "test": "2020-01-20", "gap": "12h"},
    {"method": "temporal", "column": "day", "ratios": {"train": 0.5, "validation": 0.2, "test": 0.3}},
    {"method": "k-fold", "folds": 3, "repeats": 2, "test": 0.2},
    {"method": "hold-out", "column": "lang", "train": ["en"], "test": ["zh"], "others": "drop"},
    {"method": "given", "column": "part"},
)
Rows = list[dict[str, Any]]


def folded(text: str | None) -> str:
    return re.sub(r"[\s\u3000]+", " ", unicodedata.normalize("NFKC", text or "").lower()).strip()


def varied(draw: random.Random, text: str) -> str:
    """The text in upper case, full-width, spaced out, with a typo, a letter less, another mark or one word more."""
    place = draw.randrange(len(text))
    return draw.choice(
        [
            text.upper(),
            "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text),
            f"  {text.replace(' ', '  ')}\n",
            text[:place] + draw.choice("xyz") + text[place + 1 :],
            text[:place] + text[place + 1 :],
            text + draw.choice("!.。！"),
            f"{text} {draw.choice(WORDS)}",
        ]
    )


def made(draw: random.Random) -> Rows:
    """Rows that repeat each other in part, with labels that mostly follow the text, groups and days."""
    count, ids, labels = draw.choice([60, 120]), draw.random() < 0.5, draw.choice([["bad", "good"], ["a", "b", "c"]])
    dense = ["".join(draw.choices(HAN, k=draw.randint(8, 25))) for _ in range(count // 3)]
    texts = [*dense, *(" ".join(draw.choices(WORDS, k=draw.randint(6, 14))) for _ in range(count // 2))]
    rows = []
    for number in range(count):
        which = draw.randrange(len(texts))
        row = {
            "text": varied(draw, texts[which]) if draw.random() < 0.5 else texts[which],
            "label": labels[which % len(labels)] if draw.random() < 0.95 else draw.choice(labels),
            "author": f"author {draw.randrange(count // 3)}",
            "day": f"2020-01-{draw.randint(1, 28):02}",
            "part": draw.choice(["train", "train", "validation", "test"]),
            "lang": draw.choice(["en", "zh", "de"]),
        }
        row |= {"text": draw.choice(["", " "])} if draw.random() < 0.03 else {}
        rows.append(row | ({"id": f"r{number:04}"} if ids else {}))
    return rows


def asked(draw: random.Random) -> dict[str, Any]:
    """`clean` and `split` of a card."""
    clean: list[Any] = [name for name in ("whitespace", {"normalize": {"form": "NFKC"}}) if draw.random() < 0.3]
    clean += [{"sample": {"share": 0.7}}] * (draw.random() < 0.15)
    clean += [{"dedupe_exact": {"conflict": draw.choice(["drop", "pool"])}}] * (draw.random() < 0.5)
    if draw.random() < 0.7:
        action = draw.choice(["remove", "tie"])
        clean.append({"dedupe_near": {"threshold": draw.choice([0.5, 0.7, 0.8, 0.9]), "action": action}})
    split = dict(draw.choice(METHODS))
    split |= {"group": "author"} if draw.random() < 0.4 and split["method"] != "given" else {}
    clean += [{"balance": {"splits": list(SPLITS)}}] * (draw.random() < 0.15)
    return {"clean": clean, "split": split}


def write(world, rows: Rows, more: dict[str, Any]):
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    world.write({"data/mine.jsonl": lines})
    world.card(None, "".join(f"{key}: {json.dumps(value)}\n" for key, value in more.items()))
    path = world.root / "cards/datasets/task/mine.yaml"
    path.write_text(path.read_text().replace("mine.csv", "mine.jsonl"))
    return world


def kept_and_left(published) -> tuple[Rows, Rows]:
    kept = [row | {"split": name} for name in SPLITS for row in pl.read_parquet(published.split(name)).to_dicts()]
    return kept, pl.read_parquet(published.split("ledger")).to_dicts()


def pairs_of(kept: Rows, clean: list[Any]) -> list[tuple[int, int]]:
    """The kept rows that the card's dedupe_near should have seen together."""
    (near,) = [step["dedupe_near"] for step in clean if "dedupe_near" in step] or [None]
    sets = [shingles(folded(row["text"]), Shingle()) for row in kept] if near else []
    alike = [(one, other) for one, other in combinations(range(len(sets)), 2) if sets[one] & sets[other]]
    return [
        (one, other)
        for one, other in alike
        if len(sets[one] & sets[other]) / len(sets[one] | sets[other]) >= near["threshold"]
    ]


def torn(kept: Rows, place: str, ties: list[tuple[int, int]]) -> list[Any]:
    """Texts and groups that stand in two values of `place`, and near pairs that are parted by it."""
    where = defaultdict(set)
    for row in kept:
        for value in (("text", folded(row["text"])), ("group", row.get("group", row["id"]))):
            where[value].add(row[place])
    parted = [(kept[one]["id"], kept[other]["id"]) for one, other in ties if kept[one][place] != kept[other][place]]
    return [*(value for value, places in where.items() if len(places) > 1), *parted]


def hold(published, rows: Rows, more: dict[str, Any]) -> None:
    """Every promise about duplicates, clusters, groups, folds, time and the ledger."""
    kept, left = kept_and_left(published)
    assert len(kept) + len(left) == len(rows)
    every = {row["id"]: row for row in (*kept, *left)}
    assert len(every) == len(rows)
    assert Counter(folded(row["text"]) for row in every.values()) == Counter(folded(row["text"]) for row in rows)
    counts = Counter((row["op"], row["reason"]) for row in left)
    assert counts == {(op, reason): count for op, reason, count in published.manifest["ledger"]}
    ties = pairs_of(kept, more["clean"])
    assert torn(kept, "split", ties) == []
    train = [number for number, row in enumerate(kept) if row["split"] == "train"]
    within = [(train.index(one), train.index(other)) for one, other in ties if {one, other} <= set(train)]
    for fold in (name for name in kept[0] if name.startswith("fold_")):
        assert torn([kept[number] for number in train], fold, within) == []
    if any("dedupe_exact" in step for step in more["clean"]):
        assert len({folded(row["text"]) for row in kept}) == len(kept)
    assert not [step for step in more["clean"] if step.get("dedupe_near", {}).get("action") == "remove" and ties]
    for row in (row for row in left if row["duplicate_of"]):
        other = every[row["duplicate_of"]]
        assert other["id"] in {one["id"] for one in kept}
        if row["similarity"] is not None:
            assert row["similarity"] == jaccard(folded(row["text"]), folded(other["text"]), Shingle())
    if more["split"]["method"] == "temporal":
        spans = [[row["time"] for row in kept if row["split"] == name] for name in SPLITS]
        assert max(spans[0]) < min(spans[1]) <= max(spans[1]) < min(spans[2])


def tried(seed: int, make_world, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Build a random world and hold it; then again from other parts and another order. False where it is refused."""
    draw = random.Random(seed)
    rows, more = made(draw), asked(draw)
    more["clean"] = [step if isinstance(step, dict) else {step: {}} for step in more["clean"]]
    published, where = None, ""
    try:
        published = write(make_world(), rows, more).build().published
    except UserError as error:
        where = error.where
    if published is None:
        assert where.startswith("cards/")
        return False
    hold(published, rows, more)
    with monkeypatch.context() as tight:
        tight.setenv("BENCH_MEMORY", "60KB")
        tight.setattr(parts, "ROWS", 400)
        tight.setattr(jsonrows, "BLOCK", 3000)
        again = write(make_world(), draw.sample(rows, len(rows)), more).build().published
    assert again.digest == published.digest
    assert kept_and_left(again)[1] == kept_and_left(published)[1]
    return True


def test_whatever_is_asked_nothing_leaks_and_every_row_is_accounted_for(fresh_world, monkeypatch):
    assert sum(tried(seed, fresh_world, monkeypatch) for seed in range(6)) >= 4


@pytest.mark.slow
def test_many_more_worlds(fresh_world, monkeypatch):
    assert sum(tried(seed, fresh_world, monkeypatch) for seed in range(100, 400)) >= 150


def edited(seed: int, make_world, monkeypatch: pytest.MonkeyPatch, steps: int) -> None:
    """Another card again and again in one store gives what each gives in a store of its own."""
    draw, warm = random.Random(seed), make_world()
    rows = made(draw)
    for _ in range(steps):
        if draw.random() < 0.2:
            rows = [*rows[1:], rows[0] | {"text": varied(draw, rows[3]["text"] or "empty")}]
        more = asked(draw)
        found = []
        for world in (warm, make_world()):
            monkeypatch.setenv("BENCH_HOME", str(world.home))
            (world.root / "cards.lock").unlink(missing_ok=True)
            try:
                published = write(world, rows, more).build().published
                found.append((published.digest, kept_and_left(published)[1], published.manifest["ledger"]))
            except UserError as error:
                found.append(error.what)
        assert found[0] == found[1]


def test_a_card_that_is_edited_gives_what_a_new_store_gives(fresh_world, monkeypatch):
    edited(1, fresh_world, monkeypatch, steps=6)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 22))
def test_many_more_edits(fresh_world, monkeypatch, seed):
    edited(seed, fresh_world, monkeypatch, steps=10)
