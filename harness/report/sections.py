"""What a report says of the datasets and models behind its numbers: cards, counts, agreement, ledger, proof."""

from collections.abc import Iterator, Mapping
from typing import Any

from harness.drift import differences, drifted, few_groups, power
from harness.folds import folds_of
from harness.inspect.quality import quality
from harness.plan import Dataset, ModelInSuite, Plan
from harness.report.board import DatasetSection, ModelSection
from harness.spec import Limits
from harness.workspace import Workspace
from registry import gate
from registry.annotation.spec import Annotation
from registry.audits.asked import results
from registry.errors import plural


def dataset_section(name: str, plan: Plan, workspace: Workspace) -> DatasetSection:
    dataset = plan.datasets[name]
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
        notices=(*card.cautions, *_notices(plan, dataset)),
        differences=differences(manifest) if manifest else (),
        power=power(manifest, card.margin) if manifest else "",
        asked=results(card.audit, manifest) if manifest else (),
        quality=quality(card, dataset.published, workspace, encode=True) if dataset.published else None,
        annotation=_annotation(card.annotation, manifest or {}),
    )


def _annotation(asked: Annotation | None, manifest: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the card asks, and what was made of it as far as the manifest says."""
    if asked is None:
        return manifest.get("annotation")
    scale = asked.scale.model_dump() if asked.scale else None
    said = {"question": asked.question, "answer": asked.answer, "scale": scale, "aggregate": asked.aggregation}
    return {**said, "gates": gate.demands(asked.agreement), **manifest.get("annotation", {})}


def _notices(plan: Plan, dataset: Dataset) -> list[str]:
    """What the reader should know and no contract forbids."""
    if dataset.published is None:
        return [dataset.trouble or "not built yet"]
    manifest = dataset.published.manifest
    left_out = [
        f"`select:` left out {facts['left_out_by_select']:,} of {facts['rows']:,} rows of the source {name}"
        for name, facts in manifest["sources"].items()
        if facts["left_out_by_select"]
    ]
    untraced = [
        f"`select:` folds rows together: {plural(facts['rows'], 'row')} of the source {name}"
        for name, facts in manifest["sources"].items()
        if facts["left_out_by_select"] is None
    ]
    seen = [f"{what}: {count:,}" for what, count in manifest["audit"]["observations"].items() if count]
    splits = [told for told in (drifted(manifest), few_groups(dataset.published)) if told]
    return [*left_out, *untraced, *seen, *splits, *_short(manifest, plan.suite.limits), *_aside(manifest)]


def _short(manifest: Mapping[str, Any], limits: Limits) -> Iterator[str]:
    """Classes that have fewer training rows than a few-shot limit asks for."""
    counts = manifest["splits"]["train"]["labels"]
    few = [f"{label} ({count:,})" for label, count in counts.items() if count < (limits.per_class or 0)]
    if few:
        yield f"fewer than {limits.per_class:,} training rows, all of them used: {', '.join(few)}"


def _aside(manifest: Mapping[str, Any]) -> Iterator[str]:
    """Test rows that cross-validation leaves alone."""
    rows = manifest["splits"]["test"]["rows"]
    if rows and folds_of(manifest):
        yield f"cross-validation leaves the test split alone: {plural(rows, 'row')}"


def model_section(model: ModelInSuite, workspace: Workspace) -> ModelSection:
    card = model.card
    recipe = card.recipe.model_dump(mode="json") if card.recipe is not None else {}
    text = workspace.catalog.merged("models", card.name).text
    return ModelSection(card.name, card.title, card.family, recipe, text)
