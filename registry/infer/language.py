"""Which language texts are in, guessed from their letters and, for Latin ones, from the commonest little words.

Owns a table of scripts and one of words. `und` where neither says enough: a wrong code is worse than none.
"""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

LOOKED_AT = 2_000
"""Texts that are looked at."""

CHARACTERS = 2_000
"""Of each text."""

SCRIPTS = {
    "kana": "\u3040-\u30ff",
    "hangul": "\uac00-\ud7af\u1100-\u11ff",
    "han": "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff",
    "cyrillic": "\u0400-\u04ff",
    "arabic": "\u0600-\u06ff",
    "hebrew": "\u0590-\u05ff",
    "greek": "\u0370-\u03ff",
    "thai": "\u0e00-\u0e7f",
    "devanagari": "\u0900-\u097f",
    "latin": "A-Za-z\u00c0-\u024f",
}
OF_SCRIPT = {
    "han": "zh",
    "hangul": "ko",
    "cyrillic": "ru",
    "arabic": "ar",
    "hebrew": "he",
    "greek": "el",
    "thai": "th",
    "devanagari": "hi",
}
WORDS = {
    "en": "the and of to is in that it was for with this but are not you have",
    "de": "der die das und ist nicht ich ein eine mit von zu den auf für sich auch",
    "fr": "le la les et est des une un dans que qui pour pas sur avec ce il",
    "es": "el la los las y es de que en un una por con para no se muy",
    "pt": "o a os as e é de que em um uma por com para não se muito",
    "it": "il la che di e è un una per con non sono del della questo ma",
    "nl": "de het een en is van ik niet dat die op voor met zijn maar",
}
_WORDS = {code: frozenset(words.split()) for code, words in WORDS.items()}
_FINDERS = {name: re.compile(f"[{letters}]") for name, letters in SCRIPTS.items()}


LATIN = frozenset("en de fr es pt it nl sv da nb nn no fi pl cs sk sl hr hu ro tr vi id ms et lv lt ca eu".split())
WRITTEN_IN: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(LATIN, ("latin",)),
    **{code: (script,) for script, code in OF_SCRIPT.items()},
    "ja": ("kana", "han"),
    "uk": ("cyrillic",),
    "bg": ("cyrillic",),
    "fa": ("arabic",),
    "ur": ("arabic",),
}
"""The scripts of languages; nothing is said of texts in a language that is not here."""

SCRIPT_SHARE = 0.2


class Spoken(NamedTuple):
    """A language code, `und` for none, and what speaks for it."""

    code: str
    why: str


def spoken(texts: pl.Series) -> Spoken:
    """The language of most of the texts. `texts` is a column of strings."""
    text = _some(texts)
    shares = _scripts(text)
    if not shares:
        return Spoken("und", "no letters of a script that tells a language; write the code yourself")
    # Japanese is written in Han and kana together; Chinese has no kana.
    if shares["kana"] > 0.05:
        return Spoken("ja", f"{shares['kana']:.0%} of the letters are kana")
    # A Chinese text may quote more Latin letters than it has characters, each of which says a word's worth.
    if shares["han"] > SCRIPT_SHARE:
        return Spoken("zh", f"{shares['han']:.0%} of the letters are Han characters")
    script = max(shares, key=lambda name: shares[name])
    if script == "latin":
        return _latin(text)
    if script == "cyrillic" and re.search("[іїєґ]", text.lower()):
        return Spoken("uk", f"{shares[script]:.0%} of the letters are Cyrillic, some of them Ukrainian")
    return Spoken(OF_SCRIPT[script], f"{shares[script]:.0%} of the letters are {script.capitalize()}")


def unwritten(languages: Sequence[str], texts: pl.Series) -> str:
    """What the texts are written in instead, where none of the languages is written so; empty where one may be."""
    shares = _scripts(_some(texts))
    expected = [WRITTEN_IN.get(code.split("-")[0]) for code in languages]
    if not shares or None in expected:
        return ""
    if any(shares[script] > SCRIPT_SHARE for scripts in expected if scripts for script in scripts):
        return ""
    script = max(shares, key=lambda name: shares[name])
    return f"{shares[script]:.0%} of the letters are {script.capitalize()}"


def _some(texts: pl.Series) -> str:
    return "\n".join(texts.drop_nulls().head(LOOKED_AT).str.slice(0, CHARACTERS))


def _scripts(text: str) -> dict[str, float]:
    """The share of each script among the letters; empty where there are none."""
    letters = {name: len(finder.findall(text)) for name, finder in _FINDERS.items()}
    total = sum(letters.values())
    return {name: count / total for name, count in letters.items()} if total else {}


def _latin(text: str) -> Spoken:
    """The language whose little words are most frequent, where they are frequent and clearly so."""
    words = Counter(re.findall(r"[^\W\d_]+", text.lower()))
    total = words.total()
    shares = sorted(
        ((sum(words[word] for word in known) / total, code) for code, known in _WORDS.items()), reverse=True
    )
    (best, code), (second, _) = shares[:2]
    if best < 0.06 or best < 1.3 * second:
        return Spoken("und", "Latin letters, but no language's little words stand out; write the code yourself")
    examples = ", ".join(sorted(_WORDS[code], key=lambda word: -words[word])[:3])
    return Spoken(code, f"{best:.0%} of the words are little {code} words such as {examples}")
