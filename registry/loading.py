"""Published versions for Python: as a `datasets.DatasetDict` or as Polars frames. Builds nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from registry import store
from registry.catalog import Catalog
from registry.kinds import TASKS
from registry.project import Project, at, find
from registry.store import Published
from registry.versions import tags
from registry.versions.tags import Reference

if TYPE_CHECKING:
    from datasets import Dataset, DatasetDict


def load(name: str, *, version: str | None = None, project: Path | str | None = None) -> "DatasetDict":
    """The splits of a built card that hold rows, memory-mapped; labels are ClassLabels in the card's order.

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
    from datasets import Dataset, DatasetDict

    manifest = published.manifest
    target, names = TASKS.get(manifest["task"]).target, manifest["labels"]
    with store.staging(project.home) as staged, _no_bars():
        splits = {
            split: _with_labels(Dataset(published.read(split).to_arrow()), target, names)
            for split in store.filled(manifest)
        }
        DatasetDict(splits).save_to_disk(str(staged / "copy"))
        store.put(staged / "copy", folder, taken_ok=True)


def _with_labels(rows: "Dataset", target: str, names: list[str]) -> "Dataset":
    """The column of labels, or of lists of them, as numbers with names."""
    from datasets import ClassLabel, Features, LargeList

    if not names:
        return rows
    labels: Any = ClassLabel(names=names)
    if isinstance(rows.features[target], LargeList):
        numbers = {name: number for number, name in enumerate(names)}
        features = rows.features | {target: LargeList(labels)}
        return rows.map(lambda row: {target: [numbers[name] for name in row[target]]}, features=Features(features))
    return rows.cast_column(target, labels)


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
