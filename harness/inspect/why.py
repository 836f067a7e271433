"""`bench why`: the JSON behind a run id or a version, and the whole story of a row."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Literal, get_args

import polars as pl

from harness import records
from harness.workspace import Workspace
from registry import lock, store
from registry.build import fetch_context
from registry.errors import UserError, clipped
from registry.fetching import fetch_all
from registry.identity import build_key
from registry.progress import Silent
from registry.split import SPLITS
from registry.store import SHORT, Published
from registry.versions import tags

SHOWN = 200
"""Characters of a value that are shown in a line."""

BETWEEN = "\x1f"
"""What lies between the texts of a row in a key that is made of them."""

Standing = Literal["present", "locked", "other"]
"""What a version is to its card: what it gives now, else what `cards.lock` has, else one of another state."""

Explanation = dict[str, Any]
"""Plain JSON; `what` is run, version or row."""


def explain(identifier: str, dataset: str, workspace: Workspace) -> list[Explanation]:
    """Everything that answers to an id. UserError when nothing in the store does."""
    if "@" in identifier:
        card, version = tags.reference(identifier)
        return [_version(tags.published(workspace.catalog.project, card, version))]
    if not dataset and len(identifier) >= 6 and all(char in "0123456789abcdef" for char in identifier):
        found = [*_runs(identifier, workspace), *_versions(identifier, workspace)]
        if found:
            return found
    rows = [one for version in _of(dataset, workspace) for one in _row(identifier, version, workspace)]
    found = sorted(rows, key=lambda one: (one["card"], get_args(Standing).index(one["standing"])))
    if not found:
        where = f"of {dataset} " if dataset else ""
        what = f'no run, version or row {where}in this store is called "{identifier}"'
        raise UserError(what, do="`bench list runs` shows runs; a row's id stands in its split and in predictions.")
    return found


def lines(one: Explanation) -> Iterator[str]:
    """An explanation for people."""
    if one["what"] == "run":
        outcome = f"{one['status']} {one['reason']}".rstrip()
        yield f"run {one['run_id']}: {one['model']} on {one['data']}, {one['place']}, {outcome}"
        yield _pretty(one["identity"])
    elif one["what"] == "version":
        yield f"version {one['digest'][:SHORT]} of {one['card']}, build key {one['build_key'][:SHORT]}, from:"
        yield _pretty(one["identity"])
    else:
        yield from _row_lines(one)


def _runs(prefix: str, workspace: Workspace) -> Iterator[Explanation]:
    for record in records.find(prefix, workspace.home):
        names = ("run_id", "model", "data", "seed", "place", "status", "reason")
        facts = {name: getattr(record, name) for name in names}
        yield {"what": "run", **facts, "identity": json.loads(record.identity)}


def _versions(prefix: str, workspace: Workspace) -> Iterator[Explanation]:
    for version in store.all_versions(workspace.home):
        if version.digest.startswith(prefix) or version.manifest["build_key"].startswith(prefix):
            yield _version(version)


def _version(version: Published) -> Explanation:
    facts = {name: version.manifest[name] for name in ("card", "build_key", "identity")}
    return {"what": "version", "digest": version.digest, **facts}


def _of(dataset: str, workspace: Workspace) -> Iterator[Published]:
    for version in store.all_versions(workspace.home):
        if dataset in ("", version.manifest["card"]):
            yield version


def _row(identifier: str, version: Published, workspace: Workspace) -> Iterator[Explanation]:
    found = [row for name in (*SPLITS, "ledger") for row in _in(version, name, identifier)]
    for row in found:
        yield {
            "what": "row",
            "card": version.manifest["card"],
            "digest": version.digest,
            "id": identifier,
            "row": row,
            **_story(identifier, version, workspace),
        }


def _in(version: Published, name: str, identifier: str) -> list[dict[str, Any]]:
    """The row of one file; a row of a split says which, as one of the ledger does."""
    rows = version.read(name).filter(pl.col("id") == identifier)
    found = (rows if name == "ledger" else rows.with_columns(split=pl.lit(name))).to_dicts()
    return [
        {key: value.isoformat() if isinstance(value, date) else value for key, value in row.items()} for row in found
    ]


def _story(identifier: str, version: Published, workspace: Workspace) -> dict[str, Any]:
    """What reading the sources again tells, and who is the same example; or why nothing can be read again."""
    from registry.versions.trace import cluster, trace

    name, catalog = version.manifest["card"], workspace.catalog
    locked = lock.entry(catalog.project, name)
    standing: Standing = "locked" if locked and locked.content_digest == version.digest else "other"
    same = {"cluster": cluster(version, identifier), "standing": standing}
    try:
        card, where = catalog.dataset(name), catalog.file("datasets", name).shown_as
        context = fetch_context(name, catalog, offline=True, progress=Silent())
        raw = fetch_all(card, context)
    except UserError as error:
        return {**same, "note": f"the source lines cannot be read again: {clipped(error.what)}"}
    if build_key(card, raw) != version.manifest["build_key"]:
        return {**same, "note": "the card or its sources changed since"}
    found = trace(card, raw, context, where, identifier)
    places, steps = ([one._asdict() for one in many] for many in (found.places, found.steps))
    told = {**found._asdict(), "places": places, "steps": steps, "drawn": found.drawn._asdict()}
    return {**same, **told, "standing": "present"}


def _row_lines(one: Explanation) -> Iterator[str]:
    row = one["row"]
    fate = f"left at {row['op']}: {row['reason']}" if row.get("op") else f"is in {row['split']}"
    standing = "not the present version" if one["standing"] == "other" else f"the {one['standing']} version"
    yield f"{one['card']} {one['digest'][:SHORT]} ({standing}): row {one['id']} {fate}"
    for place in one.get("places", []):
        line = f", line {place['line']}" if place["line"] else ""
        yield f"  from {place['source']}: {place['file']}, row {place['row']}{line}"
    if one["note"]:
        yield f"  note: {one['note']}"
    for step in one.get("steps", []):
        yield f"  {step['op']} changed {step['column']}: {_shown(step['before'])} -> {_shown(step['after'])}"
    for name, value in row.items():
        if value is not None and name not in ("id", "split", "op", "reason", "duplicate_of"):
            yield f"  {name}: {_shown(value)}"
    if one.get("votes") and "votes" not in row:
        aggregate = "" if one["aggregate"] is None else f"; aggregate: {_shown(one['aggregate'])}"
        yield f"  votes: {_shown(list(one['votes']))}{aggregate}"
        if one["annotators"]:
            yield f"  annotators: {_shown(list(one['annotators']))}"
    if one.get("rule"):
        yield f"  label rule: {one['rule']}"
    if "drawn" in one:
        yield f"  {_drawn(one['drawn'], row['split'])}"
    yield from _cluster(one)


def _drawn(drawn: Mapping[str, Any], split: str | None) -> str:
    key = _shown(drawn["key"].replace(BETWEEN, " | "))
    if split is None:
        return f"no split by method {drawn['method']}, key {key}"
    if drawn["value"] is None:
        return f"split: {split}, by method {drawn['method']}, key {key}"
    low, high = drawn["bounds"][split]
    return f"split: {split}, since f(seed, key) = {drawn['value']:.6f} lies in [{low:g}, {high:g}); key {key}"


def _cluster(one: Explanation) -> Iterator[str]:
    if one["cluster"]:
        called = "rows like it" if any(map(_near, one["cluster"])) else "equal rows"
        rule = " (the strictest split stays, there the smallest id)" if one["cluster"][0]["stays"] else ""
        yield f"  {called}{rule}:"
    for other in one["cluster"]:
        fate = "stays" if other["stays"] else f"left at {other['op']}: {other['reason']}"
        near = f" (similarity {other['similarity']:.2f})" if _near(other) else ""
        label = "no label" if other["label"] is None else _shown(other["label"])
        yield f"    {clipped(other['id'])}, {label}, {other['split'] or 'no split'}: {fate}{near}"


def _near(other: Mapping[str, Any]) -> bool:
    """Whether a row is like the one that stays and not equal to it."""
    return other["similarity"] is not None and other["similarity"] < 1


def _shown(value: Any) -> str:
    return clipped(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False), SHOWN)


def _pretty(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False, sort_keys=True)
