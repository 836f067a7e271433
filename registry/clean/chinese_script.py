"""Chinese in one script, simplified or traditional, by OpenCC, which looks at words: 头发 is 頭髮, 发现 發現."""

from collections.abc import Callable
from functools import cache
from typing import Any, ClassVar, Literal, NamedTuple

import polars as pl

from registry.frozen import Frozen
from registry.texts.rewriting import each, rewritten

_RANGES = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000), range(0x20000, 0x2F800), range(0x30000, 0x32400))
# OpenCC takes these for simplified; they are right in traditional texts as well, if only in Taiwan or Hong Kong.
_BOTH = (
    "万丑丰丽么于云亘仆价伙余佣党准几凶划占厂厘台叶吁吃后咨咸唇夸尸岩岳帘干广征愿挂据斗朴杠杰极柜涂涌淀游熏皂确种筑胜"
    "腊腌膻苹范荐虫蚝蜡蝎跖辟适郁采里雇恒苧虱霉峰床灶痴秘粽群兑冲卧叁囱媪悦愠户捝揾敚棁榅氲涚温煴税緼脱腽葱蒀藴蜕輼醖㐹"
)


class _Route(NamedTuple):
    """OpenCC's configurations for simplified texts, and for those that are traditional already."""

    simplified: str
    traditional: str | None


_ROUTES = {
    "traditional": _Route("s2t", None),
    "taiwan": _Route("s2tw", "t2tw"),
    "hongkong": _Route("s2hk", "t2hk"),
}


class ChineseScript(Frozen):
    """`taiwan` and `hongkong` are traditional with the characters that are usual there; no words are exchanged. A text
    is converted from simplified if it holds characters of that script alone, or none of the other alone: converting
    traditional text once more would harm it (干擾 would become 幹擾)."""

    to: Literal["simplified", "traditional", "taiwan", "hongkong"]

    version: ClassVar[int] = 1
    libraries: ClassVar[tuple[str, ...]] = ("OpenCC",)
    examples: ClassVar[tuple[tuple[dict[str, Any], str, str | None], ...]] = (
        ({"to": "simplified"}, "這個軟體很好用，頭髮", "这个软体很好用，头发"),
        ({"to": "traditional"}, "皇后的头发，推荐", "皇后的頭髮，推薦"),
        ({"to": "traditional"}, "不受干擾的皇后", "不受干擾的皇后"),
        ({"to": "taiwan"}, "这里的群众 OK", "這裡的群眾 OK"),
        ({"to": "hongkong"}, "這裏温暖", "這裏温暖"),
        ({"to": "simplified"}, "No Han", "No Han"),
    )

    def apply(self, rows: pl.DataFrame) -> pl.DataFrame:
        return rewritten(rows, lambda text: text.str.contains(r"\p{Han}"), self._converted)

    def _converted(self, texts: pl.Series) -> pl.Series:
        once = self._once(texts)
        # 薴 becomes 苧 and 苎 then, and 幺 in Taiwan 么 and 麼: what still has characters of the other script goes on.
        others = once.str.contains(_characters().traditional) if self.to == "simplified" else _is_simplified(once)
        again = once.filter((once != texts) & others).unique()
        return once.replace(again, self._once(again)) if again.len() else once

    def _once(self, texts: pl.Series) -> pl.Series:
        if self.to == "simplified":
            return each(texts, _converter("t2s"))
        simplified, traditional = (_converter(name) if name else str for name in _ROUTES[self.to])
        pairs = zip(texts, _is_simplified(texts), strict=True)
        return pl.Series(
            [simplified(text) if from_simplified else traditional(text) for text, from_simplified in pairs],
            dtype=pl.String,
        )


def _is_simplified(texts: pl.Series) -> pl.Series:
    only = _characters()
    texts = texts.str.normalize("NFC")  # as OpenCC does with compatibility ideographs
    return texts.str.contains(only.simplified) | ~texts.str.contains(only.traditional)


class _Characters(NamedTuple):
    """For a regular expression: a character that is right in one script alone."""

    simplified: str
    traditional: str


@cache
def _converter(name: str) -> Callable[[str], str]:
    from opencc import OpenCC

    return OpenCC(name).convert


@cache
def _characters() -> _Characters:
    characters = [chr(code) for codes in _RANGES for code in codes]
    text = "\n".join(characters)
    to_traditional, to_simplified = (_converter(name)(text).split("\n") for name in ("s2t", "t2s"))
    simplified, traditional = [], []
    for character, other, simple in zip(characters, to_traditional, to_simplified, strict=True):
        if simple != character:
            traditional.append(character)
        elif other != character and character not in _BOTH:
            simplified.append(character)
    return _Characters(f"[{''.join(simplified)}]", f"[{''.join(traditional)}]")
