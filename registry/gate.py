"""The agreement that annotators reached, and whether the card accepts it."""

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from registry.annotation.spec import AgreementSpec
from registry.card import DatasetCard
from registry.errors import GateError, clipped, plural

SHOWN = 3
"""Of the items and pairs that agree least, how many an error names."""
MOST_VOTES = 8
"""Of the votes on an item that it shows."""


def agreement(rows: pl.DataFrame, card: DatasetCard) -> dict[str, Any] | None:
    """Agreement over all source rows, before anything is cleaned away; None for cards without votes."""
    from registry.annotation.measuring import measured

    if card.annotation is None:
        return None
    return measured(rows, card.annotation, card.labels.names if card.labels else None)


def verdict(card: DatasetCard, measured: dict[str, Any] | None) -> dict[str, Any] | None:
    """The measured agreement with the card's demands; `unmet` says in words which of them are not met.

    `at_least` is None where the card asks for no value; a card that asks for nothing is passed.
    """
    if card.annotation is None or measured is None:
        return None
    asked = card.annotation.agreement
    labels, others = _labels(asked, measured, card), (*_votes(asked, measured), *_ties(asked, measured))
    unmet = [*_overall(asked, measured), *labels, *others]
    judged = {"at_least": asked.at_least, "passed": not unmet, "on_failure": card.annotation.on_failure}
    return {**measured, **judged, "unmet": unmet}


def demands(spec: AgreementSpec) -> str:
    """What a card asks for, in words; empty where it asks for nothing."""
    each = spec.per_label
    wanted = [
        f"at least {spec.at_least:g}" if spec.at_least is not None else "",
        f"{each:g} for each label" if isinstance(each, float | int) else "",
        *(f'{floor:g} for "{clipped(label, 40)}"' for label, floor in (each.items() if isinstance(each, dict) else ())),
        f"{plural(spec.min_votes, 'vote')} a row" if spec.min_votes is not None else "",
        f"at most {spec.max_ties:.1%} ties" if spec.max_ties is not None else "",
    ]
    return ", ".join(part for part in wanted if part)


def enforce(card: DatasetCard, measured: dict[str, Any] | None, where: str) -> str | None:
    """GateError where the card says that weak agreement fails the build; the warning to show where it says warn."""
    judged = verdict(card, measured)
    if judged is None or judged["passed"]:
        return None
    what = "\n  ".join([*judged["unmet"], *_where(judged)])
    if judged["on_failure"] == "warn":
        return what
    do = "Have more or better votes, or say `on_failure: warn` to build with the warning on every report."
    raise GateError(what, where=f"{where}  annotation > agreement", do=do)


def _overall(asked: AgreementSpec, measured: Mapping[str, Any]) -> Iterator[str]:
    if asked.at_least is not None:
        yield from _below(named(measured), measured, asked.at_least)


def _labels(asked: AgreementSpec, measured: Mapping[str, Any], card: DatasetCard) -> Iterator[str]:
    """Labels whose agreement is too low, in the card's order: a manifest has its keys sorted."""
    if asked.per_label is None:
        return
    found = measured.get("per_label", {})
    ordered = [name for name in (card.labels.names if card.labels else ()) if name in found] or found
    floors = asked.per_label if isinstance(asked.per_label, dict) else dict.fromkeys(ordered, asked.per_label)
    for label, floor in floors.items():
        unknown = {"value": None, "reason": "it was not measured for this label"}
        yield from _below(f'{named(measured)} on "{clipped(label, 40)}"', found.get(label, unknown), floor)


def _below(what: str, found: Mapping[str, Any], floor: float) -> Iterator[str]:
    if found["value"] is None:
        yield f"{what} cannot be computed: {found['reason']}; the card asks for {floor:g}"
    elif found["value"] < floor:
        interval = f"({found['reason']})" if found["low"] is None else f"[{found['low']:.3f}, {found['high']:.3f}]"
        yield f"{what} is {found['value']:.3f} {interval}, below the {floor:g} that the card asks for"


def _votes(asked: AgreementSpec, measured: Mapping[str, Any]) -> Iterator[str]:
    if asked.min_votes is None:
        return
    counts = measured.get("votes_per_item", {}).get("items", {})
    sizes = {int(size): items for size, items in counts.items() if size != "0"}
    few = sum(items for size, items in sizes.items() if size < asked.min_votes)
    wanted = f"the {plural(asked.min_votes, 'vote')} that the card asks for"
    if not sizes:
        yield f"no row has votes, let alone {wanted}"
    elif few:
        rows = plural(sum(sizes.values()), "row")
        yield f"{few:,} of {rows} with votes have fewer than {wanted}, the least {min(sizes)}"


def _ties(asked: AgreementSpec, measured: Mapping[str, Any]) -> Iterator[str]:
    if asked.max_ties is None:
        return
    ties = measured.get("ties")
    if ties is None:
        yield "ties are not defined for these answers, and the card sets a bound on them"
    elif ties > asked.max_ties:
        yield f"the votes on {ties:.1%} of the rows are tied, more than the {asked.max_ties:.1%} that the card allows"


def named(measured: Mapping[str, Any]) -> str:
    """The measure with its level, where it has one."""
    level = measured["level"]
    return f"{measured['measure']} ({level})" if level else str(measured["measure"])


def _where(judged: Mapping[str, Any]) -> Iterator[str]:
    """The items and pairs of annotators that agree least."""
    items = judged.get("worst_items", [])[:SHOWN]
    if items:
        yield f"most disagreement on {'; '.join(map(_item, items))}"
    pairs = judged.get("pairs", {}).get("worst", [])[:SHOWN]
    if pairs:
        told = (f"{clipped(one['first'], 40)} and {clipped(one['second'], 40)} ({one['value']:.3f})" for one in pairs)
        yield f"least agreement between {'; '.join(told)}"


def _item(one: Mapping[str, Any]) -> str:
    votes = [f"{vote:g}" if isinstance(vote, float | int) else clipped(vote, 40) for vote in one["votes"][:MOST_VOTES]]
    more = f" and {one['of_votes'] - MOST_VOTES} more" if one["of_votes"] > MOST_VOTES else ""
    return f"id {clipped(one['id'], 40)} ({', '.join(votes)}{more})"
