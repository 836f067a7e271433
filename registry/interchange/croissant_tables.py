"""Record sets of a Croissant document, 1.0 or 1.1, as tables of a card: where their bytes are, and their columns.

Fetches nothing. What a card cannot say of a record set, a field or a file is named in a remark.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, NamedTuple
from urllib.parse import unquote

from pydantic import ValidationError

from registry.errors import clipped
from registry.interchange.jsonld import Node, listed, local, reference, several, text
from registry.interchange.tables import Column, Table
from registry.kinds import SOURCES
from registry.reading.formats import Guess, guess

FORMATS = {
    "text/csv": Guess("csv", {}),
    "text/tab-separated-values": Guess("csv", {"delimiter": "\t"}),
    "text/tsv": Guess("csv", {"delimiter": "\t"}),
    "application/jsonlines": Guess("jsonl", {}),
    "application/x-ndjson": Guess("jsonl", {}),
    "application/json": Guess("json", {}),
    "application/x-parquet": Guess("parquet", {}),
    "application/vnd.apache.parquet": Guess("parquet", {}),
    "text/plain": Guess("text", {}),
}
"""Formats by media type."""

DEEPEST = 4
"""Archives in archives."""

TYPES = {
    "Integer": "integer",
    "Int": "integer",
    "UInt": "integer",
    "Float": "number",
    "Number": "number",
    "Boolean": "boolean",
}
"""Types of CSV columns that a card names; all others are text."""

_GIT = re.compile(r"(https://[^\s?#@]+?)(?:/-)?/(?:tree|commit)/([0-9a-f]{40})/?")
_HUB = re.compile(r"https://huggingface\.co/datasets/([\w.-]+/[\w.-]+?)(?:\.git)?(?:/(?:tree|resolve)/([^/]+)/?)?")


def tables(document: Node, place: "DocumentPlace") -> tuple[list[Table], list[str]]:
    """The first table of the document, with those of the same columns that are other splits of it."""
    resources = {str(node.get("@id") or text(node.get("name"))): node for node in listed(document.get("distribution"))}
    sets = [node for node in listed(document.get("recordSet")) if not _is_enumeration(node)]
    inline = {_id(node): node for node in listed(document.get("recordSet")) if _is_enumeration(node)}
    found: list[Table] = []
    remarks: list[str] = []
    for node in sets:
        made = list(_Reader(node, resources, inline, place, remarks).tables())
        same = found and made and _names(made[0]) == _names(found[0]) and all(one.split for one in (*found, *made))
        if not found or same:
            found += made
        else:
            remarks.append(f'not taken over: the record set "{clipped(_id(node), 60)}", which is another table')
    used = {_resource(field) for node in sets for field in listed(node.get("field"))}
    unused = [name for name in resources if name not in used and not _contains(name, resources.values())]
    remarks += [f'not taken over: the file "{clipped(name, 60)}", which no record set reads' for name in unused]
    return found, remarks


class DocumentPlace(NamedTuple):
    """Where the document lies relative to the project, or None where it lies outside; and where its files should go."""

    folder: PurePosixPath | None
    otherwise: PurePosixPath

    def local(self, path: str) -> tuple[str, str]:
        """The path of a file beside the document, as a card writes it, and a remark where it must be copied."""
        if self.folder is not None:
            return str(self.folder / path), ""
        return str(self.otherwise / path), f"copy {clipped(path)} to {self.otherwise / clipped(path)}"


def inside(path: str) -> bool:
    """Whether a relative path stays below where it begins."""
    return not (path.startswith("/") or "\\" in path or "\0" in path or ".." in PurePosixPath(path).parts)


class _Reader(NamedTuple):
    """One record set, with what it refers to."""

    node: Node
    resources: Mapping[str, Node]
    inline: Mapping[str, Node]
    place: DocumentPlace
    remarks: list[str]

    def tables(self) -> Iterator[Table]:
        found = listed(self.node.get("field"))
        resource = next(filter(None, map(_resource, found)), "")
        fields = [field for field in found if self._fits(field, resource)]
        entry = self._entry(resource, fields)
        if entry is None:
            return
        columns = tuple(self._column(field) for field in fields if _column_of(field) and not self._split_of(field))
        key = _column_of(next((one for one in fields if _id(one) == reference(self.node.get("key"))), {}))
        table = Table(_id(self.node), entry, columns, key)
        split = next((field for field in fields if self._split_of(field)), None)
        if split is None:
            yield table
        elif "value" in split:
            yield table._replace(split=text(split["value"]))
        elif _column_of(split):
            yield table._replace(split_column=_column_of(split))
        else:
            yield from self._by_folder(table, split)

    def _fits(self, field: Node, resource: str) -> bool:
        """Whether a card can say the field; remarks tell those that it cannot."""
        is_split, source = bool(self._split_of(field)), next(iter(listed(field.get("source"))), {})
        reasons = {
            "holds other fields": bool(field.get("subField")),
            "holds lists": bool(field.get("isArray") or field.get("repeated")),
            "is computed by a transform": bool(source.get("transform")) and not is_split,
            "names no column": not (_column_of(field) or is_split),
            "is in another file": _resource(field) not in ("", resource),
        }
        why = next((reason for reason, holds in reasons.items() if holds), "")
        if why:
            self.remarks.append(f'not taken over: the field "{clipped(_id(field), 60)}", which {why}')
        return not why

    def _entry(self, resource: str, fields: Sequence[Node]) -> dict[str, Any] | None:
        """A source as a card writes it; None where no kind of source can fetch it."""
        node = self.resources.get(resource)
        container = self.resources.get(reference((node or {}).get("containedIn")))
        paths = [*(text(one) for one in several((node or {}).get("includes"))), text((node or {}).get("contentUrl"))]
        path = next(filter(None, paths), "")
        if node is None or not path:
            what = f'the record set "{clipped(_id(self.node), 60)}", whose file is not told'
            self.remarks.append(f"not taken over: {what}")
            return None
        if len(list(filter(None, paths))) > 1 or node.get("excludes"):
            self.remarks.append(f'only "{clipped(path)}" of the file set "{clipped(resource, 60)}" was taken over')
        where = self._within(container, path) if container else self._fetched(node, path)
        return None if where is None else {**where, **_format(node, path, fields)}

    def _within(self, container: Node, path: str, depth: int = 0) -> dict[str, Any] | None:
        """A member of an archive, which may be in another one, or a file of a repository."""
        url = text(container.get("contentUrl"))
        hub = _HUB.fullmatch(url)
        if hub:
            revision = unquote(hub[2] or "")
            return {"hub": {"repository": hub[1], "files": path, **({"revision": revision} if revision else {})}}
        git = _GIT.fullmatch(url)
        if git:
            return {"git": {"url": git[1], "commit": git[2], "path": path}}
        outer = self.resources.get(reference(container.get("containedIn")))
        if depth > DEEPEST:
            self.remarks.append(f'not taken over: "{clipped(path)}", which is in an archive in an archive without end')
            return None
        found = self._fetched(container, url) if outer is None else self._within(outer, url, depth + 1)
        return found and {**found, "path": f"{found['path']}!{path}" if "path" in found else path}

    def _fetched(self, node: Node, url: str) -> dict[str, Any] | None:
        pinned = re.fullmatch(r"[0-9a-fA-F]{64}", text(node.get("sha256")))
        pin = {"sha256": pinned[0].lower()} if pinned else {}
        if re.match(r"https?://", url) and local(text(node.get("encodingFormat"))) != "git+https":
            try:
                SOURCES.get("http").model_validate({"url": url})
            except ValidationError as error:
                # The address itself is not repeated: it may hold credentials.
                why = str(error.errors()[0]["msg"]).removeprefix("Value error, ")
                self.remarks.append(f'not taken over: the file "{clipped(_id(node), 60)}", whose address {why}')
                return None
            if not pin:
                self.remarks.append(f"no sha256 is told for {clipped(url)}; the first build locks what it finds")
            return {"http": url, **pin}
        if "://" in url or not inside(url):
            why = "has no commit in its address" if "git+https" in str(node) else "no kind of source fetches"
            self.remarks.append(f'not taken over: the file "{clipped(url)}", which {why}')
            return None
        path, remark = self.place.local(url)
        self.remarks.extend([remark] if remark else [])
        return {"local": path, **pin}

    def _split_of(self, field: Node) -> Node | None:
        """The record set of splits that a field refers to."""
        target = self.inline.get(_referred(field).rpartition("/")[0])
        return target if target is not None and "Split" in _types(target) else None

    def _by_folder(self, table: Table, field: Node) -> Iterator[Table]:
        """Splits that are told by the folder of a file: one source for each, where the names are known."""
        splits = self._split_of(field) or {}
        column = _referred(field)
        names = [name for name, _ in _classes(splits, column)]
        hub = table.source.get("hub", {})
        pattern = re.fullmatch(r"([^/*]+)/\*/\*\.parquet", str(hub.get("files")))
        if not names or not pattern or hub.get("revision") != "refs/convert/parquet":
            self.remarks.append(f'not taken over: the splits, which "{clipped(_id(field), 60)}" reads from file names')
            yield table
            return
        for name in names:
            source = {"repository": hub["repository"], "config": pattern[1], "split": name}
            yield table._replace(source={**table.source, "hub": source}, split=name)

    def _column(self, field: Node) -> Column:
        types = _types(field)
        target = self.inline.get(_referred(field).rpartition("/")[0])
        is_label = "Label" in types or target is not None
        return Column(_column_of(field), "Text" in types, is_label, tuple(_classes(target or {}, _referred(field))))


def _classes(enumeration: Node, referred: str) -> Iterator[tuple[str, str]]:
    """The stored values and the names of an enumeration, in its order. Its rows may leave out the set in their keys."""
    name = next((_id(one) for one in listed(enumeration.get("field")) if local(_id(one)) == "name"), referred)
    for row in listed(enumeration.get("data")):
        stored = row.get(referred, row.get(local(referred)))
        if stored is not None:
            yield str(stored), str(row.get(name, row.get(local(name), stored)))


def _format(node: Node, path: str, fields: Sequence[Node]) -> dict[str, Any]:
    """`format:` by the media type, else by the file's name; types of CSV columns that are not text."""
    found = FORMATS.get(text(node.get("encodingFormat")).lower()) or guess(path)
    if found is None:
        return {}
    kind, options = found
    typed = {_column_of(one): _csv_type(one) for one in fields if _column_of(one) and _csv_type(one)}
    written = {**options, **({"columns": typed} if kind == "csv" and typed else {})}
    return {"format": {kind: written} if written else kind}


def _csv_type(field: Node) -> str:
    return next((TYPES[re.sub(r"\d+$", "", name)] for name in _types(field) if re.sub(r"\d+$", "", name) in TYPES), "")


def _column_of(field: Node) -> str:
    """The column that a field reads; a path into JSON only where it names one key."""
    source = next(iter(listed(field.get("source"))), {})
    extract = next(iter(listed(source.get("extract"))), {})
    path = re.fullmatch(r"(?:\$(?:\[\*\])?\.{0,2})?([^.\[\]*$]+)", text(extract.get("jsonPath")))
    lines = "text" if local(text(extract.get("fileProperty"))) == "lines" else ""
    return text(extract.get("column")) or (path[1] if path else lines)


def _resource(field: Node) -> str:
    source = next(iter(listed(field.get("source"))), {})
    return (
        reference(source.get("fileObject")) or reference(source.get("fileSet")) or reference(source.get("distribution"))
    )


def _referred(field: Node) -> str:
    """The field of another record set that a field's values come from."""
    value = field.get("references")
    inner = value.get("field") if isinstance(value, Mapping) else None
    return reference(inner) or reference(value)


def _is_enumeration(node: Node) -> bool:
    return bool(node.get("data")) or not {"Split", "Enumeration"}.isdisjoint(_types(node))


def _types(node: Node) -> set[str]:
    return {local(word) for word in several(node.get("dataType"))}


def _names(table: Table) -> set[str]:
    return {column.name for column in table.columns}


def _contains(name: str, resources: Iterable[Node]) -> bool:
    return any(reference(node.get("containedIn")) == name for node in resources)


def _id(node: Node) -> str:
    return str(node.get("@id") or text(node.get("name")))
