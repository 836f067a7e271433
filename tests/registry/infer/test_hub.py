"""A hub repository as the sources of a card, asked from a look-alike by the real client."""

import io
from collections.abc import Iterator

import polars as pl
import pytest

from registry.errors import UserError
from registry.infer.assemble import Wish
from registry.infer.draft import typed, written
from registry.infer.start import inferred
from registry.progress import Silent
from registry.source import FetchContext
from tests.servers.dataset_hub import DatasetHub

README = b"""---
license: cc-by-4.0
language: [en]
pretty_name: "Rooms: what guests write"
task_categories:
- text-classification
---
# Rooms
"""


def table(count, labels=(0, 1), start=0, kind="csv"):
    frame = pl.DataFrame(
        {
            "review": [f"the room number {n} was clean and the bed was good" for n in range(start, start + count)],
            "label": [labels[n % len(labels)] for n in range(count)],
        }
    )
    out = io.BytesIO()
    if kind == "csv":
        frame.write_csv(out)
    else:
        noted = frame.to_arrow().replace_schema_metadata(
            {"huggingface": '{"info": {"features": {"label": {"_type": "ClassLabel", "names": ["bad", "good"]}}}}'}
        )
        import pyarrow.parquet as pq

        pq.write_table(noted, out)
    return out.getvalue()


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[DatasetHub]:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HF_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    with DatasetHub("someone/rooms") as running:
        monkeypatch.setenv("HF_ENDPOINT", running.url)
        yield running


def drafted(tmp_path, target="hub:someone/rooms", *, offline=False):
    return inferred(target, Wish(""), FetchContext(tmp_path, tmp_path / "home", offline, Silent()))


def test_splits_licence_language_and_names_of_labels_are_what_the_repository_says(hub, tmp_path):
    hub.commit(
        {
            "README.md": README,
            "data/train-00000-of-00002.parquet": table(60, kind="parquet"),
            "data/train-00001-of-00002.parquet": table(60, start=60, kind="parquet"),
            "data/test-00000-of-00001.parquet": table(40, start=200, kind="parquet"),
            "rooms.py": b"raise SystemExit",
        }
    )
    draft = drafted(tmp_path)
    card = typed(draft)
    assert (card.name, card.title, card.languages) == ("rooms", "Rooms: what guests write", ("en",))
    assert card.license.spdx == "CC-BY-4.0"
    assert card.url == "https://huggingface.co/datasets/someone/rooms"
    assert {name: spec.origin.files for name, spec in card.sources.items()} == {
        "train": "data/train-*.parquet",
        "test": "data/test-00000-of-00001.parquet",
    }
    assert draft.labels == ("bad", "good")
    assert card.split.method == "given"
    assert "# the repository calls its tasks: text-classification" in written(draft)
    assert not any("rooms.py" in request for request in hub.requests)


def test_a_test_split_without_labels_is_left_out(hub, tmp_path):
    files = {"train.csv": table(60), "dev.csv": table(40, start=100), "test.csv": table(40, labels=(-1,), start=200)}
    hub.commit(files)
    draft = drafted(tmp_path)
    assert list(draft.sources) == ["train", "validation"]
    assert "'test' AS split\nFROM validation" in draft.select
    assert draft.labels == ("0", "1")
    assert any("test has no labels" in note for note in draft.notes[""])


def test_without_data_files_the_conversion_is_taken(hub, tmp_path):
    hub.commit({"script.py": b"raise SystemExit"})
    converted = {"plain/train/0000.parquet": table(60, kind="parquet")}
    hub.commit({**converted, "plain/test/0000.parquet": table(40, start=90, kind="parquet")}, "refs/convert/parquet")
    draft = drafted(tmp_path)
    assert draft.sources["test"]["hub"] == {"repository": "someone/rooms", "config": "plain", "split": "test"}


def test_one_file_without_a_split_is_one_source_at_the_revision_that_was_asked_for(hub, tmp_path):
    hub.commit({"all.csv": table(200)}, "v1")
    draft = drafted(tmp_path, "hub:someone/rooms@v1")
    entry = {"hub": {"repository": "someone/rooms", "files": "all.csv", "revision": "v1"}}
    assert draft.sources == {"rooms": entry}
    assert draft.split == {"method": "hash"}


def test_a_repository_without_data_is_refused(hub, tmp_path):
    hub.commit({"README.md": README})
    hub.commit({}, "refs/convert/parquet")
    with pytest.raises(UserError, match="no data files"):
        drafted(tmp_path)


def test_the_hub_is_not_asked_offline(hub, tmp_path):
    with pytest.raises(UserError, match="asked over the network"):
        drafted(tmp_path, offline=True)
    assert hub.requests == []
