"""Answers of models as tables: one line an input, with what was right beside what was said, in order of id.

Refuses, as `Unusable`, answers that are too few, too many, of another kind than the task's, or no answers at all: what
a model returns is not trusted. What metrics read of these lines is told by `harness.scoring`.
"""

from typing import Any, TypeVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from harness.examples import Collection, Labels, LabelSets, Numbers, Rankings, Tags, Texts
from harness.outside.wire import SPELLED

Kind = TypeVar("Kind")


class Unusable(ValueError):
    """What a model returned is no answer to what it was asked."""


MOST_RANKED = 1_000
"""Documents of a ranking that are kept and scored."""


def checked(found: Any, kind: type[Kind], inputs: int) -> Kind:
    """The answers, where they are of this kind and as many as the inputs."""
    if not isinstance(found, kind):
        raise Unusable(f"the model answered with {_named(type(found))}, the task asks for {_named(kind)}")
    first: Any = found[0]  # type: ignore[index]
    if len(first) != inputs:
        raise Unusable(f"the model answered {len(first)} of {inputs} rows")
    return found


def of_labels(rows: pl.DataFrame, found: Any, labels: tuple[str, ...]) -> pl.DataFrame:
    """id, gold and predicted label, and the probabilities where the model has them."""
    given = checked(found, Labels, rows.height)
    if not np.isin(given.labels, np.arange(len(labels))).all():
        raise Unusable("the model answered with a label outside the card's set")
    frame = pl.DataFrame({"id": rows["id"], "gold": rows["label"], "predicted": np.asarray(labels)[given.labels]})
    return _with_probabilities(frame, given.probabilities).sort("id")


def of_sets(rows: pl.DataFrame, found: Any, labels: tuple[str, ...]) -> pl.DataFrame:
    """id, gold and predicted lists of labels in the card's order, and the probability of each label."""
    given = checked(found, LabelSets, rows.height)
    if given.chosen.shape != (rows.height, len(labels)) or given.chosen.dtype != np.bool_:
        raise Unusable(
            f"the model's sets are no table of true and false with a column for each of {len(labels)} labels"
        )
    chosen = [[labels[place] for place in np.flatnonzero(line)] for line in given.chosen]
    names = pl.Series("predicted", chosen, dtype=pl.List(pl.String))
    frame = pl.DataFrame({"id": rows["id"], "gold": rows["labels"]}).with_columns(names)
    return _with_probabilities(frame, given.probabilities).sort("id")


def of_numbers(rows: pl.DataFrame, found: Any) -> pl.DataFrame:
    """id, gold and predicted number."""
    given = checked(found, Numbers, rows.height)
    if not np.isfinite(given.values).all():
        raise Unusable("the model answered with what is no finite number")
    return pl.DataFrame({"id": rows["id"], "gold": rows["score"], "predicted": given.values}).sort("id")


def of_tags(rows: pl.DataFrame, found: Any, labels: tuple[str, ...]) -> pl.DataFrame:
    """id, tokens, gold and predicted tags: as many as there are tokens."""
    given = checked(found, Tags, rows.height)
    wrong = [
        place
        for place, (tags, length) in enumerate(zip(given.tags, rows["tokens"].list.len(), strict=True))
        if len(tags) != length
    ]
    if wrong:
        tokens = rows["tokens"][wrong[0]]
        raise Unusable(
            f"the model gave {len(given.tags[wrong[0]])} tags to {len(tokens)} tokens (row {rows['id'][wrong[0]]})"
        )
    flat = np.concatenate([np.zeros(0, dtype=np.int64), *given.tags])
    if not np.isin(flat, np.arange(len(labels))).all():
        raise Unusable("the model answered with a tag outside the card's set")
    names = [[labels[place] for place in tags] for tags in given.tags]
    columns = {"id": rows["id"], "tokens": rows["tokens"], "gold": rows["tags"]}
    return pl.DataFrame(columns).with_columns(pl.Series("predicted", names, dtype=pl.List(pl.String))).sort("id")


def of_texts(rows: pl.DataFrame, found: Any, gold: pl.Series, source: pl.Series | None = None) -> pl.DataFrame:
    """id, gold (a text, or the list of texts of which any is right), predicted text, and the text it was made of."""
    given = checked(found, Texts, rows.height)
    said = [_text(text) for text in given.texts]
    columns: dict[str, Any] = {"id": rows["id"], "gold": gold, "predicted": pl.Series(said, dtype=pl.String)}
    if source is not None:
        columns["source"] = source
    if given.seconds is not None:
        columns["seconds"] = given.seconds
    return pl.DataFrame(columns).sort("id")


def of_rankings(ids: pl.Series, gold: pl.Series, found: Any) -> pl.DataFrame:
    """id, gold (list of {document, grade}) and predicted (ids, best first, at most 1,000)."""
    given = checked(found, Rankings, len(ids))
    for place, ranking in enumerate(given.documents):
        if len(set(ranking)) < len(ranking):
            raise Unusable(f"the model ranked a document twice (row {ids[place]})")
    ranked = pl.Series([list(one[:MOST_RANKED]) for one in given.documents], dtype=pl.List(pl.String))
    return pl.DataFrame({"id": ids, "gold": gold, "predicted": ranked}).sort("id")


def within(lines: pl.DataFrame, collection: Collection | None) -> pl.DataFrame:
    """The lines, with `known`, how many documents there were to rank; as they are where there is no collection.

    Unusable for a ranking that holds what the collection does not have.
    """
    if collection is None:
        return lines
    ranked = lines.select("id", "predicted").explode("predicted").drop_nulls("predicted")
    strange = ranked.filter(~pl.col("predicted").is_in(list(collection.ids)))
    if strange.height:
        row, document = strange.row(0)
        raise Unusable(f"the model ranked {document!r}, which the collection does not have (row {row})")
    return lines.with_columns(known=pl.lit(len(collection.ids), dtype=pl.Int64))


def _named(kind: type) -> str:
    """As programs and files of predictions name it too: `Texts ("answer")`."""
    return f'{kind.__name__} ("{SPELLED[kind][0]}")' if kind in SPELLED else kind.__name__


def _text(text: Any) -> str:
    if not isinstance(text, str):
        raise Unusable(f"the model answered with {type(text).__name__}, the task asks for text")
    return text.encode("utf-8", "replace").decode()  # half a surrogate pair cannot be stored


def _with_probabilities(frame: pl.DataFrame, probabilities: NDArray[np.float32] | None) -> pl.DataFrame:
    if probabilities is None:
        return frame
    lists = pl.Series(np.ascontiguousarray(probabilities, dtype=np.float32)).cast(pl.List(pl.Float32))
    return frame.with_columns(probabilities=lists)
