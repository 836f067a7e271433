"""A Croissant document, 1.0 or 1.1, as a starting card. Fetches nothing and believes nothing that it cannot say.

Owns which properties a card has a key for; every other one is named in a remark.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from registry.card import LANGUAGE_CODE
from registry.errors import clipped
from registry.interchange.jsonld import Node, listed, local, several, text
from registry.interchange.licences import UNSTATED, of_card, spdx_of
from registry.interchange.requirements import missing

TAKEN = frozenset(
    "@context @type @id conformsTo name alternateName description license url creator datePublished inLanguage "
    "citeAs distribution recordSet version".split()
)


class Facts(NamedTuple):
    """What a foreign description says of a dataset as a whole, in a card's keys."""

    name: str
    keys: dict[str, Any]
    remarks: tuple[str, ...]


def facts(document: Node) -> Facts:
    """The keys that describe the data; a value that does not fit a card becomes a remark."""
    name, title = text(document.get("name")), text(document.get("alternateName"))
    published = re.match(r"\d{4}(-\d{2}(-\d{2})?)?(?=T|$)", text(document.get("datePublished")))
    url = re.fullmatch(r"https?://\S+", text(document.get("url")))
    keys = {
        "title": " ".join((title or name).split()),
        "description": text(document.get("description")),
        "license": _license(document),
        "languages": tuple(word for word in _languages(document) if re.fullmatch(LANGUAGE_CODE, word)) or ("und",),
        "citation": text(document.get("citeAs")),
        "creators": tuple(filter(None, map(_creator, several(document.get("creator"))))),
        "published": published[0] if published else "",
        "url": url[0] if url else "",
    }
    return Facts(name, keys, tuple(_told(document, keys)))


def _told(document: Node, keys: Mapping[str, Any]) -> Iterator[str]:
    """What the card does not say as the document does, or not at all."""
    if text(document.get("version")):
        yield f"version of the original: {clipped(text(document['version']), 60)}"
    if several(document.get("license")) and keys["license"]["spdx"] == UNSTATED:
        yield f"the licence is none of SPDX's list; `note:` quotes it: {keys['license']['note']}"
    for word in _languages(document):
        if not re.fullmatch(LANGUAGE_CODE, word):
            yield f'not taken over: the language "{clipped(word, 60)}", which is no code'
    people = [one for one in listed(document.get("creator")) if "Person" in map(local, several(one.get("@type")))]
    unparted = [name for name in map(_creator, people) if "," not in name]
    if unparted:
        yield f'write people as "Family, Given": {clipped("; ".join(unparted))}'
    yield from (f"not said in the document: {line}" for line in missing(document))
    unfit = {"url": keys["url"], "datePublished": keys["published"]}
    for key, value in document.items():
        if key not in TAKEN or not unfit.get(key, True):
            yield f"not taken over: {_shown(key, value)}"


def _license(document: Node) -> dict[str, str]:
    """`license:` of a card; what is no SPDX licence stands in its note."""
    given = several(document.get("license"))
    known = [spdx_of(_licence_text(one)) for one in given]
    if not given:
        return of_card(UNSTATED, "The imported document states no licence")
    if None in known:
        told = "; ".join(clipped(" ".join(_licence_text(one).split()), 300) for one in given)
        return of_card(UNSTATED, f"The imported document says: {told}")
    note = " ".join(text(one.get("description")) for one in listed(given))
    return of_card(" AND ".join(dict.fromkeys(map(str, known))), " ".join(note.split()))


def _licence_text(one: Any) -> str:
    if not isinstance(one, Mapping):
        return text(one)
    return next(filter(None, (text(one.get(key)) for key in ("url", "name", "@id"))), "")


def _languages(document: Node) -> list[str]:
    words = [one.get("name", one) if isinstance(one, Mapping) else one for one in several(document.get("inLanguage"))]
    return list(dict.fromkeys(map(text, words)))


def _creator(one: Any) -> str:
    """A person as "Family, Given" where the document tells the parts."""
    if not isinstance(one, Mapping):
        return text(one)
    family, given = text(one.get("familyName")), text(one.get("givenName"))
    return f"{family}, {given}" if family and given else text(one.get("name"))


def _shown(key: str, value: Any) -> str:
    said = value if isinstance(value, str) else ""
    return clipped(f"{key}: {' '.join(said.split())}" if said else key, 300)
