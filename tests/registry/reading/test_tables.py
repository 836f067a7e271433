"""A source's files to one table: members, compressed files, encodings, and the column that says which file."""

import bz2
import gzip
import io
import lzma
import zipfile

import polars as pl
import pyarrow as pa
import pytest

from registry.errors import UserError
from tests.worlds import World, minimal_card, table

FOLDERS = {"good/1.txt": b"fine\n", "good/2.txt": b"caf\xe9\n", "bad/1.txt": b"poor\nvery"}
LABELLED = "select: SELECT text, split_part(file, '/', 2) AS label FROM rows\n"


def card(world: World, source: str, more: str = "", files: dict[str, bytes] | None = None) -> World:
    text = minimal_card(more).replace("{local: data/mine.csv}", source)
    assert source in text
    return world.write({"cards/datasets/task/mine.yaml": text, **(files or {})})


def rows(built) -> list[tuple[str, str]]:
    return sorted(pl.read_parquet(built.published.split("test")).select("text", "label").rows())


def manifest(built) -> dict:
    return built.published.manifest["sources"]["rows"]


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_labels_from_the_folders_of_local_files(world):
    files = {f"data/{name}": data for name, data in FOLDERS.items()}
    source = "{local: data/*/*.txt, file_column: file, encoding: [utf-8, cp1252], format: {text: {whole: true}}}"
    built = card(world, source, LABELLED, files).build()
    assert rows(built) == [("café\n", "good"), ("fine\n", "good"), ("poor\nvery", "bad")]
    assert manifest(built)["encodings"] == {"cp1252": 1, "utf-8": 2}


def test_labels_from_the_folders_of_an_archive(world):
    source = "{local: a.zip, path: '*/*/*.txt', file_column: file, encoding: latin-1}"
    built = card(world, source, LABELLED, {"a.zip": zipped({f"data/{k}": v for k, v in FOLDERS.items()})}).build()
    assert rows(built) == [("café", "good"), ("fine", "good"), ("poor", "bad"), ("very", "bad")]
    assert "encodings" not in manifest(built)


def test_names_count_only_where_a_column_holds_them(world):
    card(world, "{local: data/*.csv}", files={"data/a.csv": table(("x", "1"), ("y", "2")).encode()})
    plain = world.build().published.manifest["build_key"]
    card(world, "{local: data/*.csv, file_column: file}")
    named = world.build().published.manifest["build_key"]
    (world.root / "data/a.csv").rename(world.root / "data/b.csv")
    assert world.build().published.manifest["build_key"] != named
    card(world, "{local: data/*.csv}")
    assert world.build().published.manifest["build_key"] == plain


def test_a_file_column_hides_no_column(world):
    files = {"data/mine.csv": table(("x", "1"), ("y", "2")).encode()}
    with pytest.raises(UserError, match="`file_column: text` is also a column of the data"):
        card(world, "{local: data/mine.csv, file_column: text}", files=files).build()


PACKED = {
    "gz": gzip.compress,
    "xz": lzma.compress,
    "bz2": bz2.compress,
    "zst": lambda data: pa.Codec("zstd").compress(data, asbytes=True),
}


@pytest.mark.parametrize("suffix", PACKED)
def test_a_single_compressed_file_is_read_as_what_it_holds(world, suffix):
    data = PACKED[suffix](table(("x", "1"), ("y", "2")).encode())
    built = card(world, f"{{local: data/x.csv.{suffix}}}", files={f"data/x.csv.{suffix}": data}).build()
    assert rows(built) == [("x", "1"), ("y", "2")]


def test_compressed_files_in_an_archive_and_beside_plain_ones(world):
    packed = {"a.jsonl.gz": gzip.compress(b'{"text": "x", "label": "1"}'), "b.jsonl": b'{"text": "y", "label": "2"}'}
    select = "select: SELECT text, label || ' ' || file AS label FROM rows\n"
    card(world, "{local: in.zip, path: '*.jsonl*', format: jsonl, file_column: file}", select)
    assert rows(world.write({"in.zip": zipped(packed)}).build()) == [("x", "1 a.jsonl.gz"), ("y", "2 b.jsonl")]
    card(world, "{local: 'data/*', format: jsonl, file_column: file}", select)
    built = world.write({f"data/{name}": data for name, data in packed.items()}).build()
    assert rows(built) == [("x", "1 data/a.jsonl.gz"), ("y", "2 data/b.jsonl")]


def test_what_is_not_compressed_whatever_its_name(world):
    with pytest.raises(UserError, match="is not an archive that can be read"):
        card(world, "{local: x.csv.gz}", files={"x.csv.gz": b"text,label\n"}).build()


def test_files_of_one_source_have_the_same_columns(world):
    same = {f"data/{name}.csv": b"text,label\nx,1\n" for name in "abcde"}
    with pytest.raises(UserError) as refused:
        card(world, "{local: data/*.csv}", files={**same, "data/d.csv": b"text,stars\ny,2\n"}).build()
    assert refused.value.where.endswith("data/d.csv")
    assert refused.value.what == "has the columns text, stars; the first file, data/a.csv, has text, label"
    assert "must have the same columns" in refused.value.do


def test_columns_of_one_name_and_two_types_are_told_with_both(world):
    files = {"data/a.jsonl": b'{"text": "x", "label": 1}', "data/b.jsonl": b'{"text": "y", "label": "z"}'}
    with pytest.raises(UserError, match=r"has the columns text String, label String; the first .* label Int64"):
        card(world, "{local: data/*.jsonl}", files=files).build()


def test_what_was_detected_is_stated(world):
    text = "自然语言处理是人工智能领域的一个重要方向，研究人与计算机之间有效通信的理论和方法。" * 5
    data = f"text,label\n{text},a\n{text[::-1]},b\n".encode("gb18030")
    built = card(world, "{local: x.csv, encoding: detect}", files={"x.csv": data}).build()
    assert manifest(built)["encodings"] == {"gb18030": 1}
    assert built.published.manifest["identity"]["sources"]["rows"]["encoding"] == "detect"
    assert rows(built)[1][0] == text
