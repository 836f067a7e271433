"""Text with span annotations: spans follow their characters through every row op, or their row leaves.

A span counts code points, its end exclusive. Where a text changed, it is cut at the ends of its spans, and the op is
asked what it makes of each piece. Only where these, but for white space between them, make up the changed text is it
known where each span went; all else is refused. Owns that proof; knows no op in particular.
"""

from collections.abc import Sequence
from typing import Any

import polars as pl

from registry.op import RowOp, leave, staying

SPAN = pl.Struct({"start": pl.Int64, "end": pl.Int64, "label": pl.String})
COLUMN = "spans"


def are_in(frame: pl.DataFrame) -> bool:
    """Whether a table has spans: a column of that name with lists of `start`, `end` and `label`."""
    dtype = frame.schema.get(COLUMN)
    inner = dtype.inner if isinstance(dtype, pl.List) else None
    return isinstance(inner, pl.Struct) and {field.name for field in inner.fields} == {"start", "end", "label"}


def misplaced(text: str = "text") -> pl.Expr:
    """Which rows have a span that is empty or not within that column's text; those without spans have none."""
    start, end = pl.element().struct.field("start"), pl.element().struct.field("end")
    sound = pl.col(COLUMN).list.eval(((start >= 0) & (start < end)).fill_null(value=False)).list.all()
    last = pl.col(COLUMN).list.eval(end).list.max()
    return (~sound | (last > pl.col(text).str.len_chars())).fill_null(value=False)


def realigned(op: RowOp, name: str, before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """`after`, which `op` made of `before`, with `spans` where their text is now.

    A row whose spans cannot be placed keeps them and leaves: "a span did not survive NAME". Without a column `spans`
    the rows are as they were.
    """
    if COLUMN not in after.columns:
        return after
    changed = after.with_row_index("_row").with_columns(_before=before["text"])
    changed = changed.filter(
        staying() & pl.col("text").ne_missing(pl.col("_before")) & (pl.col(COLUMN).list.len() > 0)
    ).select("_row", "_before", "text", COLUMN)
    if changed.is_empty():
        return after
    moved = _moved(op, changed.filter(~misplaced("_before")))
    placed = after.with_row_index("_row").join(moved, on="_row", how="left", maintain_order="left")
    asked = pl.col("_row").is_in(changed["_row"].implode())
    lost = asked & pl.col("_moved").is_null()
    return placed.with_columns(
        leave(lost, f"a span did not survive {name}"), pl.coalesce("_moved", COLUMN).alias(COLUMN)
    ).drop("_row", "_moved")


def _moved(op: RowOp, changed: pl.DataFrame) -> pl.DataFrame:
    """`_row` and `_moved`, its spans now; null where that cannot be told."""
    edges: list[list[int]] = []
    pieces: list[str] = []
    for text, spans in changed.select("_before", COLUMN).iter_rows():
        edges.append(sorted({0, len(text), *(edge for span in spans for edge in (span["start"], span["end"]))}))
        pieces += [text[start:end] for start, end in zip(edges[-1], edges[-1][1:], strict=False)]
    images = iter(_images(op, pieces))
    moved = [
        _placed(after, spans, at, [next(images) for _ in at[1:]])
        for (after, spans), at in zip(changed.select("text", COLUMN).iter_rows(), edges, strict=True)
    ]
    return changed.select("_row", _moved=pl.Series(moved, dtype=changed.schema[COLUMN]))


def _images(op: RowOp, pieces: Sequence[str]) -> list[str]:
    """What the op makes of each piece as if it were a text of its own."""
    rows = pl.DataFrame({"text": pl.Series(pieces, dtype=pl.String)}).with_columns(
        id=pl.int_range(pl.len()).cast(pl.String), _reason=pl.lit(None, dtype=pl.String)
    )
    return op.apply(rows)["text"].to_list()


def _placed(
    after: str, spans: Sequence[dict[str, Any]], edges: Sequence[int], images: Sequence[str]
) -> list[dict[str, Any]] | None:
    """The spans where the images of the pieces stand in `after`; None where those do not make it up."""
    starts, ends, position = dict[int, int](), dict[int, int](), 0
    for left, right, image in zip(edges, edges[1:], images, strict=False):
        said = image
        if not after.startswith(said, position):
            # White space at the ends of a piece may have gone where it was no end of the whole text, or the reverse.
            said, position = image.strip(), len(after) - len(after[position:].lstrip())
            if not after.startswith(said, position):
                return None
        starts[left], ends[right] = position, position + len(said)
        position += len(said)
    moved = [{**span, "start": starts[span["start"]], "end": ends[span["end"]]} for span in spans]
    whole = not after[position:].strip() and all(span["start"] < span["end"] for span in moved)
    return moved if whole else None
