"""Values of a column as moments in time, strictly: what can be read in two ways is refused, never guessed.

Read are dates and times as the data has them, ISO 8601 texts (2020-01-31, 2020-01-31T12:30:00Z) and, where a card says
what they count, numbers since 1970. A date is its first moment; a time without an offset is taken as UTC.
"""

from typing import Literal

import polars as pl

from registry.errors import UserError, clipped, plural

Unit = Literal["seconds", "milliseconds"]
ISO = (
    r"^(?<date>\d{4}-\d{2}-\d{2})"
    r"(?:[T ](?<hour>[01]\d|2[0-3]):(?<minute>[0-5]\d)(?::(?<second>[0-5]\d)(?:\.(?<fraction>\d{1,9}))?)?"
    r"(?<zone>Z|(?<sign>[+-])(?<hours>0\d|1[0-4]):?(?<minutes>[0-5]\d))?)?$"
)
NUMBER = r"^-?\d{1,15}(\.\d+)?$"
LATEST = 253_402_300_800
"""Seconds from 1970 to the year 10000: larger numbers count something else."""

MICROSECONDS = {"seconds": 10**6, "milliseconds": 10**3}
SHOWN = 3
SPELLED = (
    "Write them as 2020-01-31 or 2020-01-31T12:30:00Z in `select:`, for example "
    "strptime(day, '%d.%m.%Y') AS day; numbers since 1970 need `unit: seconds` or `unit: milliseconds`."
)


def moments(values: pl.Series, name: str, unit: Unit | None = None) -> pl.Series:
    """UTC times to the microsecond, without a zone; null where there is no value. `name` is what messages call it.

    UserError, with examples, where a value is no moment or cannot be told for sure.
    """
    if values.dtype.is_temporal() and values.dtype not in (pl.Time, pl.Duration):
        return _as_they_are(values)
    if values.dtype == pl.String:
        texts = values.str.strip_chars()
        texts = texts.set(texts == "", None)
        return _counted(texts, name, unit) if unit else _iso(texts, name)
    if values.dtype.is_numeric() and unit:
        return _counted(values.cast(pl.String), name, unit)
    if values.dtype == pl.Null:
        return values.cast(pl.Datetime("us"))
    raise _refused(values.drop_nulls().cast(pl.String), name)


def _as_they_are(values: pl.Series) -> pl.Series:
    if isinstance(values.dtype, pl.Datetime) and values.dtype.time_zone:
        values = values.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
    return values.cast(pl.Datetime("us"))


def _iso(texts: pl.Series, name: str) -> pl.Series:
    part = pl.DataFrame({"text": texts}).select(pl.col("text"), pl.col("text").str.extract_groups(ISO).alias("part"))
    part = part.unnest("part")
    number = {column: pl.col(column).cast(pl.Int64).fill_null(0) for column in ("hour", "minute", "second", "hours")}
    clock = (number["hour"] * 60 + number["minute"]) * 60 + number["second"]
    east = (number["hours"] * 60 + pl.col("minutes").cast(pl.Int64).fill_null(0)) * 60
    ahead = pl.when(pl.col("sign") == "-").then(-east).otherwise(east)
    fraction = pl.col("fraction").fill_null("").str.pad_end(6, "0").str.slice(0, 6).cast(pl.Int64)
    day = pl.col("date").str.to_date("%Y-%m-%d", strict=False).cast(pl.Datetime("us"))
    read = part.select(moment=day + pl.duration(microseconds=(clock - ahead) * 10**6 + fraction), zone="zone")
    wrong = texts.filter(read["moment"].is_null() & texts.is_not_null())
    if len(wrong):
        raise _refused(wrong, name)
    zoned = texts.is_not_null() & read["zone"].is_not_null()
    if zoned.any() and not zoned.equals(texts.is_not_null()):
        shown = f'"{texts.filter(zoned)[0]}" and "{texts.filter(~zoned).drop_nulls()[0]}"'
        what = f'in the column "{name}" some times have an offset from UTC and some have none, such as {shown}'
        raise UserError(what, do="Give all of them an offset in `select:`, or none.")
    return read["moment"]


def _counted(numbers: pl.Series, name: str, unit: Unit) -> pl.Series:
    count = numbers.cast(pl.Float64, strict=False) * MICROSECONDS[unit]
    sound = numbers.str.contains(NUMBER) & (count.abs() < LATEST * 10**6)
    wrong = numbers.filter(~sound & numbers.is_not_null())
    if len(wrong):
        what = f'in the column "{name}" {plural(len(wrong), "value")} cannot count {unit} since 1970: {_shown(wrong)}'
        raise UserError(what, do="Change `unit:`, or mend them in `select:`.")
    return count.round(0).cast(pl.Int64).cast(pl.Datetime("us"))


def _refused(wrong: pl.Series, name: str) -> UserError:
    what = f'in the column "{name}" {plural(len(wrong), "value")} cannot be read as a date or a time: {_shown(wrong)}'
    return UserError(what, do=SPELLED)


def _shown(wrong: pl.Series) -> str:
    return ", ".join(f'"{clipped(value, 40)}"' for value in wrong.unique(maintain_order=True)[:SHOWN].to_list())
