"""A card that says all that others ask for, with votes, so that every part of an export has something to say."""

import socket
from collections.abc import Callable

import pytest

from tests.worlds import World, table

CARD = """\
name: voted
title: Remarks | *rated* by two people
description: Invented remarks, each rated by two people.
kind: vertical
domain: retail
languages: [en, pt-BR]
license: {spdx: CC-BY-SA-4.0, use: research, note: The remarks quote others}
citation: "@article{doe2014, title={Remarks}}"
creators: ["Doe, Jane", Remark Institute]
published: 2014-06
url: https://example.org/remarks
task: text-classification
sources: {rows: {local: data/voted.csv, format: {csv: {columns: {a: number, b: number}}}}}
select: SELECT id, text, [a, b] AS votes FROM rows WHERE id <> 'r00'
annotation:
  question: How good?
  guidelines: cards/guidelines/good.md
  scale: {min: 0, max: 9}
  votes: votes
  agreement: {at_least: 0.2}
labels: {from: {bad: "aggregate < 4", "no": "aggregate > 5"}, else: {drop: neither}}
clean: [whitespace, {length: {min_chars: 2}}, dedupe_exact]
split: {method: hash}
"""
ROWS = [(f"r{n:02d}", f'remark  {n}: <b>"é" 好</b>\n--- | {n}', str(n % 10), str((n * 3) % 10)) for n in range(60)]

MakeCard = Callable[..., World]


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing here may need a server, the libraries of others included."""

    def refuse(*arguments: object) -> None:
        raise AssertionError(f"a socket was opened: {arguments[1:]}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    for name in ("HF_HUB_OFFLINE", "HF_DATASETS_OFFLINE"):
        monkeypatch.setenv(name, "1")


@pytest.fixture
def voted(world: World) -> World:
    """A project with the card and its table."""
    files = {
        "data/voted.csv": table(*ROWS, header="id,text,a,b"),
        "cards/guidelines/good.md": "Read twice.\n\nRate once.\n",
    }
    return world.write({"cards/datasets/vertical/voted.yaml": CARD, **files})


@pytest.fixture
def without(voted: World) -> MakeCard:
    """The same card without some of its lines, or with others in their place."""

    def make(*keys: str, more: str = "") -> World:
        lines = [line for line in CARD.splitlines() if line.split(":")[0] not in keys]
        return voted.write({"cards/datasets/vertical/voted.yaml": "\n".join([*lines, more]) + "\n"})

    return make


TOLD = """\
description: Remarks, invented.
creators: [Remark Institute]
published: 2014
url: https://example.org/remarks
citation: none
"""
PROTOCOLS = {
    "folds": "split: {method: k-fold, folds: 3, repeats: 2, test: 0.2}\n",
    "times": "split: {method: temporal, column: at, test: 2021-01-15}\n",
    "clusters": "clean: [{dedupe_near: {threshold: 0.8}}]\nsplit: {method: hash}\n",
}
"""Cards whose files have columns that no row of the source has."""


@pytest.fixture(params=PROTOCOLS)
def protocol(world: World, request: pytest.FixtureRequest) -> World:
    """A built card, `mine`, with rows of other columns than most have."""
    rows = [(f"remark {n} of many that somebody made up", "ab"[n % 2], f"2021-01-{n % 28 + 1:02}") for n in range(60)]
    world.card(table(*rows, header="text,label,at"), TOLD + PROTOCOLS[request.param])
    world.build()
    return world
