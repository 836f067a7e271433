"""Which rows of some cards stand, wholly, nearly or in long runs of words, among the rows of others.

One pass over the rows of all cards together, however many: the time grows with the rows and with what is found. The
result for two cards is the same whether others are looked at beside them or not.

Texts are near where two exact Jaccard similarities reach the threshold: that of the folded texts, which is reported and
is the one that `dedupe_near` cuts by, and that of what is left of them without boilerplate. So what many texts of a
card share makes none of them near; a text of which less than a fifth would be left is compared whole.
"""

from typing import Annotated, NamedTuple

import polars as pl
from pydantic import Field

from registry.audits.tokens import runs, without
from registry.frozen import Frozen
from registry.near.find import between
from registry.near.jaccard import similarities
from registry.near.shingle import Shingle

OVERLAP = ("card", "other_card", "id", "split", "other", "other_split", "measure")
"""`id` of `card` is like `other` of `other_card`: of each other card the most alike."""

OFTEN = 0.01
"""The share of a card's texts above which a run is boilerplate to `near`, where that is more than `Runs.documents`."""

ONE_SIDED = "there are no test rows, or no others that they could be held against"


class Nearness(Frozen):
    """From which Jaccard similarity two texts are near duplicates."""

    threshold: Annotated[float, Field(ge=0.5, le=1)] = 0.7
    """The default is below that of most deduplication, so that what it left shows."""


class Runs(Frozen):
    """What makes a long run of words, and how many of them make a row known.

    13 words and ten documents: GPT-3 (Brown et al. 2020, appendix C), which ignored runs of more than ten documents as
    cultural phrases and legal boilerplate. A share, as PaLM (Chowdhery et al. 2022, 70% of runs of 8 words) and Llama 2
    (Touvron et al. 2023) have it, keeps one quotation from condemning a long text.
    """

    words: Annotated[int, Field(ge=3, le=100)] = 13
    characters: Annotated[int, Field(ge=3, le=200)] = 20
    """In texts without spaces: 13 Chinese words have about 20 characters."""
    documents: Annotated[int, Field(ge=1)] = 10
    """A run that more different texts of a card share is boilerplate there, and does not count."""
    share: Annotated[float, Field(gt=0, le=1)] = 0.5
    """The share of a row's runs that must stand in the other card."""


class Sides(NamedTuple):
    """Rows with `card`, `id`, `split` and `code`, the place of their text in `texts`."""

    texts: pl.Series
    rows: pl.DataFrame
    others: pl.DataFrame

    @property
    def one_sided(self) -> bool:
        return self.rows.is_empty() or self.others.is_empty()


class RunsFound(NamedTuple):
    """Overlaps seen from both sides, and `short`: how many rows have no run that counts."""

    rows: pl.DataFrame
    holders: pl.DataFrame
    """The other rows that hold a run of a row that is known; `measure` is the share of that row."""
    short: int


def sides(rows: pl.DataFrame, others: pl.DataFrame) -> Sides:
    """Rows with `card`, `id`, `split` and `_text`, for comparison with others."""
    texts = pl.concat([rows["_text"], others["_text"]]).unique(maintain_order=True)
    coded = pl.DataFrame({"_text": texts}).with_row_index("code")
    both = (
        frame.select("card", "id", "split", "_text").join(coded, on="_text", maintain_order="left").drop("_text")
        for frame in (rows, others)
    )
    return Sides(texts, *both)


def equal(compared: Sides) -> pl.DataFrame:
    """Rows whose text stands in another card's rows too."""
    codes = compared.rows.select("code").unique().join(compared.others.select("code").unique(), on="code")
    return _best(compared, codes.select("code", other_code="code", measure=pl.lit(1.0)))


def near(compared: Sides, nearness: Nearness) -> pl.DataFrame:
    """Rows that are nearly, or wholly, the same as others, and not by the boilerplate of their cards alone."""
    bare = _bare(compared)
    ours, theirs = (
        bare.join(rows.select("card", "code").unique(), on=["card", "code"], maintain_order="left")
        for rows in (compared.rows, compared.others)
    )
    left, right = (side["bare"].unique(maintain_order=True) for side in (ours, theirs))
    pairs = between(left, right, nearness.threshold, Shingle())
    pairs = pairs.select(bare=left[pairs["left"]], other_bare=right[pairs["right"]])
    found = pairs.join(ours, on="bare").join(
        theirs.select(other_card="card", other_code="code", other_bare="bare"), on="other_bare"
    )
    found = with_similarity(found.drop("bare", "other_bare"), compared.texts)
    return _best(compared, found.filter(pl.col("measure") >= nearness.threshold))


def with_similarity(pairs: pl.DataFrame, texts: pl.Series) -> pl.DataFrame:
    """Pairs of the texts in the places `code` and `other_code`, with `measure`, how like the whole texts are."""
    codes = pairs.select("code", "other_code").unique(maintain_order=True)
    measure = similarities(texts[codes["code"]], texts[codes["other_code"]], Shingle())
    return pairs.join(codes.with_columns(measure=pl.Series(measure)), on=["code", "other_code"], maintain_order="left")


def _bare(compared: Sides) -> pl.DataFrame:
    """The texts of each card (`card`, `code`), and `bare`."""
    both = pl.concat([compared.rows, compared.others]).select("card", "code").unique().sort("card", "code")
    cards = [pl.DataFrame(schema={**both.schema, "bare": pl.String})]
    for rows in both.partition_by("card", maintain_order=True):
        cards.append(rows.with_columns(bare=without_boilerplate(compared.texts[rows["code"]])))
    return pl.concat(cards)


def without_boilerplate(texts: pl.Series) -> pl.Series:
    """The different texts of one card without the long runs of words that many of them share."""
    terms = Runs()
    often = max(terms.documents, int(OFTEN * len(texts)))
    counted = [part.select("hash") for part in runs(texts, terms.words, terms.characters)]
    hashes = pl.concat([pl.DataFrame(schema={"hash": pl.UInt64}), *counted]).group_by("hash").len()
    common = hashes.filter(pl.col("len") > often)["hash"]
    return without(texts, common, terms.words, terms.characters) if len(common) else texts


def _best(compared: Sides, pairs: pl.DataFrame) -> pl.DataFrame:
    """The most alike other row for each row and other card, from pairs of texts (and their other card)."""
    first = compared.others.sort("id").unique(["card", "code"], keep="first", maintain_order=True)
    named = first.select(other_card="card", other_code="code", other="id", other_split="split")
    on = [name for name in ("other_card", "other_code") if name in pairs.columns]
    told = pairs.join(named, on=on).join(compared.rows, on=[name for name in ("card", "code") if name in pairs.columns])
    told = told.sort("measure", "other", descending=[True, False])
    return told.unique(["card", "id", "other_card"], keep="first", maintain_order=True).select(OVERLAP)


def in_runs(compared: Sides, terms: Runs) -> RunsFound:
    """Rows of whose runs the asked share stands in one other card."""
    members = compared.rows.select("card", "code").unique()
    others = compared.others.select(other_card="card", other_code="code").unique()
    ours = pl.concat(_coded(compared, members["code"], terms))
    known = ours.select("hash").unique()
    theirs = pl.concat(
        part.join(known, on="hash", how="semi") for part in _coded(compared, others["other_code"], terms)
    )
    ours, theirs = ours.join(members, on="code"), theirs.rename({"code": "other_code"}).join(others, on="other_code")
    common, their_common = _common(ours, "card", terms), _common(theirs, "other_card", terms)
    ours = ours.join(common, on=["card", "hash"], how="anti")
    theirs = theirs.join(their_common, on=["other_card", "hash"], how="anti")
    shared = ours.join(theirs, on="hash")
    shares = _shares(ours, shared, their_common).filter(pl.col("measure") >= terms.share)
    key = ["card", "code", "other_card"]
    held = shared.group_by(*key, "other_code").len().join(shares, on=key)
    best = held.sort("len", "other_code", descending=[True, False]).unique(key, keep="first", maintain_order=True)
    seen = held.select(card="other_card", code="other_code", other_card="card", other_code="code", measure="measure")
    short = compared.rows.join(ours.select("card", "code").unique(), on=["card", "code"], how="anti")
    swapped = compared._replace(rows=compared.others, others=compared.rows)
    return RunsFound(_best(compared, best), _best(swapped, seen), short.height)


def _shares(ours: pl.DataFrame, shared: pl.DataFrame, their_common: pl.DataFrame) -> pl.DataFrame:
    """`measure`: the share of a text's runs that stand in another card, of those that are boilerplate in neither."""
    key = ["card", "code", "other_card"]
    found = shared.group_by(key).agg(found=pl.col("hash").n_unique())
    left_out = ours.join(their_common, on="hash").group_by(key).agg(left_out=pl.len())
    total = ours.group_by("card", "code").agg(total=pl.len())
    told = found.join(total, on=["card", "code"]).join(left_out, on=key, how="left")
    return told.select(*key, measure=pl.col("found") / (pl.col("total") - pl.col("left_out").fill_null(0)))


def _coded(compared: Sides, codes: pl.Series, terms: Runs) -> list[pl.DataFrame]:
    """Parts of `code` and `hash` for some of the texts."""
    wanted = codes.unique().sort()
    parts = runs(compared.texts[wanted], terms.words, terms.characters)
    none = pl.DataFrame(schema={"code": pl.UInt32, "hash": pl.UInt64})
    return [none, *(part.select(wanted[part["place"]].alias("code"), "hash") for part in parts)]


def _common(found: pl.DataFrame, card: str, terms: Runs) -> pl.DataFrame:
    """The runs of each card that more of its texts share than count."""
    return found.group_by(card, "hash").len().filter(pl.col("len") > terms.documents).drop("len")
