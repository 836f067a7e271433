"""The pictures of a scorecard as Vega-Lite specifications: labels, vocabulary, lengths, learning.

Owns marks and scales; colours and fonts belong to the page. Every number in them is in the tables or the JSON, too.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from registry.quality.measure import Growth, LearningCurve, Lengths, Scorecard
from registry.split import SPLITS

HEIGHT, ROW_HEIGHT = 170, 22
MOST_LABELS = 12
CURVE_POINTS = 40


class Picture(NamedTuple):
    """`caption` says what it shows, in words that do without it."""

    caption: str
    spec: dict[str, Any]


def pictures(found: Scorecard, label_counts: Mapping[str, Mapping[str, int]]) -> list[Picture]:
    """Those for which there is something to draw."""
    drawn = (balance(label_counts), growth(found.growth), lengths(found.lengths), learning(found.learning))
    return [one for one in drawn if one is not None]


def balance(counts: Mapping[str, Mapping[str, int]]) -> Picture | None:
    """The share of each label in each split: dots that lie apart are drift."""
    import altair as alt

    rows = {split: sum(of.values()) for split, of in counts.items() if sum(of.values())}
    totals: dict[str, int] = {}
    for of in counts.values():
        for label, number in of.items():
            totals[label] = totals.get(label, 0) + number
    shown = sorted(totals, key=lambda label: (-totals[label], label))[:MOST_LABELS]
    values = [
        {"label": label, "split": split, "share": counts[split].get(label, 0) / rows[split]}
        for label in shown
        for split in _ordered(rows)
    ]
    if not values:
        return None
    dots = alt.Chart(alt.InlineData(values=values)).mark_point(filled=True, size=65, strokeWidth=0, opacity=1)
    chart = dots.encode(
        x=alt.X("share:Q", title=None, axis=alt.Axis(format="%", tickCount=5), scale=alt.Scale(domainMin=0)),
        y=alt.Y("label:N", sort=shown, title=None, axis=alt.Axis(domain=False, ticks=False, grid=True)),
        # The page draws points with a rim, which belongs to published values.
        color=_by_split(rows).legend(symbolStrokeWidth=0),
        shape=alt.Shape("split:N", sort=_ordered(rows), legend=None),
        tooltip=["label:N", "split:N", alt.Tooltip("share:Q", format=".1%")],
    )
    of_all = f", the {MOST_LABELS} most frequent of {len(totals)}" if len(totals) > MOST_LABELS else ""
    return Picture(f"Labels: share of each split{of_all}", _plain(chart, ROW_HEIGHT * len(shown)))


def growth(found: Growth) -> Picture | None:
    """Distinct words against words read, and Heaps' law through them."""
    import altair as alt

    if len(found.points) < 2:
        return None
    values = [{"words": words, "distinct": distinct} for words, distinct in found.points]
    x = alt.X("words:Q", title="words read", axis=alt.Axis(tickCount=4, format="~s"))
    y = alt.Y("distinct:Q", title="distinct words", axis=alt.Axis(tickCount=4, format="~s"))
    points = alt.Chart(alt.InlineData(values=values)).mark_point(filled=True, size=40, strokeWidth=0, opacity=1)
    layers = [points.encode(x=x, y=y, tooltip=["words:Q", "distinct:Q"])]
    told = ""
    if found.factor is not None and found.exponent is not None:
        last = found.points[-1][0]
        steps = [last * step / CURVE_POINTS for step in range(1, CURVE_POINTS + 1)]
        curve = [{"words": step, "distinct": found.factor * step**found.exponent} for step in steps]
        layers.insert(0, alt.Chart(alt.InlineData(values=curve)).mark_line(strokeDash=[4, 3]).encode(x=x, y=y))
        told = f"; dashed: Heaps' law, {found.factor:.2f} × words^{found.exponent:.3f}"
    return Picture(f"Vocabulary growth{told}", _plain(alt.layer(*layers), HEIGHT))


def lengths(found: Lengths) -> Picture | None:
    """The share of rows in each bin, bins growing by half an octave."""
    import altair as alt

    rows = {split: sum(counts) for split, counts in found.rows.items()}
    values = [
        # An axis by logarithms has no place for an empty text.
        {"from": max(1, low), "to": high - 1, "split": split, "share": number / rows[split]}
        for split in _ordered(rows)
        for low, high, number in zip(found.edges, found.edges[1:], found.rows[split], strict=False)
    ]
    if not values:
        return None
    lines = alt.Chart(alt.InlineData(values=values)).mark_line(interpolate="step-after", strokeWidth=2)
    chart = lines.encode(
        x=alt.X("from:Q", title="characters", scale=alt.Scale(type="log"), axis=alt.Axis(tickCount=5, format="~s")),
        y=alt.Y("share:Q", title=None, axis=alt.Axis(format="%", tickCount=4)),
        color=_by_split(rows),
        strokeDash=alt.StrokeDash("split:N", sort=_ordered(rows), legend=None),
        tooltip=["split:N", "from:Q", "to:Q", alt.Tooltip("share:Q", format=".1%")],
    )
    return Picture("Lengths: share of each split's rows", _plain(chart, HEIGHT))


def learning(curves: Sequence[LearningCurve]) -> Picture | None:
    """Scores against training rows, and the law through them up to twice the largest size."""
    import altair as alt

    if not curves:
        return None
    values = [{"model": one.model, "rows": rows, "score": score} for one in curves for rows, score in one.points]
    fitted = [
        {"model": one.model, "rows": rows, "score": one.at(rows)} for one in curves for rows in _steps(one.points)
    ]
    names = [one.model for one in curves]
    x = alt.X("rows:Q", title="training rows", scale=alt.Scale(type="log"), axis=alt.Axis(tickCount=4, format="~s"))
    y = alt.Y("score:Q", title=None, scale=alt.Scale(zero=False), axis=alt.Axis(tickCount=4))
    colour = alt.Color("model:N", sort=names, title=None)
    line = alt.Chart(alt.InlineData(values=fitted)).mark_line(strokeDash=[4, 3]).encode(x=x, y=y, color=colour)
    dots = alt.Chart(alt.InlineData(values=values)).mark_point(filled=True, size=60, strokeWidth=0, opacity=1)
    points = dots.encode(x=x, y=y, color=colour, tooltip=["model:N", "rows:Q", "score:Q"])
    caption = f"Learning curves: {curves[0].metric}; dashed: inverse power law, up to twice the rows"
    return Picture(caption, _plain(alt.layer(line, points), HEIGHT))


def _steps(points: Sequence[tuple[int, float]]) -> list[float]:
    first, last = points[0][0], 2 * points[-1][0]
    return [first * (last / first) ** (step / CURVE_POINTS) for step in range(CURVE_POINTS + 1)]


def _ordered(splits: Mapping[str, Any]) -> list[str]:
    return [*(name for name in SPLITS if name in splits), *sorted(set(splits) - set(SPLITS))]


def _by_split(splits: Mapping[str, Any]) -> Any:
    """No range of its own: the page gives one for each scheme."""
    import altair as alt

    return alt.Color("split:N", sort=_ordered(splits), title=None)


def _plain(chart: Any, height: int) -> dict[str, Any]:
    """The specification without anything that looks like an address, since the page loads nothing."""
    import altair as alt

    fit = alt.AutoSizeParams(type="fit-x", contains="padding")
    spec: dict[str, Any] = chart.properties(width="container", height=height, autosize=fit).to_dict()
    return {key: part for key, part in spec.items() if key not in ("$schema", "config")}
