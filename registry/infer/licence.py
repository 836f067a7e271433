"""The licence that lies beside the data: a LICENSE file, or the front matter of a README. Never a guess.

Owns how the text of a licence begins. What it does not know it quotes, and asserts nothing.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

from registry import yamlsource
from registry.errors import UserError, clipped
from registry.interchange.hubcard import parted
from registry.interchange.licences import UNSTATED, of_card, spdx_of

MOST_BYTES = 1 << 16
FILES = ("LICENSE", "LICENSE.txt", "LICENSE.md", "LICENCE", "LICENCE.txt", "COPYING")
READMES = ("README.md", "README.markdown", "README")

TEXTS = (
    (r"Permission is hereby granted, free of charge", "MIT"),
    (r"Apache License\s+Version 2\.0", "Apache-2.0"),
    (r"CC0 1\.0 Universal", "CC0-1.0"),
    (r"Attribution-NonCommercial-ShareAlike 4\.0 International", "CC-BY-NC-SA-4.0"),
    (r"Attribution-NonCommercial-NoDerivatives 4\.0 International", "CC-BY-NC-ND-4.0"),
    (r"Attribution-NonCommercial 4\.0 International", "CC-BY-NC-4.0"),
    (r"Attribution-ShareAlike 4\.0 International", "CC-BY-SA-4.0"),
    (r"Attribution-NoDerivatives 4\.0 International", "CC-BY-ND-4.0"),
    (r"Attribution 4\.0 International", "CC-BY-4.0"),
    (r"Attribution-ShareAlike 3\.0 Unported", "CC-BY-SA-3.0"),
    (r"Attribution 3\.0 Unported", "CC-BY-3.0"),
    (r"Neither the name of .{1,200}endorse or promote", "BSD-3-Clause"),
    (r"Open Data Commons Attribution License", "ODC-By-1.0"),
    (r"Open Database License", "ODbL-1.0"),
    (r"Community Data License Agreement\W+Permissive\W+Version 2\.0", "CDLA-Permissive-2.0"),
)


class Stated(NamedTuple):
    """`license:` as a card writes it, and where it was read."""

    license: Mapping[str, Any]
    why: str


NOT_STATED = Stated({"spdx": UNSTATED}, "none is stated beside the data; ask whoever made them before you share")


def beside(folder: Path) -> Stated:
    """What the files of a folder state; NOASSERTION where none does."""
    for name in FILES:
        text = _text(folder / name)
        if text:
            found = next((spdx for pattern, spdx in TEXTS if re.search(pattern, text, re.DOTALL | re.IGNORECASE)), "")
            where = f"the file {name} beside the data"
            return _stated(found, where) if found else Stated(_unknown(where), f"{where} is not one known by its text")
    for name in READMES:
        tags = words(front_matter(_text(folder / name)).get("license"))
        if tags:
            return of_tag(tags[0], f"the front matter of {name} beside the data")
    return NOT_STATED


def of_tag(tag: str, where: str) -> Stated:
    """The licence that a hub's tag, or an SPDX id, names."""
    found = spdx_of(tag)
    return _stated(found, where) if found else Stated(_unknown(f'{where} says "{clipped(tag, 60)}"'), where)


def unusual(given: str) -> tuple[str, ...]:
    """What is to be said of a licence that the user gave: nothing where it is an SPDX expression."""
    if given == UNSTATED:
        return ()
    try:
        canonicalize_license_expression(given)
    except InvalidLicenseExpression:
        known = "is no SPDX id; those are listed at spdx.org/licenses, and LicenseRef-NAME is for one of your own"
        return (f'license: "{clipped(given, 60)}" {known}',)
    return ()


def front_matter(text: str) -> Mapping[str, Any]:
    """The YAML at the head of a README; empty where there is none that can be read."""
    parts = parted(text)
    try:
        return yamlsource.parse(parts.front, "README.md").data if parts else {}
    except UserError:  # a README is not ours: what cannot be read states nothing
        return {}


def words(said: Any) -> list[str]:
    """One word or several, as front matter writes them."""
    listed = said if isinstance(said, list) else [said]
    return [word for word in listed if isinstance(word, str) and word]


def _stated(found: str, where: str) -> Stated:
    return Stated(of_card(found), f"stated in {where}")


def _unknown(note: str) -> dict[str, str]:
    return of_card(UNSTATED, note)


def _text(path: Path) -> str:
    """The beginning of a text file; empty where there is none, or something that could be waited for."""
    try:
        if not path.is_file():
            return ""
        with path.open("rb") as file:
            return file.read(MOST_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""
