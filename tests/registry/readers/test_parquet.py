from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from registry.errors import UserError
from registry.readers.parquet import Parquet


def test_columns_and_types_stay(tmp_path: Path) -> None:
    frame = pl.DataFrame({"id": ["007", None], "votes": [[1, 2], []], "n": pl.Series([1, 2], dtype=pl.Int8)})
    path = tmp_path / "key=1" / "a[1]*.parquet"  # neither a pattern nor a partition
    path.parent.mkdir()
    frame.write_parquet(path)
    assert_frame_equal(Parquet().read(path, "utf-8"), frame)


@pytest.mark.parametrize("data", [b"", b"PAR1", b"a,b\n1,2\n", b"PAR1" + bytes(100) + b"PAR1"])
def test_what_is_not_parquet(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(data)
    with pytest.raises(UserError, match="is not a Parquet file"):
        Parquet().read(path, "utf-8")


def test_what_is_cut_short(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame({"a": list(range(1000))}).write_parquet(path)
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(UserError, match="is not a Parquet file"):
        Parquet().read(path, "utf-8")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read: No such file"):
        Parquet().read(tmp_path / "a.parquet", "utf-8")
