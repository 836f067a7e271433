"""Chinese words parted by spaces, by jieba, for models that take words to be what stands between spaces.

Only what holds Chinese characters is segmented; the rest of a text, its spaces and its lines stay as they are, and so
do placeholders (`<URL>`, `@user`) and emoticons in brackets (`[微笑]`).
"""

import re
import warnings
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, ClassVar

import polars as pl
from pydantic import Field

from registry.frozen import Frozen, Text
from registry.texts.rewriting import each, rewritten

_HAN = "[\u4e00-\u9fd5]"
# jieba parts text at all other characters anyway; its time grows with the square of what is left between them.
_LETTERS = "\u4e00-\u9fd5a-zA-Z0-9+#&._%-"
_PLACEHOLDER = r"<\w+>|\[\w+\]|@[A-Za-z0-9_]+"
_BLOCK = re.compile(rf"({_PLACEHOLDER})|([{_LETTERS}]{{1,500}})|(.)", re.DOTALL)
_CACHED = 200_000
"""Words; some 20 MB."""


class Segment(Frozen):
    """`words` are names and terms that jieba does not know; the earlier one counts first. `hmm` lets it guess words
    that are in no dictionary. A guess that does not hold for the word alone is parted further, so that text that was
    segmented before stays as it is."""

    words: tuple[Annotated[Text, Field(pattern=rf"^[{_LETTERS}]+$")], ...] = ()
    hmm: bool = True

    version: ClassVar[int] = 1
    libraries: ClassVar[tuple[str, ...]] = ("jieba",)
    examples: ClassVar[tuple[tuple[dict[str, Any], str, str | None], ...]] = (
        ({}, "我来到北京清华大学", "我 来到 北京 清华大学"),
        ({}, "买了iPhone， don't 很好！", "买 了 iPhone ， don't 很 好 ！"),
        ({"words": ["云计算平台"]}, "云计算平台很贵", "云计算平台 很 贵"),
        ({}, "no Chinese here", "no Chinese here"),
    )

    def apply(self, rows: pl.DataFrame) -> pl.DataFrame:
        return rewritten(rows, lambda text: text.str.contains(_HAN), self._segmented)

    def _segmented(self, texts: pl.Series) -> pl.Series:
        parted = _parter(self.words, self.hmm)

        def spaced(found: re.Match[str]) -> str:
            chunk = found.group()
            return " ".join(parted(chunk)) if re.search(_HAN, chunk) else chunk

        return each(texts, lambda text: re.sub(r"\S+", spaced, text))


@lru_cache(maxsize=4)
def _parter(words: tuple[str, ...], hmm: bool) -> Callable[[str], tuple[str, ...]]:
    """Parts text without spaces into words, each of which would come out whole again."""
    tokenizer = _tokenizer(words)

    @lru_cache(maxsize=_CACHED)
    def whole(word: str) -> tuple[str, ...]:
        return parted(word) if re.search(_HAN, word) and len(word) > 1 else (word,)

    def parted(text: str) -> tuple[str, ...]:
        words = list[str]()
        for placeholder, letters, sign in _BLOCK.findall(text):
            words += tokenizer.cut(letters, HMM=hmm) if letters else (placeholder or sign,)
        return (text,) if words == [text] else tuple(part for word in words for part in whole(word))

    return parted


def _tokenizer(words: tuple[str, ...]) -> Any:
    """jieba with its own dictionary and further words.

    What jieba does by itself on first use is left out: it loads a cache from the shared folder for temporary files,
    where anyone may have put it, and logs to the terminal.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its old string escapes, and how it looks for its files
        import jieba
    tokenizer = jieba.Tokenizer()
    with Path(jieba.__file__).with_name("dict.txt").open("rb") as dictionary:
        tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(dictionary)
    tokenizer.initialized = True
    for word in words:
        tokenizer.add_word(word)
    return tokenizer
