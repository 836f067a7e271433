"""A foreign JSON-LD file as plain nodes: keys without prefixes, read without fetching a context or running anything.

Knows the namespaces of Croissant and schema.org by heart. Refuses what is too large, too deep, or says a key twice.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from registry.errors import UserError, clipped
from registry.reading.jsonrows import no_constant, without_repeats

Node = Mapping[str, Any]

MOST_BYTES = 8 << 20
DEEPEST = 64

_KNOWN = re.compile(
    r"https?://(?:schema\.org|mlcommons\.org/croissant|mlcommons\.org/schema|purl\.org/dc/terms)/(?P<plain>[^/]+)"
    r"|https?://mlcommons\.org/croissant/RAI/(?P<rai>[^/]+)"
    r"|https?://www\.w3\.org/ns/prov#(?P<prov>[^/]+)"
)
_PREFIXES = {
    "sc": "https://schema.org/",
    "schema": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "ml": "http://mlcommons.org/schema/",
    "dct": "http://purl.org/dc/terms/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "prov": "http://www.w3.org/ns/prov#",
}
"""What the usual prefixes mean where a document's own context does not say."""

_RAW = frozenset({"data", "examples"})
"""Properties whose value is JSON itself, not JSON-LD."""


class _RefusedError(Exception):
    """Why a document is not read."""


def read(path: Path) -> dict[str, Any]:
    """The dataset that a file describes. UserError where the file is not such a description."""
    try:
        data = json.loads(description(path), object_pairs_hook=without_repeats, parse_constant=no_constant)
        return _dataset(data)
    except _RefusedError as refused:
        raise UserError(str(refused), where=str(path)) from None
    except (ValueError, RecursionError) as error:
        raise UserError(f"is not JSON: {clipped(str(error))}", where=str(path)) from None


def description(path: Path) -> str:
    """The text of a foreign file. UserError where it is too large, or no UTF-8."""
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            what = f"is {size:,} bytes; a description has at most {MOST_BYTES:,}"
            raise UserError(what, where=str(path), do="Move data that stand in it into files.")
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UserError(f"cannot be read: {error.strerror or error}", where=str(path)) from None
    except UnicodeDecodeError:
        raise UserError("is not UTF-8", where=str(path), do="Save the file as UTF-8.") from None


def several(value: Any) -> list[Any]:
    """The values of a property, which JSON-LD writes as one or as a list of them."""
    return [] if value is None else value if isinstance(value, list) else [value]


def listed(value: Any) -> list[Node]:
    """Those values that are nodes."""
    return [node for node in several(value) if isinstance(node, Mapping)]


def text(value: Any) -> str:
    """The text of a property: a string, a `@value`, or of several languages English, else the first."""
    if isinstance(value, list):
        return text(value[0]) if value else ""
    if isinstance(value, Mapping):
        chosen = value.get("@value", value.get("en", next(iter(value.values()), "")))
        return chosen if isinstance(chosen, str) else ""
    return "" if value is None or isinstance(value, bool) else str(value)


def reference(value: Any) -> str:
    """The `@id` that a property points to; older documents write it as a plain string."""
    if isinstance(value, list):
        return reference(value[0]) if value else ""
    found = value.get("@id") if isinstance(value, Mapping) else value
    return found if isinstance(found, str) else ""


def local(word: Any) -> str:
    """The last part of a type or property name: `sc:Text` and `https://schema.org/Text` are both Text."""
    return re.split(r"[/:#]", word)[-1] if isinstance(word, str) else ""


def _dataset(data: Any) -> dict[str, Any]:
    graph = data.get("@graph") if isinstance(data, dict) else data
    nodes = graph if isinstance(graph, list) else [data]
    context = data.get("@context") if isinstance(data, dict) else None
    plain = [_plain(node, _names(context), 0) for node in nodes if isinstance(node, dict)]
    found: dict[str, Any] | None = next(
        (node for node in plain if "Dataset" in map(local, several(node.get("@type")))), None
    )
    if found is None:
        raise _RefusedError("describes no dataset: nothing in it has the @type sc:Dataset")
    return found


def _names(context: Any) -> dict[str, str]:
    """What the names of a context stand for; a context that is only an address is not fetched."""
    names = dict(_PREFIXES)
    for part in several(context):
        for name, target in part.items() if isinstance(part, dict) else ():
            meant = target.get("@id") if isinstance(target, dict) else target
            if isinstance(meant, str) and not name.startswith("@"):
                names[name] = meant
    return names


def _plain(value: Any, names: Mapping[str, str], depth: int) -> Any:
    if depth > DEEPEST:
        raise _RefusedError(f"is nested deeper than {DEEPEST} levels")
    if isinstance(value, list):
        return [_plain(inner, names, depth + 1) for inner in value]
    if not isinstance(value, dict):
        return value
    keyed = {_key(key, names): inner for key, inner in value.items() if key != "@context"}
    return {key: inner if key in _RAW else _plain(inner, names, depth + 1) for key, inner in keyed.items()}


def _key(key: str, names: Mapping[str, str]) -> str:
    """A property's name without the namespace that it is of; foreign ones keep theirs."""
    for _ in range(2):  # a name may stand for a prefixed name
        prefix, colon, rest = names.get(key, key).partition(":")
        key = names[prefix] + rest if colon and prefix in names else names.get(key, key)
    found = _KNOWN.fullmatch(key)
    if not found:
        return key
    return found["plain"] or (f"rai:{found['rai']}" if found["rai"] else f"prov:{found['prov']}")
