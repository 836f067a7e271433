"""XML and HTML as tables: one XPath finds the rows, others find in each row the values of its columns.

Owns safe parsing: nothing is fetched, no document type is loaded, no entity is expanded, and what the parser
would cut off or leave out is refused. XPath is 1.0, without extensions.
"""

import re
from collections.abc import Iterator, Mapping
from math import isnan
from pathlib import Path
from typing import Any

import polars as pl
from lxml import etree

from registry.errors import UserError, clipped
from registry.reading.formats import codec_name

BLOCKS = ("br", "p", "div", "li", "dt", "dd", "tr", "td", "th", "pre", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6")
_DECLARED = re.compile(rb"""(?:<\?xml[^>]*?encoding|<meta[^>]*?charset)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_UNWRITABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What lxml reads out of HTML but refuses to write back."""
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
DO = "Mend the file, or check `format:`."


def objection(xpath: str, namespaces: Mapping[str, str] | None = None) -> str | None:
    """Why an XPath cannot be used; None where it can."""
    try:
        _compiled(xpath, namespaces)(etree.Element("row"))
    except (etree.XPathError, ValueError) as error:
        return f"is no XPath that can be used: {clipped(str(error))}"
    return None


def declared(path: Path, encoding: str) -> str:
    """The encoding that the document itself declares, unless the card names another one than UTF-8."""
    if codec_name(encoding) != "utf-8":
        return encoding
    try:
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError as error:
        raise UserError(f"cannot be read: {error.strerror or error}", where=str(path)) from None
    found = _DECLARED.search(head)
    own = encoding if found is None else found[1].decode("ascii", "replace")
    # A file that can be searched for ASCII is not UTF-16, whatever it says.
    return _MARKS.get(head[:2]) or (encoding if own.lower().startswith("utf-16") else own)


def xml(data: bytes, where: str) -> etree._Element:
    """The root of an XML document in UTF-8."""
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        place = f"{where}:{error.lineno}" if error.lineno else where
        raise UserError(f"is not XML that can be read: {clipped(str(error.msg))}", where=place, do=DO) from None
    dtd = root.getroottree().docinfo.internalDTD
    if dtd is not None and next(iter(dtd.iterentities()), None) is not None:
        raise UserError("declares entities, which are not expanded", where=where, do="Write out what they stand for.")
    entity = next(root.iter(etree.Entity), None)
    if entity is not None:
        what = f"uses the entity {clipped(str(entity.text))}, which no document type is loaded for"
        raise UserError(what, where=f"{where}:{entity.sourceline}", do="Write out what it stands for.")
    return root


def html(data: bytes, where: str) -> etree._Element:
    """The root of an HTML document in UTF-8, without scripts and styles, a line end after each block."""
    # HTML has no entities that could grow: the limits that "huge" lifts would only cut off what is nested deep.
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True, remove_comments=True, remove_pis=True)
    root = etree.fromstring(data, parser) if data.strip() else None
    fatal = next(iter(parser.error_log.filter_from_fatals()), None)
    if fatal is not None:
        raise UserError(f"is not HTML that can be read: {clipped(fatal.message)}", where=f"{where}:{fatal.line}", do=DO)
    if root is None:
        return etree.Element("html")
    etree.strip_elements(root, "script", "style", with_tail=False)
    for block in root.iter(*BLOCKS):
        tail = block.tail or ""
        if not _UNWRITABLE.search(tail):
            block.tail = f"\n{tail}"
    return root


def html_text(text: str, where: str) -> str:
    """The text of an HTML document without its tags."""
    return "".join(html(text.encode("utf-8", "replace"), where).itertext()).strip()


def table(
    root: etree._Element, rows: str, columns: Mapping[str, str], namespaces: Mapping[str, str] | None, where: str
) -> pl.DataFrame:
    """One row for each element that `rows` finds, in order of the document."""
    found = _compiled(rows, namespaces)(root)
    if not isinstance(found, list) or not all(etree.iselement(one) for one in found):
        do = "Let it find elements, and take texts and attributes in `columns:`."
        raise UserError(f"`rows: {clipped(rows)}` finds something else than elements", where=where, do=do)
    return pl.DataFrame([_column(name, _compiled(xpath, namespaces), found) for name, xpath in columns.items()])


def _compiled(xpath: str, namespaces: Mapping[str, str] | None) -> etree.XPath:
    return etree.XPath(xpath, namespaces=dict(namespaces or {}) or None, regexp=False, smart_strings=False)


def _column(name: str, xpath: etree.XPath, elements: list[Any]) -> pl.Series:
    """Text, numbers or true and false, as the expression has it, whatever is found."""
    kinds = {float: pl.Float64, bool: pl.Boolean}
    kind = kinds.get(type(xpath(etree.Element("row"))), pl.String)
    return pl.Series(name, list(_values(xpath, elements)), dtype=kind)


def _values(xpath: etree.XPath, elements: list[Any]) -> Iterator[Any]:
    whole = etree.XPath("string()", smart_strings=False)
    for element in elements:
        value = xpath(element)
        if isinstance(value, list):
            first = value[0] if value else None
            yield whole(first) if etree.iselement(first) else first
        else:
            yield None if isinstance(value, float) and isnan(value) else value
