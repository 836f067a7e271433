"""`bench card show`: a card as it is understood, and what its built version holds."""

from typing import Any

from harness.spec import model_card, suite
from harness.suites import section_of
from harness.workspace import Workspace
from registry import build
from registry.catalog import Catalog
from registry.identity import part
from registry.manifest import SPLITS

EXAMPLES = 5


def described(catalog: Catalog, name: str) -> dict[str, Any]:
    """The typed card as plain JSON, with the version and five example rows of a dataset that is built."""
    section = section_of(name, Workspace(catalog))
    file = catalog.file(section, name)
    if section == "models":
        card = model_card(catalog, name)
        return {"file": file.shown_as, **card.model_dump(mode="json"), "recipe": part(card.recipe)}
    if section == "suites":
        return {"file": file.shown_as, **suite(catalog, name).model_dump(mode="json")}
    return {"file": file.shown_as, **_dataset(catalog, name)}


def _dataset(catalog: Catalog, name: str) -> dict[str, Any]:
    card = catalog.dataset(name)
    fields = card.model_dump(mode="json", exclude={"sources", "clean", "split"}, exclude_none=True)
    fields["sources"] = {key: spec.origin.describe() for key, spec in card.sources.items()}
    fields["clean"] = [{step.name: part(step.op)} for step in card.clean]
    fields["split"] = {"method": card.split.method, **part(card.split.split)}
    published = build.locate(name, catalog)
    if published is None:
        return {**fields, "version": None}
    rows = published.read("test").head(EXAMPLES).drop("votes", strict=False)
    facts = {key: published.manifest[key] for key in ("rows_read", "rows_kept", "ledger", "agreement")}
    splits = {split: published.manifest["splits"][split] for split in SPLITS}
    built = {"version": published.digest, "folder": str(published.folder), "splits": splits, **facts}
    return {**fields, **built, "examples": rows.to_dicts()}


def lines(found: dict[str, Any]) -> list[str]:
    """The same for people: one key a line, nested values indented."""
    import yaml

    from registry.errors import printable

    text = yaml.safe_dump(found, sort_keys=False, allow_unicode=True, width=110)
    return [printable(line) for line in text.splitlines()]
