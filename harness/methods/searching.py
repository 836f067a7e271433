"""What families that search by words share: the terms of texts, and scores as rankings.

A term is a word in small letters; of a run of Han and Kana characters, which has no spaces between words, every two
neighbours are one. Scripts that are written without spaces otherwise (Thai, Khmer) are not taken apart. English words
lose their endings where the card is in English.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Literal, cast

import numpy as np
import polars as pl

from harness.examples import Collection, Input, Query, Rankings
from harness.lines import MOST_RANKED
from harness.metric import FloatArray
from harness.model import Setting
from registry.errors import UserError
from registry.progress import Progress
from registry.texts.words import CJK

RUN = rf"[{CJK}]+|[\w--[{CJK}]]+"
Terms = list[str]
Stem = Literal["auto", "english", "none"]
"""Which endings are taken off: those of English words, none, or `auto`: of English words where the card has English."""


def terms(texts: Sequence[str], stem: Stem, languages: Sequence[str]) -> list[Terms]:
    """The terms of each text, in order, repeated as they are. Wide and narrow, large and small letters are one."""
    english = stem == "english" or (stem == "auto" and any(one.split("-")[0] == "en" for one in languages))
    ending = _stemmer() if english else str
    folded = pl.Series(texts, dtype=pl.String).str.normalize("NFKC").str.to_lowercase()
    runs = folded.str.extract_all(RUN)
    different = runs.explode().drop_nulls().unique()
    wide = different.str.contains(f"^[{CJK}]")
    of = {run: _pairs(run) if apart else [ending(run)] for run, apart in zip(different, wide, strict=True)}
    return [[term for run in text for term in of[run]] for text in runs.to_list()]


def documents(setting: Setting) -> Collection:
    """What is searched. UserError where there is nothing."""
    if setting.collection is None or not setting.collection.ids:
        raise UserError("there is nothing to search: the collection is empty", do="Write `collection:` in the card.")
    return setting.collection


def indexed(known: Collection, stem: Stem, languages: Sequence[str]) -> list[Terms]:
    """The terms of every document. UserError where no document has any."""
    found = terms(known.texts, stem, languages)
    if not any(found):
        raise UserError("there is nothing to search: no document has a word", do="Look at `collection:` in the card.")
    return found


def queries(inputs: tuple[Input, ...]) -> tuple[Query, ...]:
    """The inputs, which are queries by the task."""
    return cast("tuple[Query, ...]", inputs)


def rankings(asked: Sequence[Query], known: Collection, scores: Iterable[FloatArray], progress: Progress) -> Rankings:
    """Documents by falling score, equal ones in order of id; scores are (documents,), 0 where nothing is shared.

    Of a whole collection only what scores above 0 is found, at most 1,000; of candidates all are kept, equal ones in
    the order that they came in.
    """
    place = {document: number for number, document in enumerate(known.ids)}
    found = list[tuple[str, ...]]()
    with progress.step("evaluate", len(asked), "examples") as step:
        for query, values in zip(asked, scores, strict=True):
            if query.candidates is None:
                best = np.argsort(-values, kind="stable")[: min(MOST_RANKED, np.count_nonzero(values > 0))]
                found.append(tuple(known.ids[number] for number in best))
            else:
                order = np.argsort(-values[[place[document] for document in query.candidates]], kind="stable")
                found.append(tuple(query.candidates[number] for number in order))
            step.advance()
    return Rankings(tuple(found))


def _pairs(run: str) -> Terms:
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]


def _stemmer() -> Callable[[str], str]:
    from nltk.stem.porter import PorterStemmer

    stem: Callable[[str], str] = PorterStemmer().stem
    return stem
