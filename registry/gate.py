"""The agreement that annotators reached, and whether the card accepts it."""

from typing import Any

import polars as pl

from registry.card import DatasetCard
from registry.errors import GateError


def agreement(rows: pl.DataFrame, card: DatasetCard) -> dict[str, Any] | None:
    """Agreement over all source rows, before anything is cleaned away; None for cards without votes."""
    from registry.annotation.agreement import alpha_with_interval
    from registry.annotation.votes import Votes

    if card.annotation is None:
        return None
    found = alpha_with_interval(Votes.from_list_column(rows["votes"]))
    measured = {"measure": card.annotation.agreement.measure, "level": card.annotation.agreement.level}
    return {**measured, **found._asdict()}


def verdict(card: DatasetCard, measured: dict[str, Any] | None) -> dict[str, Any] | None:
    """The measured agreement with the card's demand and whether it is met."""
    if card.annotation is None or measured is None:
        return None
    at_least = card.annotation.agreement.at_least
    passed = measured["value"] is not None and measured["value"] >= at_least
    return {**measured, "at_least": at_least, "passed": passed, "on_failure": card.annotation.on_failure}


def enforce(card: DatasetCard, measured: dict[str, Any] | None, where: str) -> str | None:
    """GateError where the card says that weak agreement fails the build; the warning to show where it says warn."""
    judged = verdict(card, measured)
    if judged is None or judged["passed"]:
        return None
    if judged["value"] is None:
        what = f"agreement cannot be computed: {judged['reason']}"
    else:
        interval = f"({judged['reason']})" if judged["low"] is None else f"[{judged['low']:.3f}, {judged['high']:.3f}]"
        what = (
            f"{judged['measure']} ({judged['level']}) is {judged['value']:.3f} {interval}, "
            f"below the {judged['at_least']:g} that the card asks for"
        )
    if judged["on_failure"] == "warn":
        return what
    do = "Have more or better votes, or say `on_failure: warn` to build with the warning on every report."
    raise GateError(what, where=f"{where}  annotation > agreement", do=do)
