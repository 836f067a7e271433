"""The documents or items of a card: what is searched or recommended, one row each, in no split.

Owns that ids tell them apart, that each has a text, and that rows name no document that is not there. Cleans nothing.
"""

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from registry.card import DatasetCard
from registry.digest import RowDigest, canonical_rows, digest
from registry.errors import UserError, clipped, plural
from registry.kinds import TARGETS, TASKS
from registry.pipeline.parts import Parts
from registry.select import Selected, run

NEEDED = ("id", "text")
MEND = "Mend it in `collection:`, for example with GROUP BY id or WHERE trim(text) <> ''."


def collected(card: DatasetCard, tables: Mapping[str, pl.DataFrame], where: str) -> Selected:
    """`id` and `text` of every document in order of id. UserError where they are no such rows."""
    where = f"{where}  collection"
    found = run(str(card.collection), dict(tables), where)
    missing = [name for name in NEEDED if name not in found.rows.columns]
    if missing:
        what = f"no column {' and no column '.join(missing)}. Columns: {', '.join(found.rows.columns)}."
        raise UserError(what, where=where, do="Each document has an id and a text: SELECT ... AS id, ... AS text.")
    rows = found.rows.select(pl.col(NEEDED).cast(pl.String)).sort("id")
    empty = rows.filter(pl.col("id").is_null() | (pl.col("text").str.strip_chars() == "").fill_null(value=True))
    if empty.height:
        shown = clipped(str(empty["id"][0]), 40)
        raise UserError(f"{plural(empty.height, 'document')} without an id or a text ({shown})", where=where, do=MEND)
    repeated = rows.filter(pl.col("id").is_duplicated())["id"].unique().sort()
    if len(repeated):
        shown = ", ".join(clipped(one, 40) for one in repeated.head(5))
        raise UserError(f"{plural(len(repeated), 'id')} of several documents ({shown})", where=where, do=MEND)
    if not rows.height:
        raise UserError("yields no document", where=where)
    return Selected(rows, found.left_out)


def check(parts: Parts, card: DatasetCard, documents: pl.DataFrame, where: str) -> None:
    """UserError where rows, whether they stay or not, name documents that the collection does not have."""
    known = documents["id"].implode()
    unknown = pl.concat([_named(part, card).filter(~pl.col("document").is_in(known)) for part in parts])
    if unknown.height:
        ids = ", ".join(clipped(one, 40) for one in unknown["document"].unique().sort().head(5))
        rows = unknown["id"].n_unique()
        name = "names" if rows == 1 else "name"
        what = f"{plural(rows, 'row')} {name} documents that the collection does not have ({ids})"
        do = "Join with the documents in `select:`, so that rows about missing ones are counted as left out."
        raise UserError(what, where=f"{where}  collection", do=do)


def with_collection(content: str, file: Path) -> str:
    """The content digest of splits and a collection together."""
    running = RowDigest()
    running.add(canonical_rows(pl.read_parquet(file)))
    return digest({"rows": content, "collection": running.hexdigest()})


def _named(rows: pl.DataFrame, card: DatasetCard) -> pl.DataFrame:
    """`id` and `document` of all documents that rows name."""
    task = TASKS.get(card.task)
    found = []
    if task.answer == "relevant":
        judged = TARGETS.get(task.answer)().read(rows["label"])
        ids = pl.col("v").list.eval(pl.element().struct.field("document"))
        found.append(pl.DataFrame({"id": rows["id"], "v": judged}).select("id", document=ids))
    found += [rows.select("id", document=name) for name in ("candidates",) if name in rows.columns]
    lists = [one.explode("document") for one in found]
    lists += [rows.select("id", document=name) for name in ("item",) if name in rows.columns]
    return pl.concat(lists).drop_nulls("document")
