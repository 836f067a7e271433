"""Texts with labelled parts as tokens with tags: `B-` for the first token of a part, `I-` for the others, else `O`.

A token is a Han or Kana character, a run of other letters and digits, or a sign; where a part begins or ends inside
such a run, the run is cut there. Parts that overlap, are empty or lie outside their text have no tags: those rows lose
their answer.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from registry.texts import spans

CHARACTERS = "\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff"
TOKEN = re.compile(rf"[{CHARACTERS}]|[^\W{CHARACTERS}]+|[^\w\s]")


def tagged(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with `tokens` and `tags` in place of `spans`; tags are null where the spans make none."""
    pairs = rows.select("text", spans.COLUMN).iter_rows()
    found = [(None, None) if text is None else _tagged(str(text), given or ()) for text, given in pairs]
    columns = [
        pl.Series(name, [one[place] for one in found], dtype=pl.List(pl.String))
        for place, name in enumerate(("tokens", "tags"))
    ]
    return rows.drop(spans.COLUMN).with_columns(columns)


def _tagged(text: str, given: Sequence[Mapping[str, Any]]) -> tuple[list[str], list[str] | None]:
    parts = sorted({(one["start"], one["end"], one["label"]) for one in given})
    edges = [(0, 0), *((start, end) for start, end, _ in parts)]
    sound = all(before[1] <= start < end <= len(text) for before, (start, end, _) in zip(edges, parts, strict=False))
    if not sound:
        return [match[0] for match in TOKEN.finditer(text)], None
    tokens, tags, at = list[str](), list[str](), 0
    for start, end, label in [*parts, (len(text), len(text), "")]:
        outside = TOKEN.findall(text[at:start])
        inside = TOKEN.findall(text[start:end])
        tokens += [*outside, *inside]
        tags += ["O"] * len(outside) + [f"{'I' if place else 'B'}-{label}" for place in range(len(inside))]
        at = end
    return tokens, tags
