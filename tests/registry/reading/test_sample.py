"""Where a file is cut: between rows, never inside one."""

import polars as pl
import pytest

from registry.card import SourceSpec
from registry.kinds import READERS, SOURCES
from registry.reading.sample import first_rows, sampled
from registry.source import RawFile


def spec(kind, encoding="utf-8", **options):
    origin = SOURCES.get("local")(path="data/x")
    reader = READERS.get(kind)(**options)
    return SourceSpec(origin=origin, origin_kind="local", reader=reader, reader_kind=kind, encoding=encoding)


def raw(path):
    return RawFile(path.name, path, "0" * 64)


@pytest.mark.parametrize("limit", [10, 25, 60, 200])
def test_a_cut_never_tears_a_quoted_row(tmp_path, limit):
    text = "a,b\n" + "".join(f'"one {n}\ntwo, ""three""",x\n' for n in range(10))
    (tmp_path / "d.csv").write_text(text)
    head = first_rows(tmp_path / "d.csv", limit, '"').decode()
    assert text.startswith(head)
    assert head.count('"') % 2 == 0
    assert head.endswith("\n")


def test_a_row_longer_than_the_limit_leaves_nothing_to_cut(tmp_path):
    (tmp_path / "d.csv").write_text("x" * 100)
    assert first_rows(tmp_path / "d.csv", 10, '"') == b""


def test_files_are_taken_in_order_until_the_limit(tmp_path):
    files = []
    for name in "abc":
        (tmp_path / name).write_text(f"{name} one\n{name} two\n")
        files.append(raw(tmp_path / name))
    sample = sampled(tuple(files), spec("text"), tmp_path, limit=18)
    assert [file.path.read_text() for file in sample.files] == ["a one\na two\n", "b one\n"]
    assert sample.share == pytest.approx(0.5)
    assert not sample.whole


def test_what_fits_is_taken_as_it_is(tmp_path):
    (tmp_path / "d.csv").write_text("a\n1\n")
    sample = sampled((raw(tmp_path / "d.csv"),), spec("csv"), tmp_path)
    assert sample.whole
    assert sample.files[0].path == tmp_path / "d.csv"


def test_of_a_parquet_file_the_first_rows_are_taken(tmp_path):
    pl.DataFrame({"n": range(10_000)}).write_parquet(tmp_path / "d.parquet")
    sample = sampled((raw(tmp_path / "d.parquet"),), spec("parquet"), tmp_path, limit=1_000)
    rows = pl.read_parquet(sample.files[0].path)["n"].to_list()
    assert rows == list(range(len(rows)))
    assert 0 < len(rows) < 10_000


@pytest.mark.parametrize(("kind", "encoding"), [("csv", "utf-16"), ("json", "utf-8")])
def test_what_cannot_be_cut_is_taken_whole(tmp_path, kind, encoding):
    (tmp_path / "d").write_bytes("a\nb\nc\n".encode(encoding))
    assert sampled((raw(tmp_path / "d"),), spec(kind, encoding), tmp_path, limit=4).whole
