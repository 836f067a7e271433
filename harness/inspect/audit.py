"""`bench audit`: what the audits find in published versions and between them, for people and for programs."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import polars as pl

from harness.workspace import Workspace
from registry import lock, store
from registry.answers import audits_of
from registry.audits import kept
from registry.audits.across import ACROSS, across, identity, table
from registry.audits.contamination import Contamination
from registry.audits.finding import Finding
from registry.audits.rows import published_rows
from registry.errors import UserError, clipped, plural
from registry.identity import audited as method
from registry.kinds import AUDITS
from registry.store import SHORT, Published
from registry.text import inputs
from registry.versions import tags

SHOWN = 160
"""Characters of a text that are shown."""
Settings = Mapping[str, Mapping[str, Any]]
"""Parameters that are not the defaults, by audit."""


class Checked(NamedTuple):
    """What one audit found in one version."""

    audit: Any
    finding: Finding

    @property
    def violated(self) -> bool:
        return bool(self.audit.violation and self.finding.found.height)


class CardAudit(NamedTuple):
    """One version, and what each audit found in it."""

    version: Published
    checks: dict[str, Checked]

    @property
    def card(self) -> str:
        return str(self.version.manifest["card"])


class Audited(NamedTuple):
    """`across` has the test rows of one card that are known from another."""

    cards: tuple[CardAudit, ...]
    across: pl.DataFrame
    not_said: str
    """Why nothing can be said of cards together; empty where it can."""
    terms: Contamination

    @property
    def violated(self) -> bool:
        return any(check.violated for card in self.cards for check in card.checks.values())

    def as_json(self, limit: int | None) -> dict[str, Any]:
        """One object, with the `limit` worst of everything found, or all."""
        return {
            "cards": [_card_facts(card, limit) for card in self.cards],
            "across": {
                "parameters": identity(self.terms),
                "table": table(self.across).to_dicts(),
                "worst": _worst(self.across, limit).to_dicts(),
                "not_said": self.not_said,
            },
        }


def audited(names: Sequence[str] | None, workspace: Workspace, settings: Settings) -> Audited:
    """Every audit of these versions (`CARD`, `CARD@DIGEST` or `CARD@TAG`), or of every card in the store.

    Of several, each is held against all others too. UserError where a name has no version here.
    """
    versions = _versions(names, workspace)
    audits = {name: AUDITS.get(name)(**settings.get(name, {})) for name in AUDITS.names()}
    terms = Contamination(near=settings.get("near", {}), ngrams=settings.get("ngrams", {}))
    cards = []
    with workspace.progress.step("audit", len(versions) + 1, "steps") as step:
        for version in versions:
            fitting = {name: audits[name] for name in audits_of(version.manifest["task"])}
            found = kept.audited(fitting, version, workspace.home)
            cards.append(CardAudit(version, {name: Checked(audits[name], one) for name, one in found.items()}))
            step.advance()
        try:
            between, not_said = across(versions, terms, workspace.home), ""
        except UserError as error:  # so many texts are so much alike that comparing them would not end
            between, not_said = pl.DataFrame(schema=ACROSS), error.what
        step.advance()
    return Audited(tuple(cards), between, not_said, terms)


def _versions(names: Sequence[str] | None, workspace: Workspace) -> list[Published]:
    """The named versions; or of each card in the store the locked one, or else the one that was used last."""
    catalog, home = workspace.catalog, workspace.home
    if names:
        return [tags.at_hand(catalog, tags.reference(name)) for name in dict.fromkeys(names)]
    versions = []
    for card in sorted(folder.name for folder in (home / "versions").glob("*")):
        entry = lock.entry(catalog.project, card)
        stored = sorted((home / "versions" / card).glob("*-*"), key=lambda folder: folder.stat().st_mtime)
        locked = [folder for folder in stored if entry and folder.name.startswith(entry.content_digest[:SHORT])]
        versions += [store.opened(folder) for folder in (locked or stored)[-1:]]
    if not versions:
        raise UserError("no card is built", do="`bench build` makes versions, and `bench audit` looks into them.")
    return versions


def _card_facts(card: CardAudit, limit: int | None) -> dict[str, Any]:
    checks = {
        name: {
            "parameters": method(name, check.audit),
            "violation": check.violated,
            **check.finding.as_json(limit),
        }
        for name, check in card.checks.items()
    }
    return {"card": card.card, "content_digest": card.version.digest, "audits": checks}


def lines(told: Audited, limit: int) -> Iterator[str]:
    """A summary in words with the `limit` worst of each kind: what is fine in one line, what is not with its rows."""
    for card in told.cards:
        yield from _card_lines(card, limit)
    if len(told.cards) > 1:
        yield from _across_lines(told, limit)


def _card_lines(card: CardAudit, limit: int) -> Iterator[str]:
    counts = {split: facts["rows"] for split, facts in card.version.manifest["splits"].items()}
    sizes = ", ".join(f"{count:,} {split}" for split, count in counts.items())
    yield f"{card.card} {card.version.digest[:SHORT]}: {sizes}"
    fine = [name for name, (_, one) in card.checks.items() if one.looked_at and one.found.is_empty()]
    if fine:
        yield f"  fine: {', '.join(fine)}"
    if not card.checks:
        yield "  audits read texts, and these rows have none"
    texts = _texts(card, limit)
    for name, (audit, found) in card.checks.items():
        if found.found.height:
            says = audit.says.format(found=f"{found.found.height:,}", looked_at=f"{found.looked_at:,}")
            yield f"  {name} ({'violation' if audit.violation else 'hint'}): {says}"
        for row in found.found.head(limit).iter_rows(named=True):
            yield f"    {row['measure']:.2f}  {row['why']}"
            yield f"      {_place(row['split'], row['id'])}{_quoted(texts, row['id'])}"
            if row["other"] is not None:
                yield f"      {_place(row['other_split'], row['other'])}{_quoted(texts, row['other'])}"
        notes = "; ".join(found.notes)
        if not found.looked_at:
            yield f"  {name}: cannot be told, {notes}"
        elif found.found.height and notes:
            yield f"    {notes}"


def _texts(card: CardAudit, limit: int) -> dict[str, str]:
    """The texts of the rows that are shown."""
    shown = [check.finding.found.head(limit).select("id", "other") for check in card.checks.values()]
    if not shown:
        return {}
    ids = pl.concat(shown).unpivot()["value"].drop_nulls().unique()
    if ids.is_empty():
        return {}
    rows = published_rows(card.version).filter(pl.col("id").is_in(ids.implode()))
    return dict(rows.select("id", pl.concat_str(inputs(rows), separator=" | ", ignore_nulls=True)).iter_rows())


def _place(split: str, row: str) -> str:
    return f"{split} {clipped(row, 60)}"


def _quoted(texts: Mapping[str, str], row: str) -> str:
    return f': "{clipped(" ".join(texts[row].split()), SHOWN)}"' if row in texts else ""


def _worst(found: pl.DataFrame, limit: int | None) -> pl.DataFrame:
    """The `limit` worst rows of each card and other card, or all."""
    ordered = found.sort("card", "other_card", "measure", "id", descending=[False, False, True, False])
    return ordered if limit is None else ordered.group_by("card", "other_card", maintain_order=True).head(limit)


def _across_lines(told: Audited, limit: int) -> Iterator[str]:
    if told.not_said:
        yield f"between the {plural(len(told.cards), 'card')}: cannot be told, {told.not_said}"
    elif told.across.is_empty():
        yield f"between the {plural(len(told.cards), 'card')}: fine, no test row of one is known from another"
    if told.across.is_empty():
        return
    sizes = {card.card: card.version.manifest["splits"]["test"]["rows"] for card in told.cards}
    yield "test rows that another card trains on (of these exact, near, in passages):"
    for row in table(told.across).iter_rows(named=True):
        counts = f"{row['exact']:,}, {row['near']:,}, {row['ngrams']:,}"
        yield f"  {row['rows']:,} of {sizes[row['card']]:,} of {row['card']} in {row['other_card']} ({counts})"
        both = told.across.filter(pl.col("card") == row["card"], pl.col("other_card") == row["other_card"])
        for one in _worst(both, limit).iter_rows(named=True):
            places = f"{_place(one['split'], one['id'])} and {_place(one['other_split'], one['other'])}"
            yield f"    {one['measure']:.2f}  {one['why']}: {places}"
