"""A dataset repository of the hub as the sources of a card: which files are its splits, and what its own card states.

Owns the choice where a repository has more than one way in: data files of the repository itself before the hub's
conversion, Parquet before other formats, one configuration of several. Fetches the README and no data.
"""

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from registry.card import LANGUAGE_CODE
from registry.errors import UserError, clipped
from registry.infer.assemble import Known
from registry.infer.licence import NOT_STATED, front_matter, of_tag, words
from registry.infer.place import Place, source_name
from registry.infer.sql import split_of
from registry.progress import Silent
from registry.reading.formats import guess
from registry.remote.hubclient import ENDPOINT, commit_of, downloaded, listed
from registry.source import FetchContext
from registry.sources.hub import CONVERTED, LISTED
from registry.split import SPLITS
from registry.yamlsource import MAX_BYTES

NO_DATA = ("dataset_infos.json", "dataset_info.json", "dataset_dict.json", "state.json")
"""Files that describe data in a format of data."""

FORMATS = ("parquet", "csv", "jsonl", "json", "text")
"""Which format is taken where a repository holds the same in several."""


def on_hub(target: str, context: FetchContext) -> Place:
    """`owner/name`, with `@revision` where one is meant. UserError where the hub shows no data of that name."""
    repository, _, revision = target.partition("@")
    where = f"hub dataset {clipped(repository)}"
    if context.offline:
        raise UserError("is asked over the network", where=where, do="Run it without --offline.")
    pinned = {"revision": revision} if revision else {}
    commit = commit_of(repository, revision or "main", where)
    if not commit:
        raise UserError(f"has no revision {clipped(revision or 'main')}", where=where)
    found = _names(repository, commit, where)
    known = _known(repository, commit, found, where)
    by_split = _by_split([name for name in found if _is_data(name)])
    if by_split:
        entries = {split: {"repository": repository, "files": glob, **pinned} for split, glob in by_split.items()}
    else:
        entries = {split: {"repository": repository, **keys} for split, keys in _converted(repository, where).items()}
    if len(entries) == 1:
        (entry,) = entries.values()
        return Place({source_name(repository.rpartition("/")[2]): {"hub": entry}}, repository.rpartition("/")[2], known)
    sources = {split: {"hub": entry} for split, entry in entries.items()}
    return Place(sources, repository.rpartition("/")[2], known, {split: split for split in sources})


def _names(repository: str, commit: str, where: str) -> list[str]:
    return [file.path for file in listed(repository, commit, where, most=LISTED)]


def _is_data(name: str) -> bool:
    path = PurePosixPath(name)
    hidden = any(part.startswith(".") for part in path.parts)
    return guess(name) is not None and not hidden and path.name.lower() not in NO_DATA and path.stem != "README"


def _by_split(names: Sequence[str]) -> dict[str, str]:
    """A file or glob by split, of one folder and one format; by `rows` where no name tells a split."""
    groups: dict[tuple[int, str, str], dict[str, list[str]]] = {}
    for name in names:
        path, found = PurePosixPath(name), guess(name)
        kind = found.format if found else ""
        rank = FORMATS.index(kind) if kind in FORMATS else len(FORMATS)
        split = next((split for word in re.split(r"[-_.]", path.name) if (split := split_of(word))), "")
        # A folder may be called after the split, and hold nothing else.
        folder = path.parent
        if not split and (inside := split_of(folder.name)):
            split, folder = inside, folder.parent
        groups.setdefault((rank, folder.as_posix(), path.suffix), {}).setdefault(split, []).append(name)
    if not groups:
        return {}
    splits = groups[min(groups, key=lambda key: ("test" not in groups[key] and "train" not in groups[key], key))]
    named = {split: _glob(splits[split]) for split in SPLITS if split in splits}
    return named or {"rows": _glob(splits[""])}


def _glob(names: list[str]) -> str:
    """What the names have in common, as a pattern that fits them; a single name as it is."""
    if len(names) == 1:
        return names[0]
    first, last = min(names), max(names)
    same = next((place for place, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), 0)
    head = first[: max(same, first.rfind("/") + 1)].rstrip("0123456789")
    return f"{head}*{PurePosixPath(first).suffix}"


def _converted(repository: str, where: str) -> dict[str, dict[str, Any]]:
    """`config` and `split` by split of the hub's Parquet conversion, of `default` or else the first configuration."""
    commit = commit_of(repository, CONVERTED, where)
    found = _names(repository, commit, where) if commit else []
    names = [name.split("/") for name in found if name.endswith(".parquet")]
    folders = sorted({(parts[0], parts[1]) for parts in names if len(parts) == 3})
    if not folders:
        do = "Write its sources yourself, after its own documentation."
        raise UserError("has no data files, and the hub no conversion of it", where=where, do=do)
    config = next((config for config, _ in folders if config == "default"), folders[0][0])
    keys = {} if config == "default" else {"config": config}
    splits = {
        split_of(split) or source_name(split): {**keys, "split": split} for one, split in folders if one == config
    }
    return {split: splits[split] for split in SPLITS if split in splits} or dict([next(iter(splits.items()))])


def _known(repository: str, commit: str, names: Sequence[str], where: str) -> Known:
    """What the front matter of the README states."""
    said = front_matter(_readme(repository, commit, where)) if "README.md" in names else {}
    licence = next(iter(words(said.get("license"))), "")
    languages = [code for code in words(said.get("language")) if re.fullmatch(LANGUAGE_CODE, code)]
    tasks = words(said.get("task_categories")) + words(said.get("task_ids"))
    return Known(
        license=of_tag(licence, "the repository's README") if licence else NOT_STATED,
        languages=tuple(languages),
        title=str(said.get("pretty_name") or ""),
        url=f"{ENDPOINT}/datasets/{repository}",
        notes=(f"the repository calls its tasks: {', '.join(clipped(task, 60) for task in tasks[:8])}",)
        if tasks
        else (),
    )


def _readme(repository: str, commit: str, where: str) -> str:
    with tempfile.TemporaryDirectory(prefix="cardbench-") as folder, Silent().step("") as step:
        path = downloaded(repository, commit, "README.md", Path(folder), where, step)
        return path.read_bytes()[:MAX_BYTES].decode("utf-8", "replace")
