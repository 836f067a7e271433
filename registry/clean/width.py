"""Full-width forms (`ＡＢＣ１２３`) and half-width ones (`ABC123`): letters, digits and punctuation each as wanted.

NFKC folds all of them at once, Chinese punctuation `，！（）` among them. The ideographic space is `whitespace`'s.
"""

from typing import Any, ClassVar, Literal
from unicodedata import normalize

import polars as pl

from registry.frozen import Frozen
from registry.text import inputs

Form = Literal["half", "full", "keep"]
_PRINTABLE = [chr(code) for code in range(0x21, 0x7F)]
_SIGNS = dict(zip("¢£¬¯¦¥₩", "￠￡￢￣￤￥￦", strict=True))
_KANA = [chr(code) for code in range(0xFF61, 0xFF9E)]
_MARKS = {"ﾞ": "゛", "ﾟ": "゜"}


class Width(Frozen):
    """`full` punctuation is ASCII's, one for one: a full stop becomes `．`, not `。`. `katakana: full` joins half-width
    Katakana and the marks after them (`ｶﾞ` becomes `ガ`); that they have half-width punctuation of their own counts."""

    letters: Form = "half"
    digits: Form = "half"
    punctuation: Form = "keep"
    katakana: Literal["full", "keep"] = "full"

    version: ClassVar[int] = 1
    libraries: ClassVar[tuple[str, ...]] = ()
    examples: ClassVar[tuple[tuple[dict[str, Any], str, str | None], ...]] = (
        ({}, "ＡＢＣ１２３，。！", "ABC123，。！"),
        ({}, "ｺｰﾋｰ ﾊﾟﾝ｡", "コーヒー パン。"),
        ({"punctuation": "half", "digits": "keep"}, "（ＯＫ）１００％，￥５", "(OK)１００%,¥５"),
        ({"letters": "keep", "digits": "keep", "punctuation": "full", "katakana": "keep"}, "好,3!", "好，3！"),
    )

    def apply(self, rows: pl.DataFrame) -> pl.DataFrame:
        pairs = self._pairs()
        return rows.with_columns(
            pl.col(inputs(rows)).str.replace_many(list(pairs), list(pairs.values()), leftmost=True)
        )

    def _pairs(self) -> dict[str, str]:
        """What to replace, longer ones first: the first that fits is taken."""
        pairs = {}
        if self.katakana == "full":
            joined = {kana + mark: normalize("NFKC", kana + mark) for kana in _KANA for mark in _MARKS}
            pairs = {half: full for half, full in joined.items() if len(full) == 1}
            pairs |= {kana: normalize("NFKC", kana) for kana in _KANA} | _MARKS
        for half in _PRINTABLE:
            form = self.letters if half.isalpha() else self.digits if half.isdigit() else self.punctuation
            pairs |= _turned(form, half, chr(ord(half) + 0xFEE0))
        for half, full in _SIGNS.items():
            pairs |= _turned(self.punctuation, half, full)
        return pairs


def _turned(form: Form, half: str, full: str) -> dict[str, str]:
    return {} if form == "keep" else {full: half} if form == "half" else {half: full}
