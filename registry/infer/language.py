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
    "en": "the and of to is in that it was for with this but are not you have a i my be they very so at on were",
    "de": "der die das und ist nicht ich ein eine mit von zu den auf für sich auch",
    "fr": "le la les et est des une un dans que qui pour pas sur avec ce il",
    "es": "el la los las y es de que en un una por con para no se muy",
    "pt": "o a os as e é de que em um uma por com para não se muito",
    "it": "il la che di e è un una per con non sono del della questo ma",
    "nl": "de het een en is van ik niet dat die op voor met zijn maar",
}
_WORDS = {code: frozenset(words.split()) for code, words in WORDS.items()}
_KNOWN_IN = Counter(word for words in _WORDS.values() for word in words)
_WEIGHTS = {word: (0.5 if len(word) == 1 else 1) / languages for word, languages in _KNOWN_IN.items()}
"""A word of several languages speaks less for each, and so does a single letter, which may be a name or a list."""

FEWEST_WORDS = 3
"""Different little words of several letters that must be there."""
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


SHARE_OF_TEXTS = 0.2
"""A second language is one in which this share of the texts is written."""


class Spoken(NamedTuple):
    """Language codes, the commonest first, `und` alone for none; and what speaks for them."""

    codes: tuple[str, ...]
    why: str


def spoken(texts: pl.Series) -> Spoken:
    """The languages of the texts, told apart by their scripts. `texts` is a column of strings."""
    some = [text[:CHARACTERS] for text in texts.drop_nulls().head(LOOKED_AT)]
    groups: dict[str, list[str]] = {}
    for text in some:
        groups.setdefault(_main_script(text), []).append(text)
    written = {name: group for name, group in groups.items() if name}
    large = sorted((group for group in written.values() if len(group) > SHARE_OF_TEXTS * len(some)), key=len)[::-1]
    if len(large) < 2:
        return _spoken("\n".join(some))
    told = [(_spoken("\n".join(group)), len(group) / len(some)) for group in large]
    codes = tuple(dict.fromkeys(code for one, _ in told for code in one.codes if code != "und"))
    return Spoken(codes or ("und",), "; ".join(f"in {share:.0%} of the texts, {one.why}" for one, share in told))


def _main_script(text: str) -> str:
    """The script that a text is written in, Japanese counted with Chinese; empty without letters."""
    shares = _scripts(text)
    if not shares:
        return ""
    return "han" if shares["han"] + shares["kana"] > SCRIPT_SHARE else max(shares, key=lambda name: shares[name])


def _spoken(text: str) -> Spoken:
    """Of texts in one language, or nearly so."""
    shares = _scripts(text)
    if not shares:
        return Spoken(("und",), "no letters of a script that tells a language; write the code yourself")
    # Japanese is written in Han and kana together; Chinese has no kana.
    if shares["kana"] > 0.05:
        return Spoken(("ja",), f"{shares['kana']:.0%} of the letters are kana")
    # A Chinese text may quote more Latin letters than it has characters, each of which says a word's worth.
    if shares["han"] > SCRIPT_SHARE:
        return Spoken(("zh",), f"{shares['han']:.0%} of the letters are Han characters")
    script = max(shares, key=lambda name: shares[name])
    if script == "latin":
        return _latin(text)
    if script == "cyrillic" and re.search("[іїєґ]", text.lower()):
        return Spoken(("uk",), f"{shares[script]:.0%} of the letters are Cyrillic, some of them Ukrainian")
    return Spoken((OF_SCRIPT[script],), f"{shares[script]:.0%} of the letters are {script.capitalize()}")


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
    """The language whose little words are most frequent, where they are several, frequent and clearly so."""
    words = Counter(re.findall(r"[^\W\d_]+", text.lower()))
    weighed = {code: sum(words[word] * _WEIGHTS[word] for word in known) for code, known in _WORDS.items()}
    best, second = sorted(weighed, key=lambda code: -weighed[code])[:2]
    there = sorted((word for word in _WORDS[best] if words[word]), key=lambda word: (-words[word], word))
    frequent = weighed[best] > 0.04 * words.total() and weighed[best] > 1.3 * weighed[second]
    if sum(len(word) > 1 for word in there) < FEWEST_WORDS or not frequent:
        return Spoken(("und",), "Latin letters, but no language's little words stand out; write the code yourself")
    share = sum(words[word] for word in there) / words.total()
    return Spoken((best,), f"{share:.0%} of the words are little {best} words such as {', '.join(there[:3])}")
