"""Moments, read strictly."""

from datetime import UTC, date, datetime, timedelta, timezone

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.errors import UserError
from registry.placing.timestamps import moments

times = st.datetimes(datetime(1900, 1, 1), datetime(2199, 1, 1))
zones = st.integers(-14 * 4, 14 * 4).map(lambda quarters: timezone(timedelta(minutes=15 * quarters)))


def read(values, unit=None):
    return moments(pl.Series(values), "day", unit).to_list()


@given(found=st.lists(times, min_size=1, max_size=5))
def test_iso_texts_are_what_they_say(found):
    assert read([time.isoformat() for time in found]) == found
    assert read([time.isoformat(" ") for time in found]) == found
    assert read([time.date().isoformat() for time in found]) == [
        datetime(time.year, time.month, time.day) for time in found
    ]


@given(found=st.lists(st.tuples(times, zones), min_size=1, max_size=5))
def test_offsets_are_brought_to_utc(found):
    zoned = [time.replace(tzinfo=zone) for time, zone in found]
    expected = [time.astimezone(UTC).replace(tzinfo=None) for time in zoned]
    assert read([time.isoformat() for time in zoned]) == expected
    assert moments(pl.Series(expected).dt.replace_time_zone("UTC"), "day").to_list() == expected


@pytest.mark.parametrize(
    "text",
    [
        "03/04/2020", "3.4.2020", "2020", "2020-13-01", "2020-02-30", "20200131", "2020-1-31", "2020-01-31T24:00",
        "2020-01-31T12:60:00Z", "2020-01-31T12:00:00+15:00", "1577836800", "yesterday", "2020-01-31 ,", "１２",
    ],
)  # fmt: skip
def test_what_could_mean_two_things_is_refused_with_examples(text):
    with pytest.raises(UserError, match='in the column "day" 1 value cannot be read') as caught:
        read(["2020-01-31", text])
    assert f'"{text}"' in str(caught.value)
    assert "strptime" in str(caught.value)


def test_times_with_and_without_an_offset_do_not_mix():
    with pytest.raises(UserError, match="some times have an offset"):
        read(["2020-01-31T12:00:00Z", "2020-01-31T12:00:00"])


def test_no_value_is_no_moment():
    assert read(["", None, " ", "2020-01-31"]) == [None, None, None, datetime(2020, 1, 31)]
    assert moments(pl.Series([None, None]), "day").to_list() == [None, None]


@pytest.mark.parametrize("kind", [int, float, str])
def test_numbers_count_what_the_card_says(kind):
    assert read([kind(86_400)], "seconds") == [datetime(1970, 1, 2)]
    assert read([kind(86_400_000)], "milliseconds") == [datetime(1970, 1, 2)]


def test_numbers_that_nobody_explained_are_refused():
    with pytest.raises(UserError, match="unit: seconds"):
        read([1_577_836_800])


@pytest.mark.parametrize("value", ["2020-01-31", "1e9", "nan", "1577836800000"])
def test_numbers_that_cannot_be_seconds_are_refused(value):
    with pytest.raises(UserError, match="cannot count seconds since 1970"):
        read([value], "seconds")


def test_columns_of_dates_are_taken_as_they_are():
    assert read([date(2020, 1, 31), None]) == [datetime(2020, 1, 31), None]


def test_other_kinds_of_values_are_refused():
    with pytest.raises(UserError, match="cannot be read as a date"):
        read([True, False])
