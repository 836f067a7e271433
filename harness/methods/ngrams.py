"""N-grams of words or characters as TF-IDF vectors, for every family that counts them.

Of pairs it counts the n-grams of either text, and those that they share. scikit-learn does the counting. Refuses texts
in which no n-gram is left.
"""

from typing import Any, Literal, NamedTuple

from harness.examples import Input, Pair
from registry.errors import UserError

WORD = r"(?u)\b\w+\b"
"""scikit-learn's own pattern drops words of one letter."""

_SAMPLE = 2_000
"""Texts, spread over the train split, and characters of each that the writing system is judged by."""

Analyzer = Literal["word", "char"]


class Counting(NamedTuple):
    """What is counted; as the fields of the `tfidf` family's recipe."""

    analyzer: Literal["auto", "word", "char"] = "auto"
    ngrams: tuple[int, int] = (1, 2)
    min_df: int = 1
    sublinear_tf: bool = True
    max_features: int | None = 200_000


class Vectors(NamedTuple):
    """N-grams that were learnt, with their weights."""

    analyzer: Analyzer
    vectorizer: Any

    def of_texts(self, texts: tuple[str, ...]) -> Any:
        """(n, n-grams), sparse, each row of length 1, or 0 where no n-gram is known."""
        return self.vectorizer.transform(texts)

    def of(self, inputs: tuple[Input, ...]) -> Any:
        """As `of_texts`; of pairs (n, 3 n-grams): the first text, the second, and what both have in common."""
        pairs = [pair for pair in inputs if isinstance(pair, Pair)]
        if not pairs:
            return self.of_texts(each(inputs))
        from scipy.sparse import hstack

        first, second = (self.of_texts(side) for side in zip(*pairs, strict=True))
        return hstack([first, second, first.minimum(second)], format="csr")


def vectors_of(counting: Counting, inputs: tuple[Input, ...], family: str) -> Vectors:
    """The n-grams of all texts. UserError where there are none."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts = each(inputs)
    analyzer = judged(counting.analyzer, texts)
    vectorizer = TfidfVectorizer(
        analyzer=analyzer, ngram_range=counting.ngrams, min_df=counting.min_df,
        sublinear_tf=counting.sublinear_tf, max_features=counting.max_features,
        token_pattern=WORD if analyzer == "word" else None,
    )  # fmt: skip
    try:
        vectorizer.fit(texts)
    except ValueError as error:  # scikit-learn's only word for an empty vocabulary
        raise UserError(f"{family} cannot count the train texts: {error}", do="Lower min_df.") from error
    return Vectors(analyzer, vectorizer)


def hashing(analyzer: Analyzer, ngrams: tuple[int, int], buckets: int) -> Any:
    """scikit-learn's vectorizer of (n, buckets) counts, which has nothing to learn: no n-gram is unknown to it."""
    from sklearn.feature_extraction.text import HashingVectorizer

    return HashingVectorizer(
        analyzer=analyzer, ngram_range=ngrams, n_features=buckets, norm=None, alternate_sign=False,
        token_pattern=WORD if analyzer == "word" else None, preprocessor=_encodable,
    )  # fmt: skip


def _encodable(text: str) -> str:
    """In small letters; half a surrogate pair cannot be hashed."""
    return text.lower().encode("utf-8", "replace").decode()


def each(inputs: tuple[Input, ...]) -> tuple[str, ...]:
    """Every text by itself, the two of a pair one after the other."""
    return tuple(part for text in inputs for part in (text if isinstance(text, Pair) else (str(text),)))


def judged(analyzer: Literal["auto", "word", "char"], texts: tuple[str, ...]) -> Analyzer:
    """`auto`: characters where most letters are Han, Kana or Hangul, else words."""
    if analyzer != "auto":
        return analyzer
    return "char" if mostly_without_spaces(texts) else "word"


def ordered(ngrams: tuple[int, int]) -> tuple[int, int]:
    """The shortest and longest run. ValueError where they are none."""
    if not 1 <= ngrams[0] <= ngrams[1] <= 10:
        raise ValueError("ngrams: two numbers from 1 to 10, the first not above the second")
    return ngrams


def mostly_without_spaces(texts: tuple[str, ...]) -> bool:
    """Whether most letters are Han, Kana or Hangul, where spaces do not tell words apart."""
    letters = wide = 0
    for text in texts[:: max(1, len(texts) // _SAMPLE)]:
        kept = [ord(char) for char in text[:_SAMPLE] if char.isalpha()]
        letters += len(kept)
        wide += sum(_is_cjk(code) for code in kept)
    return wide * 2 > letters


def _is_cjk(code: int) -> bool:
    """Kana to Han and extension A, Hangul, compatibility Han, and the Han extensions of planes 2 and 3."""
    return 0x3040 <= code <= 0x9FFF or 0xAC00 <= code <= 0xD7AF or 0xF900 <= code <= 0xFAFF or code >= 0x20000
