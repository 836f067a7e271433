"""A card's licence in the words of others, and theirs as a card's: SPDX pages, and the ids of the Hugging Face hub.

Owns what counts as a licence that can be published under: an SPDX expression, or `LicenseRef-` with a note.
"""

import re
from typing import Any

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

from registry.card import License

UNSTATED = "NOASSERTION"
PAGE = "https://spdx.org/licenses/"

HUB = frozenset(
    "apache-2.0 mit openrail bigscience-openrail-m creativeml-openrail-m bigscience-bloom-rail-1.0 "
    "bigcode-openrail-m afl-3.0 artistic-2.0 bsl-1.0 bsd bsd-2-clause bsd-3-clause bsd-3-clause-clear c-uda cc "
    "cc0-1.0 cc-by-2.0 cc-by-2.5 cc-by-3.0 cc-by-4.0 cc-by-sa-3.0 cc-by-sa-4.0 cc-by-nc-2.0 cc-by-nc-3.0 "
    "cc-by-nc-4.0 cc-by-nd-4.0 cc-by-nc-nd-3.0 cc-by-nc-nd-4.0 cc-by-nc-sa-2.0 cc-by-nc-sa-3.0 cc-by-nc-sa-4.0 "
    "cdla-sharing-1.0 cdla-permissive-1.0 cdla-permissive-2.0 wtfpl ecl-2.0 epl-1.0 epl-2.0 etalab-2.0 eupl-1.1 "
    "agpl-3.0 gfdl gpl gpl-2.0 gpl-3.0 lgpl lgpl-2.1 lgpl-3.0 isc lppl-1.3c ms-pl mpl-2.0 odc-by odbl openrail++ "
    "osl-3.0 postgresql ofl-1.1 ncsa unlicense zlib pddl lgpl-lr deepfloyd-if-license llama2 gemma "
    "unknown other".split()
)
"""What the hub's page on licences lists."""

_PAGES = r"(?:spdx\.org/licenses|choosealicense\.com/licenses|opensource\.org/licenses?)"
_HUB_OF = {"odbl-1.0": "odbl", "odc-by-1.0": "odc-by", "pddl-1.0": "pddl", "c-uda-1.0": "c-uda", "lgpllr": "lgpl-lr"}
_OF_HUB = {hub: spdx for spdx, hub in _HUB_OF.items()}


def objection(given: License) -> str:
    """Why data cannot be published under what the card says; empty where it can."""
    if given.spdx == UNSTATED:
        return "no licence is asserted, so nobody else may know what they may do with the data"
    try:
        expression = canonicalize_license_expression(given.spdx)
    except InvalidLicenseExpression:
        return f'"{given.spdx}" is no SPDX licence'
    own = "LicenseRef-" in expression and not given.note
    return f'"{given.spdx}" is a licence of its own, and no note says its terms' if own else ""


def for_croissant(given: License) -> list[str | dict[str, Any]]:
    """The pages of the licences that all apply; what has no page of its own stands with its note."""
    expression = canonicalize_license_expression(given.spdx)
    parts = expression.split(" AND ")
    if re.search(r"[ ()]", "".join(parts)):
        return [_work(expression, given.note)]
    return [_work(part, given.note) if part.startswith("LicenseRef-") else PAGE + part for part in parts]


def for_hub(given: License) -> dict[str, str]:
    """`license`, and with `other` its name and its page or note, as the hub spells them."""
    wanted = re.sub(r"-(only|or-later)$", "", given.spdx.lower())
    known = _HUB_OF.get(wanted, wanted)
    if given.spdx == UNSTATED:
        return {"license": "unknown"}
    if known in HUB - {"unknown", "other"}:
        return {"license": known}
    name = re.sub(r"[^a-z0-9.-]+", "-", given.spdx.lower().removeprefix("licenseref-")).strip("-")
    listed = re.fullmatch(r"[A-Za-z0-9.+-]+", given.spdx) and not given.spdx.startswith("LicenseRef-")
    link = {"license_link": f"{PAGE}{given.spdx}"} if listed else {}
    note = {"license_details": given.note} if given.note else {}
    return {"license": "other", "license_name": name or "unnamed", **link, **note}


def of_card(expression: str, note: str = "") -> dict[str, str]:
    """`license:` as a card writes it."""
    use = {"use": "non-commercial"} if "-NC" in expression else {}
    return {"spdx": expression, **use, **({"note": note} if note else {})}


def spdx_of(text: str) -> str | None:
    """The SPDX expression that an id of the hub, an SPDX id or a licence page means; None where it is none of these."""
    wanted = text.strip().removesuffix("/")
    page = re.fullmatch(rf"https?://(?:www\.)?{_PAGES}/([A-Za-z0-9.+-]+?)(?:\.html|\.json)?", wanted)
    common = re.fullmatch(r"https?://creativecommons\.org/licenses/([a-z-]+)/([0-9.]+)(?:/.*)?", wanted)
    zero = re.fullmatch(r"https?://creativecommons\.org/publicdomain/zero/1\.0(?:/.*)?", wanted)
    if page:
        wanted = page[1]
    elif common:
        wanted = f"CC-{common[1].upper()}-{common[2]}"
    elif zero:
        wanted = "CC0-1.0"
    elif wanted.lower() in _OF_HUB:
        wanted = _OF_HUB[wanted.lower()]
    try:
        return canonicalize_license_expression(wanted)
    except InvalidLicenseExpression:
        return None


def _work(name: str, note: str) -> dict[str, Any]:
    return {"@type": "sc:CreativeWork", "name": name, **({"description": note} if note else {})}
