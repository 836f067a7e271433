"""Results of audits, kept in the store under `audits/`, named by digests, parameters and the version of the method.

What lies there is never trusted over content: a file that is missing, torn or about something else is made anew.
"""

import json
from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

import polars as pl

from registry.atomic import write_text
from registry.audits.finding import FOUND, Finding
from registry.audits.rows import published_rows
from registry.digest import canonical, digest
from registry.errors import system_error
from registry.identity import audited as audited_as
from registry.kinds import AUDITS
from registry.store import SHORT, Published

FLAGGING = ("near", "ngrams")
"""Audits that say of single test rows that training has seen them."""
FLAGGED = {"id": pl.String, "reason": pl.String, "other": pl.String, "measure": pl.Float64}


def flagged(published: Published, home: Path) -> pl.DataFrame | None:
    """The test rows that are not clean: `id`, `reason` ("near" or "ngrams"), `other` (the training row), `measure`.

    One line a row, with the reason that weighs most. As the card's own audits found them, else those of `bench audit`
    at its defaults; None where the version was never audited. UserError where the version is damaged.
    """
    asked = published.manifest["audit"].get("asked", {})
    found = []
    for name in FLAGGING:
        if name in asked:
            parameters = {key: value for key, value in asked[name]["parameters"].items() if key != "audit"}
            parameters.pop("version")
            found.append((name, audited({name: AUDITS.get(name)(**parameters)}, published, home)[name]))
        elif (one := remembered(home, audited_as(name, AUDITS.get(name)()), published.digest)) is not None:
            found.append((name, one))
    if not found:
        return None
    frames = [
        one.found.filter(pl.col("split") == "test").select("id", "other", "measure", reason=pl.lit(name))
        for name, one in found
    ]
    rows = pl.concat(frames).sort("id", "measure", "reason", descending=[False, True, False])
    return rows.unique("id", keep="first", maintain_order=True).select(list(FLAGGED))


def audited(audits: Mapping[str, Any], published: Published, home: Path) -> dict[str, Finding]:
    """What audits find in a version, by their names: read back where it was kept."""
    rows = cache(partial(published_rows, published))

    def find(audit: Any) -> Finding:
        found: Finding = audit.find(rows())
        return found

    return {
        name: kept(home, audited_as(name, audit), (published.digest,), partial(find, audit))
        for name, audit in audits.items()
    }


def kept(
    home: Path, method: dict[str, Any], digests: tuple[str, ...], make: Callable[[], Finding], schema: pl.Schema = FOUND
) -> Finding:
    """The result of a method on versions, by their digests in order; `schema` is that of what it finds."""
    found = remembered(home, method, *digests, schema=schema)
    if found is None:
        found = make()
        keep(found, home, method, *digests)
    return found


def remembered(home: Path, method: dict[str, Any], *digests: str, schema: pl.Schema = FOUND) -> Finding | None:
    """A result that lies in the store, whole and of this very question."""
    about = {"method": method, "digests": list(digests)}
    try:
        body = json.loads(_path(home, about).read_text(encoding="utf-8"))
        if body.pop("sum") != digest(body) or canonical(body["about"]) != canonical(about):
            return None
        found = pl.DataFrame(body["worst"], schema=schema, strict=True)
        return Finding(found, int(body["looked_at"]), tuple(map(str, body["notes"])))
    except (OSError, ValueError, KeyError, TypeError, pl.exceptions.PolarsError):
        return None


def keep(found: Finding, home: Path, method: dict[str, Any], *digests: str) -> None:
    """Put a result where `remembered` finds it. UserError where the store cannot be written."""
    about = {"method": method, "digests": list(digests)}
    body = {"about": about, **found.as_json()}
    try:
        write_text(_path(home, about), json.dumps({**body, "sum": digest(body)}, ensure_ascii=False))
    except OSError as error:
        raise system_error(error, "writing to the store", home) from error


def _path(home: Path, about: dict[str, Any]) -> Path:
    """`<digest of the last version>-<digest of the question>.json`, so that it can go with its version."""
    return home / "audits" / f"{about['digests'][-1][:SHORT]}-{digest(about)[:SHORT]}.json"
