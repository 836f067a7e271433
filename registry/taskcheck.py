"""What rows of a task show that a build takes as it is and that models will stumble over. Stops nothing."""

from collections.abc import Iterator

import polars as pl

from registry.card import DatasetCard
from registry.errors import clipped, plural
from registry.kinds import TARGETS, TASKS
from registry.texts.sounds import recording

UNORDERED = ("hash", "stratified", "k-fold")
"""Split methods that ask nothing of rows but who they are."""


def stumbles(rows: pl.DataFrame, card: DatasetCard) -> Iterator[str]:
    """Notices, with a count and the first id. `rows` are those that stay, as the build's last step has them."""
    if card.task == "question-answering":
        yield from _elsewhere(rows)
    if card.task == "token-classification":
        yield from _other_tokens(rows)
    if card.task == "speech-recognition":
        yield from _unplayable(rows)
    if card.task == "recommendation" and card.split.method in UNORDERED:
        yield (
            f"split: {card.split.method} puts choices anywhere, so that models learn from what came later; "
            "`split: {method: temporal, column: ...}` asks what users choose next"
        )


def _elsewhere(rows: pl.DataFrame) -> Iterator[str]:
    answers = TARGETS.get(TASKS.get("question-answering").answer)().read(rows["label"])
    one = rows.select("id", "text", answer=answers).explode("answer").drop_nulls()
    missing = one.filter(~pl.col("text").str.contains(pl.col("answer"), literal=True))
    if missing.height:
        first, shown = missing["id"][0], clipped(missing["answer"][0], 40)
        yield (
            f"{plural(missing['id'].n_unique(), 'row')} have an answer that is no part of the passage "
            f'(first: id {clipped(first, 40)}, "{shown}"); models that mark a part cannot give it'
        )


def _other_tokens(rows: pl.DataFrame) -> Iterator[str]:
    bare = [pl.col("text"), pl.col("tokens").cast(pl.List(pl.String)).list.join("")]
    text, tokens = (one.str.replace_all(r"\s", "") for one in bare)
    other = rows.filter(text != tokens)
    if other.height:
        first = clipped(other["id"][0], 40)
        yield f"in {plural(other.height, 'row')} the tokens do not make up the text (first: id {first})"


def _unplayable(rows: pl.DataFrame) -> Iterator[str]:
    wrong = [(row, why) for row, data in rows.select("id", "audio").iter_rows() if (why := _trouble(data))]
    if wrong:
        first, why = wrong[0]
        yield f"{plural(len(wrong), 'recording')} cannot be read (first: id {clipped(first, 40)}, which {why})"


def _trouble(data: bytes | None) -> str:
    try:
        recording(data or b"")
    except ValueError as error:
        return str(error)
    return ""
