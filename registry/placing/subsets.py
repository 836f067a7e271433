"""Smaller training sets out of one: nested, and drawn by row ids, so that row order and other rows change nothing."""

import polars as pl

from registry.digest import hashed


def first(rows: pl.DataFrame, count: int) -> pl.DataFrame:
    """The first `count` rows in an order that is fixed by their ids; fewer are a part of more. In order of id."""
    return rows.with_columns(_order=hashed(rows["id"], "subset")).sort("_order").head(count).sort("id").drop("_order")


def few_shot(rows: pl.DataFrame, per_class: int, seed: int) -> pl.DataFrame:
    """`per_class` rows of each label, drawn by `seed`; with one seed fewer are a part of more. In order of id.

    A label with fewer rows gives all that it has, as `lacking` says. A row with several labels is drawn by each.
    """
    lines = _labelled(rows).with_columns(_order=hashed(rows["id"], f"few-shot:{seed}"))
    drawn = lines.explode("label").drop_nulls("label").sort("_order").group_by("label").head(per_class)
    return rows.filter(pl.col("id").is_in(drawn["id"].unique().implode())).sort("id")


def lacking(rows: pl.DataFrame, per_class: int) -> dict[str, int]:
    """The labels that have fewer than `per_class` rows, with how many they have."""
    counts = _labelled(rows).explode("label").drop_nulls("label").group_by("label").len().sort("label")
    return {label: count for label, count in counts.iter_rows() if count < per_class}


def _labelled(rows: pl.DataFrame) -> pl.DataFrame:
    """`id` and `label`, a list of labels in every row."""
    several = isinstance(rows.schema["label"], pl.List)
    return rows.select("id", "label" if several else pl.concat_list("label").alias("label"))
