"""One JSON document: a list of rows, at the top or at a place inside it such as `data.items`.

Rows and types follow the rules of `jsonl`; lists inside a row stay lists, which `select:` opens with
unnest(). The document is held in memory whole.
"""

import json
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, ClassVar, Literal

import polars as pl
from pydantic import Field

from registry.errors import UserError, clipped, nearest
from registry.frozen import Frozen, Text
from registry.reading.formats import decoded
from registry.reading.jsonrows import no_constant, rows, without_repeats

DO = "Mend the document, or choose another `format:`."


class Json(Frozen):
    """A document with a list of objects. A list of plain values becomes a column `value`."""

    version: ClassVar[int] = 1
    rows: Text | None = Field(default=None, description="keys that lead to the rows, separated by dots")
    object: Literal["row", "columns", "entries"] = Field(
        default="row",
        description="what an object in that place is: one row; lists by column; or rows by key, which becomes `key`",
    )

    def read(self, path: Path, encoding: str) -> pl.DataFrame:
        """All rows in order. UserError names the line that is no JSON, or the item that does not fit."""
        items = self._items(self._place(_document(path, encoding), path), path)
        with tempfile.TemporaryDirectory(prefix="cardbench-") as folder:
            lines = Path(folder) / "rows"
            with lines.open("wb") as out:
                out.writelines(json.dumps(item).encode() + b"\n" for item in items)
            return rows(lines, lambda item: f"{path}, item {item}" if item else str(path))

    def _place(self, document: Any, path: Path) -> Any:
        """What lies at the end of the keys."""
        for key in self.rows.split(".") if self.rows else ():
            if not isinstance(document, dict) or key not in document:
                known = list(document) if isinstance(document, dict) else []
                there = f"Keys there: {', '.join(clipped(one, 40) for one in known[:20])}." if known else ""
                what = f'`rows: {self.rows}`: there is no key "{clipped(key)}"{nearest(key, known[:1000])}'
                raise UserError(what, where=str(path), do=there or "It leads to a value that is no object.")
            document = document[key]
        return document

    def _items(self, found: Any, path: Path) -> Iterable[Any]:
        if found in ([], {}):
            raise UserError("holds no rows", where=str(path), do="Set `rows:` to the keys that lead to them.")
        if isinstance(found, list):
            return found if isinstance(found[0], dict) else ({"value": item} for item in found)
        if not isinstance(found, dict):
            do = "Set `rows:` to the keys that lead to the list."
            raise UserError("holds neither a list nor an object", where=str(path), do=do)
        if self.object == "columns":
            return _from_columns(found, path)
        return _from_entries(found, path) if self.object == "entries" else [found]


def _document(path: Path, encoding: str) -> Any:
    text = "".join(decoded(path, encoding))
    try:
        return json.loads(text, object_pairs_hook=without_repeats, parse_constant=no_constant)
    except json.JSONDecodeError as error:
        what = f"is not valid JSON: {error.msg} at column {error.colno}"
        raise UserError(what, where=f"{path}:{error.lineno}", do=DO) from None
    except RecursionError:
        raise UserError("is not JSON that can be read: it is nested too deep", where=str(path), do=DO) from None
    except ValueError as error:
        raise UserError(f"is not valid JSON: {clipped(str(error))}", where=str(path), do=DO) from None


def _from_columns(found: dict[str, Any], path: Path) -> Iterator[dict[str, Any]]:
    lengths = {name: len(column) if isinstance(column, list) else -1 for name, column in found.items()}
    if len(set(lengths.values())) > 1 or -1 in lengths.values():
        said = ", ".join(f"{clipped(name, 40)} {'no list' if n < 0 else n}" for name, n in list(lengths.items())[:20])
        raise UserError(f"its columns must be lists of one length: {said}", where=str(path), do=DO)
    return (dict(zip(found, values, strict=True)) for values in zip(*found.values(), strict=True))


def _from_entries(found: dict[str, Any], path: Path) -> Iterator[dict[str, Any]]:
    for key, value in found.items():
        columns = value if isinstance(value, dict) else {"value": value}
        if "key" in columns:
            what = f'the object at "{clipped(key)}" has a key called "key" itself'
            raise UserError(what, where=str(path), do="Read it with `object: row`.")
        yield {"key": key, **columns}
