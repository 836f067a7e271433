"""Published versions for Python: as a `datasets.DatasetDict` or as Polars frames. Builds nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from registry import store
from registry.catalog import Catalog
from registry.project import Project, at, find
from registry.store import Published
from registry.versions import tags
from registry.versions.tags import Reference

if TYPE_CHECKING:
    from datasets import DatasetDict


def load(name: str, *, version: str | None = None, project: Path | str | None = None) -> "DatasetDict":
    """The splits of a built card that hold rows, memory-mapped; `label` is a ClassLabel in the card's order.

    The Arrow copy is made from the Parquet files once per version. `version` is a tag, or a content digest or its
    beginning (12 digits or more); without it the card as it stands is meant. UserError when that is not built.
    """
    from datasets import load_from_disk

    opened = _open(project)
    published = _published(name, version, opened)
    folder = opened.home / "arrow" / name / published.folder.name
    if not folder.is_dir():
        _make_arrow(published, folder, opened)
    loaded: DatasetDict = load_from_disk(str(folder))
    return loaded


def load_polars(name: str, *, version: str | None = None, project: Path | str | None = None) -> dict[str, pl.DataFrame]:
    """The splits of a built card that hold rows. UserError when it is not built."""
    published = _published(name, version, _open(project))
    return {split: published.read(split) for split in store.filled(published.manifest)}


def _open(project: Path | str | None) -> Project:
    return at(Path(project)) if project is not None else find()


def _published(name: str, version: str | None, project: Project) -> Published:
    catalog = Catalog(project)
    catalog.file("datasets", name)
    return tags.at_hand(catalog, Reference(name, version or ""))


def _make_arrow(published: Published, folder: Path, project: Project) -> None:
    from datasets import ClassLabel, Dataset, DatasetDict

    labels: Any = ClassLabel(names=published.manifest["labels"])
    with store.staging(project.home) as staged, _no_bars():
        splits = {
            split: Dataset(published.read(split).to_arrow()).cast_column("label", labels)
            for split in store.filled(published.manifest)
        }
        DatasetDict(splits).save_to_disk(str(staged / "copy"))
        store.put(staged / "copy", folder, taken_ok=True)


@contextmanager
def _no_bars() -> Iterator[None]:
    """The library's own progress bars off, and as they were afterwards."""
    from datasets.utils import logging

    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()
