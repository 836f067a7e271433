"""A published version as a folder that the Hugging Face hub takes: Parquet files and a README with YAML on top.

Owns the mapping from card and manifest to the hub's keys; what the hub has no key for stands in the Markdown body.
The label column is written as numbers with the card's labels as class names, as `datasets` does.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from registry.card import DatasetCard
from registry.errors import printable
from registry.interchange import hubcard, licences, wording
from registry.store import Published, filled

FILE = "README.md"
CONFIG = "default"

CATEGORIES = {"text-pair": "text-classification"}
"""The hub's word for a task of ours, where it is another one."""

HUB_TYPES = {"double": "float64", "float": "float32", "date32[day]": "date32"}
"""What the hub calls types of Arrow, where its word is another one."""


class Size(NamedTuple):
    """One written split: rows, bytes in memory (what the hub calls num_bytes) and bytes on disk."""

    rows: int
    memory: int
    disk: int


def data_file(split: str) -> str:
    return f"data/{split}-00000-of-00001.parquet"


def write_split(published: Published, split: str, path: Path) -> Size:
    """One split as Parquet, with labels as numbers and with Arrow's plain types."""
    table = _table(published.read(split), published.manifest["labels"])
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path, compression="zstd")
    return Size(table.num_rows, table.nbytes, path.stat().st_size)


def front_matter(published: Published, card: DatasetCard, sizes: Mapping[str, Size]) -> dict[str, Any]:
    """The YAML block as plain data. RuntimeError where the hub would refuse it."""
    category = card.task if card.task in hubcard.TASK_CATEGORIES else CATEGORIES.get(card.task)
    rows = sum(size.rows for size in sizes.values())
    front = {
        "language": sorted({language.split("-")[0] for language in card.languages}),
        "language_details": [language for language in card.languages if "-" in language],
        **licences.for_hub(card.license),
        "pretty_name": " ".join(card.title.split()),
        "size_categories": [hubcard.size_category(rows)],
        "source_datasets": _hub_sources(card),
        "task_categories": [category] if category else [],
        "tags": [*wording.keywords(card), "cardbench"],
        "configs": [
            {
                "config_name": CONFIG,
                "data_files": [{"split": split, "path": data_file(split)} for split in sizes],
            }
        ],
        "dataset_info": _info(published, sizes),
    }
    front = {key: value for key, value in front.items() if value != []}
    refused = hubcard.problems(front)
    if refused:
        raise RuntimeError(f"the hub would refuse the front matter: {'; '.join(refused)}")
    return front


def readme(front: Mapping[str, Any], published: Published, card: DatasetCard, version: str, guidelines: str) -> str:
    """The whole README: front matter, and a body with what the hub has no key for."""
    import yaml

    block = yaml.safe_dump(dict(front), sort_keys=False, allow_unicode=True, width=120)
    body = "\n\n".join(part for part in _body(published, card, version, guidelines) if part)
    return f"---\n{block}---\n\n{body}\n"


def escaped(text: str) -> str:
    """Text of a card as Markdown that says just that, on one line."""
    line = " ".join(printable(" ".join(text.split())).split())
    line = re.sub(r"([\\`*_{}\[\]<>#|~$&!])", r"\\\1", line)
    return re.sub(r"^([-+]|\d+(?=[.)]))", lambda begin: f"\\{begin[0]}" if begin[0] in "-+" else f"{begin[0]}\\", line)


def verbatim(text: str) -> str:
    """Text of several lines as an indented block: nothing in it can end the block."""
    return "\n".join(f"    {printable(line)}".rstrip() for line in text.splitlines())


def _table(frame: pl.DataFrame, labels: list[str]) -> pa.Table:
    if labels and frame.schema.get("label") == pl.String:
        numbers = {label: number for number, label in enumerate(labels)}
        frame = frame.with_columns(pl.col("label").replace_strict(numbers, return_dtype=pl.Int64))
    table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
    return table.cast(pa.schema([pa.field(field.name, _plain(field.type)) for field in table.schema]))


def _plain(kind: pa.DataType) -> pa.DataType:
    """Polars writes the large variants of strings and lists, which the hub's YAML calls by other names."""
    if pa.types.is_large_string(kind):
        return pa.string()
    if pa.types.is_large_list(kind):
        return pa.list_(_plain(kind.value_type))
    if pa.types.is_struct(kind):
        return pa.struct([pa.field(field.name, _plain(field.type)) for field in kind])
    return kind


def _hub_sources(card: DatasetCard) -> list[str]:
    """Repositories of the hub that the card reads."""
    origins = (spec.origin for spec in card.sources.values() if spec.origin_kind == "hub")
    return sorted({str(origin.repository) for origin in origins})


def _info(published: Published, sizes: Mapping[str, Size]) -> dict[str, Any]:
    schema = _table(pl.DataFrame(schema=pl.read_parquet_schema(published.split(next(iter(sizes))))), []).schema
    labels = published.manifest["labels"]
    return {
        "config_name": CONFIG,
        "features": [_feature(field.name, field.type, labels) for field in schema],
        "splits": [
            {"name": split, "num_bytes": size.memory, "num_examples": size.rows} for split, size in sizes.items()
        ],
        "download_size": sum(size.disk for size in sizes.values()),
        "dataset_size": sum(size.memory for size in sizes.values()),
    }


def _feature(name: str, kind: pa.DataType, labels: list[str]) -> dict[str, Any]:
    if name == "label" and labels and pa.types.is_string(kind):
        names = {str(number): label for number, label in enumerate(labels)}
        return {"name": name, "dtype": {"class_label": {"names": names}}}
    return {"name": name, **_typed(kind)}


def _typed(kind: pa.DataType) -> dict[str, Any]:
    if pa.types.is_list(kind):
        inner = _typed(kind.value_type)
        return {"list": inner.get("dtype") or inner.get("struct") or inner}
    if pa.types.is_struct(kind):
        return {"struct": [{"name": field.name, **_typed(field.type)} for field in kind]}
    return {"dtype": HUB_TYPES.get(str(kind), str(kind))}


def _body(published: Published, card: DatasetCard, version: str, guidelines: str) -> Iterator[str]:
    manifest = published.manifest
    yield f"# {escaped(card.title)}"
    yield escaped(card.description)
    yield f"Version {version}, content digest `{published.digest}`, made from the card `{card.name}`."
    yield "\n".join(_counts(manifest))
    yield "\n".join(["## Sources", "", *_sources(manifest)])
    yield _list("Preparation", [*wording.preparation(manifest), wording.splitting(manifest)])
    yield _annotation(published, card, guidelines)
    yield _list("Limits", wording.limitations(card))
    yield f"## Citation\n\n{verbatim(card.citation)}" if card.citation else ""
    named = {"Made by": "; ".join(card.creators), "Published": card.published, "Page": card.url}
    yield _list("Origin", [f"{what}: {value}" for what, value in named.items() if value])
    yield (
        f"## Building it again\n\n`bench build {card.name}` in a cardbench project that holds the card gives the same "
        "content digest, or says which source or library is not the same."
    )


def _list(title: str, lines: list[str]) -> str:
    return "\n".join([f"## {title}", "", *(f"- {escaped(line)}" for line in lines)]) if lines else ""


def _counts(manifest: Mapping[str, Any]) -> Iterator[str]:
    labels = manifest["labels"]
    yield f"| split | rows |{''.join(f' {escaped(label)} |' for label in labels)}"
    yield f"| :-- | --: |{' --: |' * len(labels)}"
    for split in filled(manifest):
        counts = manifest["splits"][split]
        cells = "".join(f" {counts['labels'][label]:,} |" for label in labels)
        yield f"| {split} | {counts['rows']:,} |{cells}"


def _sources(manifest: Mapping[str, Any]) -> Iterator[str]:
    yield "| source | from | file | sha256 | rows |"
    yield "| :-- | :-- | :-- | :-- | --: |"
    for name, source in manifest["sources"].items():
        for file, sha256 in source["files"].items():
            yield f"| {name} | {escaped(source['from'])} | {escaped(file)} | `{sha256}` | {source['rows']:,} |"


def _annotation(published: Published, card: DatasetCard, guidelines: str) -> str:
    if card.annotation is None:
        return ""
    votes = f"{wording.votes_per_row(published)} votes a row."
    measured = f"{escaped(wording.analysis(published.manifest))}."
    return f"## Annotation\n\n{verbatim(wording.protocol(card, guidelines))}\n\n{measured}\n\n{votes}"
