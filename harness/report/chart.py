"""The interval chart of one dataset's headline metric, as a Vega-Lite specification.

Owns marks and scales; colours and fonts belong to the page, which has a light and a dark scheme.
Refuses to hide a hole: a cell without a number keeps its line and says why it is empty.
"""

from collections.abc import Sequence
from typing import Any

from harness.report.board import Cell
from harness.report.cells import labels
from harness.report.words import STATUS_WORDS, interval, number

ROW_HEIGHT = 24
TIERS = ["best or tied", "behind"]


def intervals(cells: Sequence[Cell]) -> dict[str, Any] | None:
    """Dots with 95% intervals, published values as open diamonds. None when there is no number to draw."""
    import altair as alt

    lines = [_line(label, cell) for label, cell in zip(labels(cells), cells, strict=True)]
    if not any(line["value"] is not None for line in lines):
        return None
    # An explicit order: a layered chart silently drops sort="-x".
    axis = alt.Axis(title=None, domain=False, ticks=False, grid=True)
    y = alt.Y("label:N", sort=[line["label"] for line in lines], axis=axis)
    layers = [_whiskers(lines, y), _dots(lines, y), _published(lines, y), _holes(lines, y)]
    chart = alt.layer(*[layer for layer in layers if layer is not None])
    fit = alt.AutoSizeParams(type="fit-x", contains="padding")
    sized = chart.properties(width="container", height=ROW_HEIGHT * len(lines), autosize=fit)
    spec: dict[str, Any] = sized.to_dict()
    # The page loads nothing, so nothing in it should look like an address.
    return {key: part for key, part in spec.items() if key not in ("$schema", "config")}


def _line(label: str, cell: Cell) -> dict[str, Any]:
    return {
        "label": label,
        "value": cell.value,
        "low": cell.low,
        "high": cell.high,
        "text": f"{number(cell.value)} {interval(cell.low, cell.high)}",
        "tier": TIERS[0] if cell.best_or_tied else TIERS[1],
        "paper": cell.anchor.value if cell.anchor else None,
        "hole": STATUS_WORDS[cell.status],
    }


def _data(lines: Sequence[dict[str, Any]], *needed: str) -> Any:
    """The lines that have the needed fields, with nothing but what a mark reads."""
    import altair as alt

    fields = ("label", "text", "tier", *needed)
    kept = [line for line in lines if all(line[field] is not None for field in needed)]
    return alt.InlineData(values=[{field: line[field] for field in fields} for line in kept]) if kept else None


def _x(field: str) -> Any:
    import altair as alt

    return alt.X(
        f"{field}:Q",
        title=None,
        scale=alt.Scale(zero=False, nice=False, padding=12),
        axis=alt.Axis(tickCount=6),
    )


def _colour() -> Any:
    """No range of its own: the page gives one for each scheme."""
    import altair as alt

    return alt.Color("tier:N", scale=alt.Scale(domain=TIERS), legend=None)


def _tips() -> list[Any]:
    import altair as alt

    return [alt.Tooltip("label:N", title="Model"), alt.Tooltip("text:N", title="Value")]


def _whiskers(lines: Sequence[dict[str, Any]], y: Any) -> Any:
    import altair as alt

    data = _data(lines, "low", "high")
    if data is None:
        return None
    rule = alt.Chart(data).mark_rule(strokeWidth=2, strokeCap="round")
    return rule.encode(x=_x("low"), x2="high:Q", y=y, color=_colour(), tooltip=_tips())


def _dots(lines: Sequence[dict[str, Any]], y: Any) -> Any:
    import altair as alt

    dots = alt.Chart(_data(lines, "value")).mark_circle(size=70, opacity=1)
    return dots.encode(x=_x("value"), y=y, color=_colour(), tooltip=_tips())


def _published(lines: Sequence[dict[str, Any]], y: Any) -> Any:
    import altair as alt

    data = _data(lines, "paper")
    if data is None:
        return None
    diamonds = alt.Chart(data).mark_point(shape="diamond", size=90, filled=False, strokeWidth=1.5)
    tips = [alt.Tooltip("label:N", title="Model"), alt.Tooltip("paper:Q", title="Published")]
    return diamonds.encode(x=_x("paper"), y=y, tooltip=tips)


def _holes(lines: Sequence[dict[str, Any]], y: Any) -> Any:
    import altair as alt

    data = _data([line for line in lines if line["value"] is None], "hole")
    if data is None:
        return None
    words = alt.Chart(data).mark_text(align="left", fontStyle="italic", dx=4)
    return words.encode(x=alt.value(0), y=y, text="hole:N")
