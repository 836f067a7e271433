"""Finds what identifies a person in a text: each kind by its form and, where it has one, its checksum.

Full-width forms, digits of other scripts, and any blank or dash count as the ASCII ones that they stand for. Names and
addresses have no form: they are not found.
"""

import datetime
import ipaddress
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Literal, NamedTuple

Kind = Literal["email", "iban", "resident_id", "uscc", "payment_card", "ip", "phone"]

HALF_WIDTH = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    **{zero + digit: 0x30 + digit for zero in (0x660, 0x6F0, 0x966) for digit in range(10)},
    **dict.fromkeys([0xA0, *range(0x2000, 0x200B), 0x202F, 0x3000], 0x20),
    **dict.fromkeys([*range(0x2010, 0x2016), 0x2212], 0x2D),
}
"""One code point for one, so that places stay."""

POSSIBLE = (
    r"[@＠]|(?:\d[^\w\n]{0,4}){7}|\d[.．]\d{1,3}[.．]\d|"
    r"[:：][0-9A-Fa-f０-９Ａ-Ｆａ-ｆ]{0,4}[:：]|[A-Za-zＡ-Ｚａ-ｚ]{2}\d{2}|[0-9A-Za-z０-９Ａ-Ｚａ-ｚ]{18}"
)
"""For Polars: texts without this hold nothing of any kind, so that few meet Python."""


class Found(NamedTuple):
    """Code points `start` to `end`, exclusive."""

    start: int
    end: int


def find(text: str, kind: Kind, regions: Sequence[str]) -> list[Found]:
    """Every one of a kind, in order, none overlapping. `regions`: where phone numbers may be written without +."""
    return _found(_Forms.of(text), kind, regions)


def redacted(text: str, kinds: Sequence[Kind], regions: Sequence[str]) -> tuple[str, tuple[Kind, ...]]:
    """The text with `<EMAIL>` and the like in place of what was found, and the kinds that were."""
    seen: list[Kind] = []
    before = ""
    while text != before:  # what stood beside a find may be one itself once that is gone
        before, forms = text, _Forms.of(text)
        for kind in KINDS:
            found = _found(forms, kind, regions) if kind in kinds else []
            if found:
                seen.append(kind)
                text, *others = (_replaced(form, found, f"<{kind.upper()}>") for form in (text, *forms))
                forms = _Forms(*others)
    return text, tuple(dict.fromkeys(seen))


class _Forms(NamedTuple):
    """A text as it is looked at; each character in its place."""

    half: str
    numbers: str
    """Without labels glued to numbers."""

    @classmethod
    def of(cls, text: str) -> "_Forms":
        half = text if text.isascii() else text.translate(HALF_WIDTH)
        return cls(half, GLUED.sub(lambda label: " " * len(label[0]), half))


def _found(forms: _Forms, kind: Kind, regions: Sequence[str]) -> list[Found]:
    if kind == "phone":
        return _phones(forms.numbers, regions)
    return list(_FINDERS[kind](forms.half if kind == "email" else forms.numbers))


def _replaced(text: str, found: Sequence[Found], by: str) -> str:
    """`found` in order."""
    edges = [0, *(edge for one in found for edge in one), len(text)]
    return by.join(text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))


GLUED = re.compile(
    r"(?i)(?<![a-z])(?:tel|phone|mobile|cell|fax|call|whatsapp|wechat|wx|vx|qq|card)(?=[+(]?\d)|iban(?=[a-z]{2}\d\d)"
)
"""Labels that stand before a number without a blank."""

_LATIN = r"A-Za-z0-9\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
_OTHER = rf"[^\W_{_LATIN}]"
_HAN = r"\u3040-\u30ff\u3400-\u9fff"
_HAN_DOMAINS = (
    "中国|中國|香港|台湾|台灣|新加坡|公司|企业|集团|网络|網絡|网址|网站|网店|商城|商店|商标|在线|中文网|广告|政务|公益|"
    "机构|信息|移动|手机|游戏|娱乐|我爱你|世界|コム"
)
EMAIL = re.compile(
    rf"(?:(?<![{_LATIN}._%+'-])[{_LATIN}._%+'-]++|(?<!{_OTHER}){_OTHER}++)@"
    rf"(?>(?:[{_LATIN}][{_LATIN}-]*+(?<!-)|{_OTHER}++)\.)+"
    rf"(?:xn--[A-Za-z0-9-]{{1,59}}(?![{_LATIN}-])|[A-Za-z]{{2,24}}(?![{_LATIN}-])|{_HAN_DOMAINS}|"
    rf"[^\W\d_{_LATIN}{_HAN}]{{2,24}}(?!{_OTHER}))"
)
"""Letters of other scripts make a name or a label by themselves, so that an address ends where Chinese text begins."""
USUAL_DOMAINS = frozenset(["com", "net", "org", "edu", "gov", "cn", "tw", "hk", "jp", "kr", *_HAN_DOMAINS.split("|")])
"""What makes an address of Chinese characters before `@`: a mention has them there, too (`谢谢@bob.再见`)."""


def _emails(text: str) -> Iterator[Found]:
    for found in EMAIL.finditer(text):
        start = found.start() + len(found[0]) - len(found[0].lstrip(".'-%+"))
        local = text[start : text.index("@", start)]
        mention = re.search(f"[{_HAN}]", local) and found[0].rpartition(".")[2].lower() not in USUAL_DOMAINS
        if local and not mention and len(local) <= 64 and found.end() - start <= 254:
            yield Found(start, found.end())


def luhn(digits: str) -> bool:
    """ISO/IEC 7812-1: every second digit from the right is doubled; the sum of all digits ends in 0."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(value - 9 * (value > 9) for value in doubled) % 10 == 0


GROUP = re.compile(r"(?<![0-9A-Za-z])\d{2,19}(?![0-9A-Za-z])")
NETWORKS = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|"  # Visa
    r"(?:5[1-5]\d{2}|222[1-9]|22[3-9]\d|2[3-6]\d{2}|27[01]\d|2720)\d{12}|"  # Mastercard
    r"3[47]\d{13}|3(?:0[0-5]|095|[689]\d)\d{11}|"  # American Express, Diners Club
    r"(?:6011|64[4-9]\d|65\d{2}|62\d{2}|35(?:2[89]|[3-8]\d))\d{12,15}|"  # Discover, UnionPay, JCB
    r"220[0-4]\d{12}|(?:5018|5020|5038|5893|6304|6759|676[1-3])\d{8,15}"  # Mir, Maestro
)


def _cards(text: str) -> Iterator[Found]:
    """Digits in one piece, or in groups with one blank, hyphen or full stop between them."""
    groups, end = [found.span() for found in GROUP.finditer(text)], 0
    for at, (start, _) in enumerate(groups):
        digits, last = "", start - 1
        for left, right in groups[at : at + 8]:
            if (
                start < end
                or (text[last:left] not in ("", " ", "-", ".") and digits)
                or len(digits) + right - left > 19
            ):
                break
            digits, last = digits + text[left:right], right
            if NETWORKS.fullmatch(digits) and luhn(digits):
                end = last
                yield Found(start, end)


IBAN = re.compile(r"(?<![0-9A-Za-z])([A-Za-z]{2})\d{2}")
IBAN_LENGTHS = dict(
    pair.split(":")
    for pair in (
        "AD:24 AE:23 AL:28 AT:20 AZ:28 BA:20 BE:16 BG:22 BH:22 BI:27 BR:29 BY:28 CH:21 CR:22 CY:28 CZ:24 DE:22 DJ:27 "
        "DK:18 DO:28 EE:20 EG:29 ES:24 FI:18 FK:18 FO:18 FR:27 GB:22 GE:22 GI:23 GL:18 GR:27 GT:28 HN:28 HR:21 HU:28 "
        "IE:22 IL:23 IQ:23 IS:26 IT:27 JO:30 KW:30 KZ:20 LB:28 LC:32 LI:21 LT:20 LU:20 LV:21 LY:25 MC:27 MD:24 ME:22 "
        "MK:19 MN:20 MR:27 MT:31 MU:30 NI:28 NL:18 NO:15 OM:23 PK:24 PL:28 PS:29 PT:25 QA:29 RO:24 RS:22 RU:33 SA:24 "
        "SC:31 SD:18 SE:24 SI:19 SK:24 SM:27 SO:23 ST:25 SV:28 TL:23 TN:24 TR:26 UA:29 VA:22 VG:24 XK:20 YE:30"
    ).split()
)
"""ISO 13616: characters of a number, by country."""


def _ibans(text: str) -> Iterator[Found]:
    """ISO 7064 MOD 97-10, in one piece or in groups with a blank or hyphen between them."""
    end = 0
    for head in IBAN.finditer(text):
        rest = int(IBAN_LENGTHS.get(head[1].upper(), 0)) - 4
        whole = (
            re.compile(rf"(?:[ -]?[0-9A-Za-z]){{{rest}}}(?![0-9A-Za-z])").match(text, head.end()) if rest > 0 else None
        )
        if whole is None or head.start() < end:
            continue
        moved = re.sub("[ -]", "", whole[0]) + head[0]
        if int("".join(str(int(char, 36)) for char in moved)) % 97 == 1:
            end = whole.end()
            yield Found(head.start(), end)


RESIDENT_ID = re.compile(r"(?<!\d)(\d{6})[ -]?(\d{4})(\d{2})(\d{2})[ -]?(\d{3}[0-9Xx])(?!\d)")
PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83".split()
)


def _resident_ids(text: str) -> Iterator[Found]:
    """GB 11643-1999: a place, a date of birth, a number, and a check character after ISO 7064 MOD 11-2."""
    for found in RESIDENT_ID.finditer(text):
        place, *birth, _ = found.groups()
        digits = "".join(found.groups())
        weighed = sum(int(digit) * (2 ** (17 - at) % 11) for at, digit in enumerate(digits[:17]))
        checked = "10X98765432"[weighed % 11] == digits[17].upper()
        if place[:2] in PROVINCES and checked and _is_birthday(*map(int, birth)):
            yield Found(*found.span())


def _is_birthday(year: int, month: int, day: int) -> bool:
    try:
        return 1900 <= datetime.date(year, month, day).year < 2100
    except ValueError:
        return False


USCC = re.compile(r"(?<![0-9A-Za-z])[0-9A-HJ-NP-RT-UW-Y]{2}\d{6}[0-9A-HJ-NP-RT-UW-Y]{10}(?![0-9A-Za-z])")
USCC_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def _usccs(text: str) -> Iterator[Found]:
    """GB 32100-2015: the number of a Chinese organisation, with a check character after MOD 31-3."""
    for found in USCC.finditer(text):
        values = [USCC_CHARACTERS.index(char) for char in found[0]]
        weighed = sum(value * (3**at % 31) for at, value in enumerate(values[:17]))
        if (31 - weighed % 31) % 31 == values[17]:
            yield Found(*found.span())


IP = re.compile(
    r"(?<![\w.])(?<![A-Za-z]-)(?<!\w/)\d{1,3}(?:\.\d{1,3}){3}(?!\w|\.\w|-[A-Za-z])|"
    r"(?<![\w.:])[0-9A-Fa-f]{0,4}:[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{0,36}(?![\w:])",
    re.ASCII,
)
NUMBERED_BEFORE = re.compile(
    r"(?:\b(?:v|ver|version|release|rev|build|sec|section|ch|chapter|fig|figure|table|eq|clause|article|item)|"
    r"§|版本号?|版)[\s.:#=]{0,3}$|(?:第|公式|(?<!列)[图圖表])\s?$",
    re.IGNORECASE,
)
NUMBERED_AFTER = re.compile(r"\s?(?:[版条條章款]|[节節](?![点點]))")
WHOLE_V6 = re.compile(r"(?:[0-9a-f]+:){6}[0-9a-f]|[23][0-9a-f]{3}:|f[c-f][0-9a-f]{2}:|::ffff:|64:ff9b:", re.IGNORECASE)
"""What begins as addresses do that are in use: others may be times (`12:00::`) or names in programs (`abc::123`)."""


def _addresses(text: str) -> Iterator[Found]:
    """IPv4 and IPv6 addresses; the number of a version or of a section is none."""
    for found in IP.finditer(text):
        written = found[0].rstrip(".") if ":" in found[0] else found[0]
        end = found.start() + len(written)
        numbered = NUMBERED_BEFORE.search(text, max(0, found.start() - 12), found.start())
        numbered = numbered or NUMBERED_AFTER.match(text, end)
        told = WHOLE_V6.match(written) if ":" in written else not numbered
        if told and _is_address(written):
            yield Found(found.start(), end)


def _is_address(written: str) -> bool:
    try:
        return not ipaddress.ip_address(written).is_unspecified
    except ValueError:
        return False


DIALLED = re.compile(r"(?:\d[^\w\n]{0,4}){7}")
"""Fewer digits are no phone number; looking for one is slow."""
COUNTED_AFTER = re.compile(r"\.\d|\s?(?:[美港欧日]?元|人民币|[亿吨股件桶%])")
COUNTED_BEFORE = re.compile(
    r"(?:[¥￥$€£]|(?:\b(?:order|invoice|ticket|tracking|item|sku|isbn|issn|doi)|订单|訂單|单号|單號|编号|編號|货号|流水)"
    r"(?:号|號|number|no|id)?)[\s.:#：]{0,3}(?:(?:number|no|id)[\s.:#：]{1,3})?$",
    re.IGNORECASE,
)


def _is_count(text: str, start: int, end: int) -> bool:
    """Whether bare digits are an amount or the number of an order: as many digits, but none to dial."""
    if not text[start:end].isdigit():
        return False
    return bool(COUNTED_AFTER.match(text, end) or COUNTED_BEFORE.search(text, max(0, start - 24), start))


def _phones(text: str, regions: Sequence[str]) -> list[Found]:
    """Valid numbers: those with + and a country, and those as they are dialled in one of the regions."""
    from phonenumbers import Leniency, PhoneNumberMatcher

    found: list[Found] = []
    for region in regions or (None,):
        if not DIALLED.search(text):
            break
        matches = list(PhoneNumberMatcher(text, region, Leniency.VALID, max_tries=len(text)))
        # What one region claims, no other looks at.
        hidden = list(text)
        for match in matches:
            if not _is_count(text, match.start, match.end):
                found.append(Found(match.start, match.end))
            hidden[match.start : match.end] = "#" * (match.end - match.start)
        text = "".join(hidden)
    return sorted(found)


_FINDERS: dict[Kind, Callable[[str], Iterator[Found]]] = {
    "email": _emails,
    "iban": _ibans,
    "resident_id": _resident_ids,
    "uscc": _usccs,
    "payment_card": _cards,
    "ip": _addresses,
}
KINDS: tuple[Kind, ...] = (*_FINDERS, "phone")
"""In the order in which they are looked for: what has a checksum before what has less form."""
