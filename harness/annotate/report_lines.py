"""What the votes of a card are worth, in words. Texts of items are cut and made printable."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from registry import gate
from registry.errors import clipped, plural

SHOWN = 160
"""Characters of a text that are shown."""


def lines(facts: Mapping[str, Any]) -> Iterator[str]:
    """What `reported` tells; a star marks the measure that counts."""
    covered, each = facts["coverage"], facts["votes_per_item"]
    yield (
        f"{clipped(facts['card'])}: {covered['votes']:,} votes on {covered['items_with_votes']:,} of "
        f"{plural(covered['items'], 'item')}, {each['min']} to {each['max']} each (median {each['median']:g})"
    )
    if "ties" in facts:
        yield f"  ties: on {facts['ties']:.1%} of these items the votes decide nothing"
    if facts["decisions"]:
        by = ", ".join(
            f"{clipped(name, 40) or 'nobody by name'} {count:,}" for name, count in facts["decisions"].items()
        )
        yield f"  decisions: on {plural(sum(facts['decisions'].values()), 'item')}, by {by}"
    yield from _gate_lines(facts["gates"])
    yield "measures"
    for one in facts["measures"]:
        counts = "*" if (one["measure"], one["level"]) == (facts["measure"], facts["level"]) else " "
        yield f"{counts} {gate.named(one):32}{_value(one)}"
    yield from _table("by label, each against all others", facts["per_label"].items())
    if facts["slices"]:
        parts = facts["slices"]
        yield from _table(f"by {clipped(parts['by'], 60)}", [(one["name"], one) for one in parts["slices"]])
        if parts["left_out"]:
            yield f"  and {parts['left_out']:,} more with fewer items"
    yield from _annotator_lines(facts)
    yield from _item_lines(facts["worst_items"])


def _gate_lines(gates: Mapping[str, Any]) -> Iterator[str]:
    if not gates["asked"]:
        yield "  gates: the card asks for nothing"
        return
    met = "met" if gates["passed"] else f"not met (on_failure: {gates['on_failure']})"
    yield f"  gates: {gates['asked']}; {met}"
    for unmet in gates["unmet"]:
        yield f"    {unmet}"


def _annotator_lines(facts: Mapping[str, Any]) -> Iterator[str]:
    if not facts["annotators"]:
        yield "annotators: all votes are anonymous, so nothing can be said of annotators and pairs of them"
        return
    yield "annotators: votes, agreement with votes of others, and with what the others come to"
    for one in facts["annotators"]:
        against = "" if one["against"] is None else _value(one["against"])
        value = "    -" if one["value"] is None else f"{one['value']:.3f}"
        yield f"  {clipped(one['name'], 30):32}{one['votes']:>9,}  {value}   {against}".rstrip()
    left_out = facts["coverage"]["annotators"] - len(facts["annotators"])
    if left_out:
        yield f"  and {left_out:,} more with fewer votes"
    if facts["anonymous"]:
        yield f"  and {plural(facts['anonymous'], 'anonymous vote')}"
    found = facts["pairs"]
    most = "" if found["annotators"] == found["of_annotators"] else f" of the {found['annotators']} with the most votes"
    worst = [(f"{one['first']}, {one['second']}", one) for one in found["worst"]]
    yield from _table(f"pairs of annotators that agree least, of {plural(found['count'], 'pair')}{most}", worst)


def _item_lines(worst: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if worst:
        yield "items without which agreement would be highest"
    for one in worst:
        votes = ", ".join(f"{vote:g}" if isinstance(vote, float | int) else clipped(vote, 40) for vote in one["votes"])
        more = one["of_votes"] - len(one["votes"])
        yield f"  {clipped(one['id'], 60)}: {votes}{f' and {more:,} more' if more else ''}"
        yield f"    {clipped(' '.join(one['text'].split()), SHOWN)}"


def _table(title: str, found: Any) -> Iterator[str]:
    rows = list(found)
    if rows:
        yield title
    for name, one in rows:
        yield f"  {clipped(name, 30):32}{_value(one)}"


def _value(one: Mapping[str, Any]) -> str:
    if one["value"] is None:
        return f"    -  {one['reason']}"
    interval = f"({one['reason']})" if one["low"] is None else f"[{one['low']:.3f}, {one['high']:.3f}]"
    return f"{one['value']:>5.3f}  {interval}  {plural(one['items'], 'item')}, {plural(one['votes'], 'vote')}"
