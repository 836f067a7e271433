"""What a report says of the datasets and models behind its numbers: cards, counts, agreement, ledger, proof."""

from collections.abc import Mapping
from typing import Any

from harness.plan import Dataset, ModelInSuite
from harness.report.board import DatasetSection, ModelSection
from harness.workspace import Workspace
from registry import gate


def dataset_section(name: str, dataset: Dataset, workspace: Workspace) -> DatasetSection:
    card, manifest = dataset.card, dataset.published.manifest if dataset.published else None
    license_text = " - ".join(part for part in (card.license.spdx, card.license.note) if part)
    use = "" if card.license.use == "any" else f" ({card.license.use} use only)"
    return DatasetSection(
        name=name,
        title=card.title,
        kind=card.kind,
        domain=card.domain,
        languages=card.languages,
        license=license_text + use,
        citation=card.citation,
        version=manifest["content_digest"] if manifest else "",
        labels=tuple(manifest["labels"]) if manifest else (),
        label_counts={split: facts["labels"] for split, facts in manifest["splits"].items()} if manifest else {},
        rows_read=manifest["rows_read"] if manifest else None,
        rows_kept=manifest["rows_kept"] if manifest else None,
        ledger=tuple((op, reason, count) for op, reason, count in manifest["ledger"]) if manifest else (),
        agreement=gate.verdict(card, manifest["agreement"]) if manifest else None,
        audit=manifest["audit"]["violations"] if manifest else {},
        card_text=workspace.catalog.merged("datasets", name).text,
        notices=(*card.cautions, *(_notices(manifest) if manifest else [dataset.trouble or "not built yet"])),
    )


def _notices(manifest: Mapping[str, Any]) -> list[str]:
    """What the reader should know and no contract forbids."""
    left_out = [
        f"`select:` left out {facts['left_out_by_select']:,} of {facts['rows']:,} rows of the source {name}"
        for name, facts in manifest["sources"].items()
        if facts["left_out_by_select"]
    ]
    untraced = [
        f"`select:` folds rows together: {facts['rows']:,} rows of the source {name} were read"
        for name, facts in manifest["sources"].items()
        if facts["left_out_by_select"] is None
    ]
    seen = [f"{what}: {count:,}" for what, count in manifest["audit"]["observations"].items() if count]
    return [*left_out, *untraced, *seen]


def model_section(model: ModelInSuite, workspace: Workspace) -> ModelSection:
    card = model.card
    recipe = card.recipe.model_dump(mode="json") if card.recipe is not None else {}
    text = workspace.catalog.merged("models", card.name).text
    return ModelSection(card.name, card.title, card.family, recipe, text)
