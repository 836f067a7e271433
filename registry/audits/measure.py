"""How well a label can be told from one value of a row: learned on some rows, measured on others.

The measure of a label is its true positive rate less its false positive rate (Youden 1950): 0 for whatever knows
nothing, however unequal the labels are, and 1 for what tells the label from all others without a mistake. With two
labels it is the balanced accuracy, moved so that chance is 0. As the rows that it is measured on taught nothing, how
far luck can get is known, and no permutations are needed to tell it from skill.
"""

import math
from typing import NamedTuple

import polars as pl

RARE = 5
"""A value of fewer learning rows is taken together with other rare ones: it says more of itself than of a label."""
LUCK = 1e-7
"""How unlikely luck must be for skill to be believed; some hundred things are measured on one card."""


class Value(NamedTuple):
    """One value that tells a label, and the shares of the label's rows and of all others that have it."""

    value: str
    right: float
    wrong: float


class Skill(NamedTuple):
    """How well one label is told, by one value or by all that are typical of it."""

    label: str
    measure: float
    right: float
    """The share of the label's rows that are told to have it."""
    wrong: float
    """The share of all other rows that are told to have it."""
    example: int
    """The first row that is told rightly; where there is `most`, that has it."""
    most: Value | None = None
    """The value that tells most of the label's rows; None where only missing and rare ones do."""
    rare: bool = False
    """Whether missing and rare values, taken together, are told to have it."""


def by_value(values: pl.Series, labels: pl.Series, learning: pl.Series) -> Skill | None:
    """The label that equal values tell best; None where they tell none. One entry a row."""
    rows = pl.DataFrame({"value": values, "label": labels, "learning": learning}).with_row_index("row")
    often = rows.filter("learning").group_by("value").len().filter(pl.col("len") >= RARE)["value"]
    value = pl.when(pl.col("value").is_in(often.implode())).then("value")
    rows = rows.with_columns(value)
    counted = rows.filter("learning").group_by("value", "label").len()
    rate = counted.with_columns(rate=pl.col("len") / pl.col("len").sum().over("label"))
    # The label whose rows have the value most often, so that the larger label wins nothing by its size.
    told = rate.sort("rate", "label", descending=[True, False]).unique("value", keep="first", maintain_order=True)
    rows = rows.join(told.select("value", told="label"), on="value", how="left", nulls_equal=True)
    measured = rows.filter(~pl.col("learning"))
    skill = _best(measured.select("row", "label", "told"), measured["label"].value_counts())
    if skill is None:
        return None
    return _named(skill, measured)


def by_token(found: pl.DataFrame, labels: pl.Series, learning: pl.Series) -> list[Skill]:
    """The labels that one token gives away: each with the token that the learning rows tell it best by.

    `found` has the tokens of each row: `place` (a row) and `token`.
    """
    rows = pl.DataFrame({"label": labels, "learning": learning}).with_row_index("row")
    having = found.unique().join(rows, left_on="place", right_on="row")
    counted = having.filter("learning").group_by("token", "label").agg(found=pl.len())
    sizes = rows.filter("learning").group_by("label").agg(size=pl.len())
    counted = counted.with_columns(total=pl.col("found").sum().over("token")).filter(pl.col("total") >= RARE)
    others = (pl.col("total") - pl.col("found")) / (pl.lit(int(learning.sum())) - pl.col("size"))
    rated = counted.join(sizes, on="label").with_columns(rate=pl.col("found") / pl.col("size") - others)
    chosen = rated.sort("rate", "token", descending=[True, False]).unique("label", keep="first", maintain_order=True)
    measured = having.filter(~pl.col("learning"))
    sizes = rows.filter(~pl.col("learning"))["label"].value_counts()
    skills = []
    for token, label in chosen.select("token", "label").rows():
        told = measured.filter(pl.col("token") == token).select(row="place", label="label", told=pl.lit(label))
        if skill := _best(told, sizes):
            skills.append(skill._replace(most=Value(token, skill.right, skill.wrong)))
    return skills


def _named(skill: Skill, measured: pl.DataFrame) -> Skill:
    """With the value that tells most rows rightly. `measured`: row, its value, its label and the one it is told."""
    own = pl.col("label") == skill.label
    telling = measured.filter(pl.col("told") == skill.label)
    skill = skill._replace(rare=telling["value"].has_nulls())
    values = (
        telling.drop_nulls("value")
        .group_by("value")
        .agg(right=own.sum(), wrong=(~own).sum(), row=pl.col("row").filter(own).min())
    )
    values = values.filter(pl.col("right") > 0)
    if values.is_empty():
        return skill
    empty = pl.col("value").str.strip_chars() == ""
    value, right, wrong, row = values.sort(empty, "right", "value", descending=[False, True, False]).row(0)
    size = measured.select(own.sum()).item()
    return skill._replace(example=row, most=Value(value, right / size, wrong / (measured.height - size)))


def _best(told: pl.DataFrame, sizes: pl.DataFrame) -> Skill | None:
    """The label that is told best, beyond luck. `told`: row, its label and the one it is told to have."""
    total = sizes["count"].sum()
    hits = told.filter(pl.col("label") == pl.col("told")).group_by("label").agg(right=pl.len(), row=pl.col("row").min())
    rates = (
        told.group_by(label="told")
        .len("told")
        .join(hits, on="label")
        .join(sizes, on="label")
        .with_columns(rest=pl.lit(total) - pl.col("count"), rate=pl.col("told") / total)
        .filter(pl.col("rest") > 0)
        .with_columns(
            right=pl.col("right") / pl.col("count"), wrong=(pl.col("told") - pl.col("right")) / pl.col("rest")
        )
        .with_columns(measure=pl.col("right") - pl.col("wrong"))
    )
    # How likely luck is, at most, seen from the label's rows and from all others (Hoeffding 1963, theorems 1 and 4).
    unlikely = pl.max_horizontal(
        pl.col("count") * _divergence(pl.col("right"), pl.col("rate")),
        pl.col("rest") * _divergence(pl.col("wrong"), pl.col("rate")),
    )
    beyond = rates.filter(pl.col("measure") > 0, unlikely > -math.log(LUCK))
    beyond = beyond.sort("measure", "label", descending=[True, False])
    if beyond.is_empty():
        return None
    return Skill(*beyond.select("label", "measure", "right", "wrong", "row").row(0))


def _divergence(share: pl.Expr, rate: pl.Expr) -> pl.Expr:
    """The relative entropy of two shares."""
    return _weighed(share, rate) + _weighed(1 - share, 1 - rate)


def _weighed(share: pl.Expr, rate: pl.Expr) -> pl.Expr:
    return pl.when(share > 0).then(share * (share / rate).log()).otherwise(0.0)
