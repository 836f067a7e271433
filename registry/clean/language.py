"""Texts in other languages leave, as py3langid tells languages apart; of pairs, both must fit.

Its model is inside the package, so nothing is fetched. It knows a sentence and guesses at a word: short texts stay.
"""

from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import polars as pl
from pydantic import Field

from registry.frozen import Frozen
from registry.op import staying
from registry.text import inputs

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

LOOKED_AT = 2_000
"""Code points of a text; reading it is Python, a byte at a time."""

Code = Literal[
    "ace", "af", "am", "an", "ar", "ary", "arz", "as", "az", "ba", "bcl", "be", "bg", "bn", "br", "bs", "ca", "crh",
    "cs", "cy", "da", "de", "dz", "el", "en", "eo", "es", "et", "eu", "ext", "fa", "fi", "fo", "fr", "fuv", "fy",
    "ga", "gcf", "gcr", "gd", "gl", "gom", "grc", "gu", "gug", "guw", "ha", "hbo", "he", "hi", "hr", "ht", "hu",
    "hy", "id", "ig", "is", "it", "ja", "jv", "ka", "kab", "kik", "kk", "km", "kn", "ko", "ku", "ky", "la", "lb",
    "lg", "lij", "ln", "lo", "lt", "ltg", "lv", "mg", "mk", "ml", "mn", "mr", "ms", "mt", "my", "ne", "nl", "nn",
    "no", "nso", "oc", "om", "or", "pa", "pcm", "pl", "ps", "pt", "qu", "ro", "ru", "rw", "sa", "sdh", "se", "si",
    "sk", "sl", "sn", "so", "sq", "sr", "st", "sv", "sw", "ta", "te", "tg", "th", "tk", "tl", "tr", "tt", "ug",
    "uk", "ur", "uz", "uzs", "vec", "vi", "vo", "wa", "wuu", "xh", "yo", "yue", "zh", "zu", "zxx",
]  # fmt: skip

INCLUDED: dict[str, tuple[str, ...]] = {"ar": ("ary", "arz"), "ku": ("sdh",), "no": ("nn",), "zh": ("wuu", "yue")}
"""What the detector tells apart and users mean together: varieties of one macrolanguage of ISO 639."""

DENSE = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]"


class Language(Frozen):
    keep: Annotated[tuple[Code, ...], Field(min_length=1)]
    """ISO 639 codes. `zh` includes Cantonese and Wu, `no` Nynorsk, `ar` the spoken varieties."""
    confidence: float = Field(0.5, ge=0, le=1)
    """The probability that the languages to keep must have together."""
    min_chars: int = Field(20, ge=1, le=LOOKED_AT)
    """Texts with fewer letters stay unjudged. Han, Kana and Hangul count as four letters each."""

    version: ClassVar[int] = 1
    libraries: ClassVar[tuple[str, ...]] = ("py3langid",)
    examples: ClassVar[tuple[tuple[dict[str, Any], str, str | None], ...]] = (
        ({"keep": ["en"]}, "This film was really good.", "This film was really good."),
        ({"keep": ["en"]}, "Das ist ein sehr schöner Film.", None),
        ({"keep": ["en"]}, "很好", "很好"),
        ({"keep": ["en"]}, "物流很快，质量也不错", None),
        ({"keep": ["zh", "en"]}, "我覺得這個很棒，下次再買", "我覺得這個很棒，下次再買"),
        ({"keep": ["zh"]}, "とても良い商品でした", None),
    )

    def apply(self, rows: pl.DataFrame) -> pl.DataFrame:
        for name in inputs(rows):
            text = pl.col(name)
            letters = text.str.count_matches(r"\p{L}") + 3 * text.str.count_matches(DENSE)
            judged = rows.filter(staying() & (letters >= self.min_chars)).select(_looked_at=text.str.head(LOOKED_AT))
            reasons = {one: told for one in judged["_looked_at"].unique() if (told := self._reason(one))}
            why = text.str.head(LOOKED_AT).replace_strict(
                pl.Series(list(reasons), dtype=pl.String),
                pl.Series(list(reasons.values()), dtype=pl.String),
                default=None,
            )
            rows = rows.with_columns(_reason=pl.coalesce("_reason", why))
        return rows

    def _reason(self, text: str) -> str:
        """Why a text leaves; empty where it stays."""
        kept = {code for one in self.keep for code in (one, *INCLUDED.get(one, ()))}
        code, probability = _identifier().classify(text)
        if code in kept and probability >= self.confidence:
            return ""
        # Only what this leaves open needs all probabilities, which take as long again.
        open_ = code in kept or 1 - probability >= self.confidence
        if open_ and sum(share for one, share in _identifier().rank(text) if one in kept) >= self.confidence:
            return ""
        return "language uncertain" if code in kept or probability < 0.5 else f"language {code}"


@cache
def _identifier() -> "LanguageIdentifier":
    """Loaded when the first text is judged: half a second."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
