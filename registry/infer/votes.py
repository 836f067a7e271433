"""Answers of several people: whether a table holds any, and where in it. Writes no card.

They stand in rows (one for each item and annotator), in one column per annotator, or in a list. Columns of attributes
look like those of annotators, so these must agree beyond chance; and where no name speaks for annotators, well beyond
it. What falls short of that is told, not taken.
"""

import math
import re
from collections.abc import Iterator, Sequence

import polars as pl

from registry.annotation.spec import Form
from registry.errors import clipped
from registry.infer.answered import TIMES, in_rows
from registry.infer.ballot import Ballot
from registry.infer.profile import Column, ListColumn, Profile
from registry.infer.roles import ANNOTATOR_NAMES, GROUP_NAMES, LABEL_NAMES, LONGEST_LABEL, NO_LABEL_NAMES, Roles

MOST_ANSWERS = 21
"""Different answers, or steps of a scale: with more, few columns of any kind are answers to one question."""

MOST_VOTES = 100
"""Votes an item: longer lists are words or measurements."""

LONG = 2.5
"""Votes an item, on average: shorter lists without a telling name are something else."""

SURE: dict[Form, float] = {"single": 0.4, "scale": 0.6}
"""Krippendorff's alpha above which columns without telling names count as annotators; stars for several aspects of one
thing agree too. Above half of it they are told of."""

RATER = re.compile(
    r"(?P<who>(^|.*[\W_])(annotator|annot|ann|rater|coder|judge|vote|voter|worker|labell?er|reviewer|expert|assessor)"
    r"|标注者|标注员|标注人|评分者)[ _.-]?(\d{1,3}|(?<=[ _.-])[a-z])(?P<what>[ _.-](label|rating|score|vote|answer))?",
    re.IGNORECASE,
)
"""A column of one annotator: annotator_1, vote2, rater_a, label_coder3, rater1_score."""

VOTES = re.compile(
    r"(.*[\W_])?(votes|ratings|annotations|judge?ments|(annotator|rater|worker|coder)_(labels|scores))", re.IGNORECASE
)
PEOPLE = re.compile(
    r"(.*[\W_])?(annotator|rater|worker|coder|judge|voter|labell?er)s?([ _-]?(id|name)s?)?", re.IGNORECASE
)
OUTCOME = re.compile(
    r"(.*[\W_])?(gold|majority|consensus|final|adjudicated|truth|target)([\W_].*)?|labels?(_text|_name)?|标签",
    re.IGNORECASE,
)
TAKEN = frozenset("text text_pair label id split".split())
"""Names that a selected row has for something else."""
FLAGS = [frozenset(pair.split("/")) for pair in "0/1 yes/no true/false y/n t/f 0.0/1.0 是/否".split()]
"""Answers that attributes have more often than annotators."""


def ballot(found: Profile, roles: Roles) -> Ballot | None:
    """The votes of a table whose texts `roles` names; None where nothing looks like any."""
    read = {column.name for role, column in roles.columns.items() if role != "label"}
    rows = in_rows(found, roles)
    if rows:
        return rows
    others = [column for column in found.columns if column.name not in read]
    seen = [*_in_columns(others), *_in_lists(found, others)]
    return next((one for one in seen if one.sure), next(iter(seen), None))


def _in_columns(columns: Sequence[Column]) -> Iterator[Ballot]:
    """Columns of the same few values: first those that are called after annotators."""
    series: dict[str, list[Column]] = {}
    others = []
    for column in filter(_few, columns):
        if named := RATER.fullmatch(column.name):
            series.setdefault(f"{named['who']}#{named['what']}".lower(), []).append(column)
        elif not OUTCOME.fullmatch(column.name):
            others.append(column)
    for family in series.values():
        if len(family) > 1 and len(_values(*family)) <= MOST_ANSWERS:
            yield from _judged(family, columns, "are called after annotators and hold the same few values", named=True)
    for family in _alike(others):
        if len(family) > 2 and _values(*family) not in FLAGS:
            yield from _judged(family, columns, "hold the same few values", named=False)


def _few(column: Column) -> bool:
    names = NO_LABEL_NAMES | ANNOTATOR_NAMES | TIMES | frozenset(GROUP_NAMES)
    return 1 <= column.distinct <= MOST_ANSWERS and column.length <= LONGEST_LABEL and column.name.lower() not in names


def _values(*columns: Column) -> frozenset[str]:
    return frozenset(value.strip().lower() for column in columns for value in column.values.drop_nulls().unique())


def _alike(columns: Sequence[Column]) -> list[list[Column]]:
    """Columns in families, each of which shares at least half of its values with the first one of its family."""
    families: list[tuple[frozenset[str], list[Column]]] = []
    for column in columns:
        mine = _values(column)
        like = (members for first, members in families if 2 * len(mine & first) >= len(mine | first))
        home = next(like, None)
        if home is not None:
            home.append(column)
        elif len(mine) > 1:
            families.append((mine, [column]))
    return [members for _, members in families]


def _judged(family: Sequence[Column], columns: Sequence[Column], why: str, *, named: bool) -> Iterator[Ballot]:
    """The family as votes, unless they are mere copies of each other."""
    each = [pl.DataFrame({"id": range(one.rows), "vote": one.values.str.strip_chars()}) for one in family]
    given = pl.concat(each).drop_nulls("vote").sort("id", maintain_order=True)
    if given["vote"].n_unique() > 1 and not _copied(family):
        names = [column.name for column in family]
        told = f"the columns {', '.join(clipped(name, 40) for name in names[:10])} {why}"
        used = {column.name: column.sql for column in family}
        others = [column for column in columns if column.name not in used]
        yield from _weighed(Ballot({"columns": names}, given, told, used), others, named=named)


def _weighed(found: Ballot, columns: Sequence[Column], *, named: bool) -> Iterator[Ballot]:
    """Sure where no other column is the outcome, and agreement is enough; nothing where it is far too little.

    What cannot be measured says nothing against columns that are called after annotators.
    """
    mine, alpha, sure = set(found.given["vote"].str.to_lowercase().unique()), found.alpha, SURE[found.form]
    decided = next((one for one in columns if _few(one) and _is_outcome(one, mine)), None)
    agree = (alpha > 0 or math.isnan(alpha)) if named else alpha > sure
    if named or alpha > sure / 2:
        yield found._replace(decided=decided, sure=agree and decided is None)


def _is_outcome(column: Column, answers: set[str]) -> bool:
    """Whether a column is called like a decision, or like a label of the same values."""
    if RATER.fullmatch(column.name) or column.distinct < 2:
        return False
    shared = 2 * len(answers & _values(column)) >= len(answers)
    return bool(OUTCOME.fullmatch(column.name)) or (column.name.lower() in LABEL_NAMES and shared)


def _copied(family: Sequence[Column]) -> bool:
    """Whether every column is the first once more: neither a gap nor another answer."""
    return all(one.values.equals(family[0].values) for one in family)


def _in_lists(found: Profile, columns: Sequence[Column]) -> Iterator[Ballot]:
    """Lists of few different values: called votes or the like, beside a list of people, or long and in agreement."""
    for one in found.lists:
        if PEOPLE.fullmatch(one.name) or (one.values.list.len() > MOST_VOTES).any():
            continue
        given = pl.DataFrame({"id": range(found.rows), "vote": one.values}).filter(pl.col("vote").list.len() > 0)
        given = given.explode("vote").select("id", pl.col("vote").cast(pl.String).str.strip_chars()).drop_nulls()
        by = next((other for other in found.lists if PEOPLE.fullmatch(other.name) and _fit(one, other)), None)
        called = by is not None or VOTES.fullmatch(one.name) is not None
        if 2 <= given["vote"].n_unique() <= MOST_ANSWERS and (called or given.height >= LONG * found.rows):
            name = "votes" if one.name.lower() in TAKEN else one.name
            why = f'the lists in column "{clipped(one.name, 60)}" hold the same few values'
            votes = Ballot({"list": name, **({"by": by.name} if by else {})}, given, why, {})
            cast = "::DOUBLE[]" if votes.form == "scale" and one.values.dtype == pl.List(pl.String) else ""
            used = {name: one.sql + cast, **({by.name: by.sql} if by else {})}
            yield from _weighed(votes._replace(used=used), columns, named=called)


def _fit(votes: ListColumn, by: ListColumn) -> bool:
    """Whether there is one name for each vote."""
    return bool((votes.values.list.len().fill_null(0) == by.values.list.len().fill_null(0)).all())
