"""The words by which answers to questions are compared: what two answers may differ in and still be the same.

Text without Han or Kana characters is read as SQuAD's script reads it (Rajpurkar et al. 2016): small letters, without
ASCII punctuation, without the articles a, an and the, split at white space. Text with such characters is read as MLQA
reads Chinese (Lewis et al. 2020), after the segmentation of CMRC 2018 (Cui et al. 2019): small letters, without
punctuation of any script, each Han or Kana character a word, other runs split at white space.
"""

import re
import string
from collections.abc import Sequence
from unicodedata import category

_CHARACTERS = "\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WITHOUT_SPACES = re.compile(f"[{_CHARACTERS}]")
_WORD = re.compile(rf"[{_CHARACTERS}]|[^\s{_CHARACTERS}]+")
_ARTICLE = re.compile(r"\b(?:a|an|the)\b")
_DELETED = str.maketrans("", "", string.punctuation)

Words = tuple[str, ...]


def words(text: str) -> Words:
    """Those that count, in order; none where nothing but punctuation and articles is there."""
    kept = text.lower().translate(_DELETED)
    if _WITHOUT_SPACES.search(kept):
        return tuple(_WORD.findall("".join(char for char in kept if not category(char).startswith("P"))))
    return tuple(_ARTICLE.sub(" ", kept).split())


def right_answers(texts: Sequence[str]) -> tuple[Words, ...]:
    """The words of each right answer; () alone where there is none, which says that there is no answer.

    An answer without words is left out, as SQuAD 2.0's script does: no prediction could be told from it.
    """
    return tuple(filter(None, map(words, texts))) or ((),)
