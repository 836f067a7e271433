"""A dataset card of the Hugging Face hub, its README.md, as a starting card. Fetches nothing.

Owns which keys of the front matter a card has a key for; every other one is named in a remark.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from registry import yamlsource
from registry.card import LANGUAGE_CODE
from registry.errors import UserError, clipped, nearest
from registry.frozen import as_written
from registry.interchange import hubcard
from registry.interchange.croissant_tables import DocumentPlace, inside
from registry.interchange.huggingface import CATEGORIES
from registry.interchange.jsonld import Node, description, listed, several
from registry.interchange.licences import UNSTATED, of_card, spdx_of
from registry.interchange.tables import Column, Table
from registry.kinds import TASKS
from registry.reading.formats import Guess, guess

TAKEN = frozenset(
    "language language_details license license_name license_link license_details pretty_name configs dataset_info "
    "task_categories".split()
)
PAGE = "https://huggingface.co/datasets/"


class Readme(NamedTuple):
    """A README that was read: its front matter with numbers as they were written, and the Markdown below."""

    path: Path
    front: Node
    refused: tuple[str, ...]
    """What the hub would not accept of the front matter."""
    body: str


class Repository(NamedTuple):
    """Where the data files are; `name` is empty where they lie beside the README."""

    name: str = ""
    revision: str = ""
    config: str = ""


def read(path: Path) -> Readme:
    """UserError where the file is no README with YAML on top; CardProblems where that YAML cannot be read."""
    parts = hubcard.parted(description(path))
    if parts is None:
        what = "has no front matter: a dataset card begins with a line ---, YAML, and another line ---"
        raise UserError(what, where=str(path))
    source = yamlsource.parse(parts.front, path.name)
    refused = tuple(hubcard.problems(_mapped(source.data, _number)))
    return Readme(path, _mapped(source.data, as_written), refused, parts.body)


def facts(readme: Readme, repository: Repository) -> tuple[dict[str, Any], list[str]]:
    """The keys that describe the data; a value that does not fit a card becomes a remark."""
    front = readme.front
    exact = [str(code) for code in several(front.get("language_details"))]
    bases = {code.split("-")[0] for code in exact}
    languages = [*(code for code in map(str, several(front.get("language"))) if code not in bases), *exact]
    fitting = tuple(code for code in languages if re.fullmatch(LANGUAGE_CODE, code))
    license_keys, remarks = _license(front)
    remarks += [f'not taken over: the language "{clipped(code, 60)}"' for code in languages if code not in fitting]
    remarks += [f"the hub would refuse: {problem}" for problem in readme.refused]
    remarks += [
        f"not taken over: {clipped(f'{key}: {value}', 300)}" for key, value in front.items() if key not in TAKEN
    ]
    remarks.append("the hub's card says neither who made the data nor when; `creators:` and `published:` are yours")
    keys = {
        "title": " ".join(str(front.get("pretty_name") or "").split()),
        "description": _paragraph(readme.body),
        "license": license_keys,
        "languages": fitting or ("und",),
        "citation": _citation(readme.body),
        "url": f"{PAGE}{repository.name}" if repository.name else "",
    }
    return keys, remarks


def task(front: Node) -> str:
    """Our name of the first category that we have a task for; empty where there is none."""
    ours = {category: name for name, category in CATEGORIES.items()}
    known = [str(category) for category in several(front.get("task_categories"))]
    return next((name for name in (*known, *(ours.get(one, "") for one in known)) if name in TASKS.names()), "")


def tables(readme: Readme, repository: Repository, place: DocumentPlace) -> tuple[list[Table], list[str]]:
    """One table for each data file or glob of a config, else for each split of the hub's own conversion."""
    chosen, others = _config(readme.front, repository.config)
    remarks = [f'not taken over: the config "{clipped(name, 60)}"' for name in others]
    info = _info(readme.front, str(chosen.get("config_name", "")))
    columns = tuple(map(_column, listed(info.get("features"))))
    files = list(_files(chosen.get("data_files")))
    if not repository.name and not (files and _beside(readme.path.parent, files)):
        what = "does not say where its data files are: they do not lie beside it, and it names no repository"
        raise UserError(what, where=str(readme.path), do="Say whose card it is: --repository owner/name.")
    found = []
    for split, path in files:
        if not inside(path):
            remarks.append(f'not taken over: the file "{clipped(path)}", which leads out of its folder')
            continue
        source, remark = _file(path, repository, place)
        found.append(Table(split, source, columns, split=split))
        remarks += [remark] if remark else []
    if not files:
        found = [_converted(name, repository, chosen, columns) for name in _splits(info, remarks)]
    return found, list(dict.fromkeys(remarks))


def _file(path: str, repository: Repository, place: DocumentPlace) -> tuple[dict[str, Any], str]:
    kind, options = guess(path) or Guess("parquet", {})
    form = {"format": {kind: dict(options)} if options else kind}
    if repository.name:
        revision = {"revision": repository.revision} if repository.revision else {}
        return {"hub": {"repository": repository.name, "files": path, **revision}, **form}, ""
    local, remark = place.local(path)
    return {"local": local, **form}, remark


def _converted(split: str, repository: Repository, config: Node, columns: tuple[Column, ...]) -> Table:
    """A split as the hub converts it to Parquet, for a card that names no files."""
    named = {"config": config["config_name"]} if config.get("config_name", "default") != "default" else {}
    return Table(split, {"hub": {"repository": repository.name, **named, "split": split}}, columns, split=split)


def _splits(info: Node, remarks: list[str]) -> list[str]:
    names = [str(split.get("name")) for split in listed(info.get("splits"))]
    if not names:
        remarks.append("the card names neither files nor splits; the hub's conversion of `train` was taken")
    return names or ["train"]


def _config(front: Node, wanted: str) -> tuple[Node, list[str]]:
    """The chosen config and the names of the others."""
    configs = listed(front.get("configs")) or [
        {"config_name": str(info.get("config_name", "default"))} for info in listed(front.get("dataset_info"))
    ]
    names = [str(config.get("config_name", "default")) for config in configs]
    if wanted and wanted not in names:
        do = f"It has: {clipped(', '.join(names))}."
        raise UserError(f'the card has no config "{clipped(wanted, 60)}"{nearest(wanted, names)}', do=do)
    marked = [name for name, config in zip(names, configs, strict=True) if config.get("default") is True]
    first = next(iter([wanted] if wanted else [*marked, *(name for name in names if name == "default"), *names]), "")
    chosen: Node = next((config for name, config in zip(names, configs, strict=True) if name == first), {})
    return chosen, [name for name in names if name != first]


def _info(front: Node, config: str) -> Node:
    infos = listed(front.get("dataset_info"))
    return next((info for info in infos if str(info.get("config_name", "default")) == (config or "default")), {})


def _files(data: Any) -> Iterator[tuple[str, str]]:
    """(split, path) of `data_files`: a path, a list of them, or entries with a split. Without one all is train."""
    for entry in several(data):
        if isinstance(entry, Mapping):
            for path in several(entry.get("path")):
                yield str(entry.get("split", "train")), str(path)
        else:
            yield "train", str(entry)


def _beside(folder: Path, files: Sequence[tuple[str, str]]) -> bool:
    try:
        return all(next(folder.glob(path), None) is not None for _, path in files)
    except (ValueError, NotImplementedError):
        return False


def _column(feature: Node) -> Column:
    names = hubcard.class_names(feature)
    classes = tuple((str(number), name) for number, name in enumerate(names or ()))
    return Column(str(feature.get("name")), feature.get("dtype") in ("string", "large_string"), bool(names), classes)


def _license(front: Node) -> tuple[dict[str, str], list[str]]:
    """`license:` of a card. Under `other` the name or link may be one of SPDX's; what is not stands in the note."""
    said = [str(one) for one in several(front.get("license"))]
    own = [str(front[key]) for key in ("license_link", "license_name", "license_details") if front.get(key)]
    if not said or said == ["unknown"]:
        return of_card(UNSTATED, "The hub's card states no licence"), []
    found = [next(filter(None, map(spdx_of, own)), None)] if said == ["other"] else [spdx_of(one) for one in said]
    if None not in found:
        return of_card(" AND ".join(dict.fromkeys(map(str, found)))), []
    told = clipped(" ".join([*said, *own]), 300)
    return of_card(UNSTATED, f"The hub's card says: {told}"), [f"the licence stands in the note: {told}"]


def _paragraph(body: str) -> str:
    """The first paragraph of plain text: not a heading, table, list, image or HTML."""
    paragraphs = (" ".join(part.split()) for part in re.split(r"\n\s*\n", body))
    return next((part for part in paragraphs if re.match(r"[^\W_]", part)), "")


def _citation(body: str) -> str:
    found = re.search(r"```(?:bibtex|latex)?[ \t]*\n\s*(@\w+\{.*?)\n?```", body, re.DOTALL)
    return " ".join(found[1].split()) if found else ""


def _mapped(value: Any, leaf: Callable[[Any], Any]) -> Any:
    if isinstance(value, Mapping):
        return {key: _mapped(inner, leaf) for key, inner in value.items()}
    if isinstance(value, list):
        return [_mapped(inner, leaf) for inner in value]
    return leaf(value)


def _number(value: Any) -> Any:
    """A number without the memory of how it was written."""
    return +value if isinstance(value, int | float) and not isinstance(value, bool) else value
