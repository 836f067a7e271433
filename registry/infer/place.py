"""Where the data of a new card lie: what a user types, as the entries of `sources:` and what is said beside them.

Owns the forms `FILE`, a glob, `https://...`, `hub:owner/name[@revision]`, `sql:DATABASE QUERY` and, for every other
kind, `KIND=VALUE` or the whole entry in braces. A file belongs into the project, since cards hold paths relative to it;
`copied` puts it there.
"""

import re
import shutil
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from registry import yamlsource
from registry.errors import CardProblems, UserError, clipped, nearest
from registry.infer import licence
from registry.infer.assemble import Known
from registry.infer.draft import plainly
from registry.infer.emit import quoted
from registry.infer.profile import reserved
from registry.infer.sql import split_of
from registry.kinds import SOURCES
from registry.reading.formats import is_glob
from registry.source import FetchContext
from registry.split import SPLITS

DATA = "data"
"""The folder of the project for copies."""


class Place(NamedTuple):
    """`entries` by source name, of which `splits` says where they belong if that is given. `called` names the whole."""

    entries: Mapping[str, Mapping[str, Any]]
    called: str
    known: Known
    splits: Mapping[str, str] = {}


def located(target: str, context: FetchContext) -> Place:
    """UserError where there is no such place, or where a card could not point to it."""
    kind, _, rest = target.partition(":")
    if kind == "hub" and rest:
        from registry.infer.hub import on_hub

        return on_hub(rest, context)
    if kind == "sql" and rest:
        return _database(rest)
    if re.match("https?://", target):
        name = PurePosixPath(urlsplit(target).path).name.split(".")[0]
        return Place({source_name(name): {"http": target}}, name or "data", Known())
    if target.startswith("{") or target.partition("=")[0] in SOURCES.names():
        entry = source_entry(target)
        return Place({"rows": entry}, "data", known_of(entry, context.project))
    return _file(target, context.project)


def copied(file: Path, project: Path) -> Path:
    """A copy of a file in the project's `data/`. UserError where another file has that name."""
    copy = project / DATA / file.name
    if copy.exists() and copy.read_bytes() != file.read_bytes():
        raise UserError("another file has this name already", where=f"{DATA}/{file.name}", do="Rename one of them.")
    try:
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, copy)
    except OSError as error:
        raise UserError(f"cannot be copied: {error.strerror or error}", where=str(file)) from None
    return copy


def source_name(text: str) -> str:
    """A word for a source, which is also a table: `rows` where the text gives none."""
    word = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
    return word if word.isidentifier() and word not in reserved() else "rows"


def slug(text: str) -> str:
    """What of a text can stand in a card's name: small letters, digits and hyphens. May be empty."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:64].strip("-")


def card_name(text: str) -> str:
    """A name for a card. UserError where the text has no letters or digits for one."""
    name = slug(text)
    if not name:
        what = f'no card name can be made of "{clipped(text, 60)}"'
        raise UserError(what, do="Give one with --name: small letters, digits and hyphens.")
    return name


def _database(text: str) -> Place:
    """`DATABASE QUERY`: a file of the project, a URL or `$VARIABLE`, then a table's name or a SELECT."""
    database, _, query = text.strip().partition(" ")
    query = query.strip()
    if not query:
        what = "a database needs a table or a SELECT"
        raise UserError(what, do='Write for example "sql:data/shop.duckdb SELECT text, label FROM reviews".')
    table = re.fullmatch(r"\w+(\.\w+)*", query)
    where = {"url_env": database[1:]} if database.startswith("$") else {"database": database}
    name = query.rpartition(".")[2] if table else Path(database.partition("://")[2] or database).stem
    whole = f"SELECT * FROM {query}" if table else query  # noqa: S608 - the user's own query, which `sql` checks
    entry = {"sql": {**where, "query": whole}}
    return Place({source_name(name): entry}, name, Known())


def _file(target: str, project: Path) -> Place:
    path = Path(target).resolve()
    if not path.exists() and is_glob(target) and path.is_relative_to(project):
        glob = path.relative_to(project).as_posix()
        name = next((part for part in reversed(path.relative_to(project).parts[:-1]) if not is_glob(part)), "data")
        return Place({source_name(name): {"local": glob}}, name, Known())
    if not path.exists():
        raise UserError("there is no such file", where=target, do="Name a file, or hub:owner/name.")
    if not path.is_relative_to(project):
        do = "Copy it into the project (--copy puts it into data/): cards hold paths relative to the project."
        raise UserError("lies outside the project", where=target, do=do)
    if not path.is_file():
        raise UserError("is not an ordinary file", where=target, do="Name one file of it.")
    if _is_database(path):
        do = f'Name a table of it: bench card infer "sql:{path.relative_to(project).as_posix()} TABLE".'
        raise UserError("is a database", where=target, do=f"{do} A SELECT may stand for the table.")
    known = Known(licence.beside(path.parent))
    split = split_of(path.stem)
    parts = _siblings(path) if split else {}
    if len(parts) > 1:
        entries = {name: {"local": part.relative_to(project).as_posix()} for name, part in parts.items()}
        note = f"split: beside {path.name} lie {', '.join(part.name for part in parts.values())}"
        return Place(entries, path.parent.name, known._replace(notes=(note,)), {split: split for split in parts})
    entry = {"local": path.relative_to(project).as_posix()}
    return Place({source_name(path.name.split(".")[0]): entry}, path.name.split(".")[0], known)


def _is_database(path: Path) -> bool:
    """Whether a file is one of SQLite or DuckDB, by its first bytes."""
    with path.open("rb") as file:
        head = file.read(16)
    return head == b"SQLite format 3\0" or head[8:12] == b"DUCK"


def _siblings(path: Path) -> dict[str, Path]:
    """Files of the same format beside it that are called after splits, in the order of splits."""
    beside = [other for other in sorted(path.parent.iterdir()) if other.is_file() and other.suffix == path.suffix]
    named = {split: other for other in beside if (split := split_of(other.stem))}
    return {split: named[split] for split in SPLITS if split in named}


def known_of(entry: Mapping[str, Any], project: Path) -> Known:
    """What lies beside the file of a source, where it is one of the project."""
    path = entry.get("local")
    folder = (project / path).resolve().parent if isinstance(path, str) else None
    return Known(licence.beside(folder)) if folder and folder.is_relative_to(project) else Known()


def source_entry(text: str) -> dict[str, Any]:
    """`KIND=VALUE` as a source entry, the value YAML where it is in braces; or the whole entry in braces."""
    if text.startswith("{"):
        return _parsed(text)
    kind, equals, given = text.partition("=")
    if not equals or kind not in SOURCES.names():
        what = f'"{clipped(text, 60)}" is no source{nearest(kind, SOURCES.names())}'
        raise UserError(what, do=f"Write KIND=VALUE with one of: {', '.join(SOURCES.names())}.")
    return _parsed(f"{kind}: {given if given.startswith('{') else quoted(given)}")


def _parsed(entry: str) -> dict[str, Any]:
    try:
        return dict(yamlsource.parse(f"{entry}\n", "--source").data)
    except CardProblems as error:
        raise plainly(error) from None
