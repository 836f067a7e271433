"""What a manifest says of the annotation behind a version: guidelines, layers, how votes became labels, and by whom."""

from collections.abc import Mapping
from typing import Any

from registry.annotation import layers
from registry.annotation.raters import raters
from registry.annotation.spec import LABELLED
from registry.annotation.votes import Votes
from registry.card import GUIDELINES, DatasetCard
from registry.kinds import AGGREGATES
from registry.pipeline.parts import Parts
from registry.pipeline.rows import Origin
from registry.source import Fetched


def facts(card: DatasetCard, raw: Mapping[str, Fetched], origin: Origin, parts: Parts) -> dict[str, Any] | None:
    """Plain JSON; None for a card that nobody was asked about. `parts` are all rows that were read."""
    imported = {"layers": [file.name for file in raw[layers.INPUT].files]} if layers.INPUT in raw else {}
    counted = {"answers": dict(origin.answers)} if origin.answers else {}
    asked = card.annotation
    if asked is None:
        return {**imported, **counted} if imported else None
    guidelines = [
        {"file": file.name, "version": asked.guidelines_version, "sha256": file.sha256}
        for file in (raw[GUIDELINES].files if GUIDELINES in raw else ())
    ]
    otherwise = _under_other_guidelines(raw)
    return {
        "question": asked.question,
        "answer": asked.answer,
        "aggregate": asked.aggregation,
        **({"guidelines": guidelines[0]} if guidelines else {}),
        **imported,
        **({"other_guidelines": otherwise} if otherwise else {}),
        **counted,
        **_raters(card, parts),
    }


def _under_other_guidelines(raw: Mapping[str, Fetched]) -> int:
    """Imported answers that name instructions other than those of today."""
    today = raw[GUIDELINES].files[0].sha256[:12] if GUIDELINES in raw else ""
    files = raw[layers.INPUT].files if layers.INPUT in raw else ()
    named = (entry.guidelines for file in files for entry in layers.read(file.path).entries)
    return sum(one not in ("", today) for one in named)


def _raters(card: DatasetCard, parts: Parts) -> dict[str, Any]:
    """What the aggregate says of those who voted, over all rows that were read."""
    asked = card.annotation
    if asked is None or asked.answer not in LABELLED or "annotators" not in parts.part(0).columns:
        return {}
    labels = card.labels.names if card.labels else None
    votes = Votes.from_columns(parts.columns(["id", "votes", "annotators"]), labels, asked.answer)
    found = AGGREGATES.get(asked.aggregation)().combine(votes, asked.ties)
    return {"raters": raters(votes, found)}
