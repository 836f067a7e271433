"""The YAML front matter of a dataset card on the Hugging Face hub: what the hub accepts, checked without the hub.

Owns the closed vocabularies of the hub's documentation. The hub itself checks only when a card is uploaded.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from registry.errors import clipped
from registry.interchange.jsonld import listed, several
from registry.interchange.licences import HUB

SIZES = (
    *((10**3, "n<1K"), (10**4, "1K<n<10K"), (10**5, "10K<n<100K"), (10**6, "100K<n<1M"), (10**7, "1M<n<10M")),
    *((10**8, "10M<n<100M"), (10**9, "100M<n<1B"), (10**10, "1B<n<10B"), (10**11, "10B<n<100B"), (10**12, "100B<n<1T")),
)
OPEN_ENDED = "n>1T"

TASK_CATEGORIES = frozenset(
    "text-classification token-classification table-question-answering question-answering zero-shot-classification "
    "translation summarization feature-extraction text-generation fill-mask sentence-similarity text-to-speech "
    "text-to-audio automatic-speech-recognition audio-to-audio audio-classification voice-activity-detection "
    "depth-estimation image-classification object-detection image-segmentation text-to-image image-to-text "
    "image-to-image image-to-video unconditional-image-generation video-classification reinforcement-learning robotics "
    "tabular-classification tabular-regression tabular-to-text table-to-text multiple-choice text-ranking "
    "text-retrieval time-series-forecasting text-to-video visual-question-answering zero-shot-image-classification "
    "graph-ml mask-generation zero-shot-object-detection text-to-3d image-to-3d image-feature-extraction "
    "video-text-to-text text2text-generation other".split()
)
VOCABULARIES: dict[str, frozenset[str]] = {
    "annotations_creators": frozenset(
        {"found", "crowdsourced", "expert-generated", "machine-generated", "no-annotation", "other"}
    ),
    "language_creators": frozenset({"found", "crowdsourced", "expert-generated", "machine-generated", "other"}),
    "size_categories": frozenset({"unknown", OPEN_ENDED, *(name for _, name in SIZES)}),
    "task_categories": TASK_CATEGORIES,
}
"""Keys that hold a list of words, and the words."""

_LANGUAGE = re.compile(r"[a-z]{2,3}|code|multilingual")
_SPLIT = re.compile(r"\w+(\.\w+)*")
_LICENSE_NAME = re.compile(r"[a-z0-9.-]+")


class Parted(NamedTuple):
    """The YAML on top of a README, whose lines keep their numbers, and the Markdown below."""

    front: str
    body: str


def parted(text: str) -> Parted | None:
    """None for a README that does not begin with a line ---, YAML, and another line ---."""
    found = re.match(r"---\r?\n(.*?)^---\s*$", text, re.DOTALL | re.MULTILINE)
    return Parted(f"\n{found[1]}", text[found.end() :]) if found else None


def size_category(rows: int) -> str:
    """The hub's word for a number of rows; a bound belongs to the larger one."""
    return next((name for bound, name in SIZES if rows < bound), OPEN_ENDED)


def problems(front: Mapping[str, Any]) -> list[str]:
    """What the hub would refuse or not understand, as `key: what`; empty for a card that it accepts."""
    return [*_plain(front, ""), *_words(front), *_license(front), *_configs(front), *_info(front)]


def _plain(value: Any, path: str) -> Iterator[str]:
    """YAML that every reader knows: exact built-in types, since a numpy number or a tuple is written with a tag."""
    if type(value) is dict:
        for key, inner in value.items():
            yield from _plain(inner, f"{path}.{key}".lstrip("."))
    elif type(value) is list:
        for number, inner in enumerate(value, 1):
            yield from _plain(inner, f"{path}.{number}")
    elif value is not None and not isinstance(value, str | int | float | bool):
        yield f"{path}: {type(value).__name__} is no plain YAML value"


def _words(front: Mapping[str, Any]) -> Iterator[str]:
    for key, known in VOCABULARIES.items():
        for word in several(front.get(key)):
            if not isinstance(word, str) or word not in known:
                yield f'{key}: "{clipped(str(word), 60)}" is not in the list of the hub'
    for code in several(front.get("language")):
        if not _LANGUAGE.fullmatch(str(code)):
            yield f'language: "{clipped(str(code), 60)}" is no ISO 639 code'


def _license(front: Mapping[str, Any]) -> Iterator[str]:
    for word in several(front.get("license")):
        if not isinstance(word, str) or word not in HUB:
            yield f'license: "{clipped(str(word), 60)}" is not in the list of the hub; write other with a license_name'
    name = front.get("license_name")
    if front.get("license") == "other" and not _LICENSE_NAME.fullmatch(str(name or "")):
        yield "license_name: is needed with `license: other`, in small letters, digits, dots and hyphens"


def _configs(front: Mapping[str, Any]) -> Iterator[str]:
    for config in listed(front.get("configs")):
        name = config.get("config_name")
        if not isinstance(name, str) or not name or re.search(r'[<>:/\\|?*"]', name):
            yield f'configs: "{clipped(str(name), 60)}" cannot name a config'
        files = config.get("data_files")
        splits = [entry.get("split") for entry in listed(files)] if isinstance(files, list) else []
        for split in splits:
            if not _SPLIT.fullmatch(str(split)):
                yield f'configs: "{clipped(str(split), 60)}" cannot name a split'
        if len(set(map(str, splits))) < len(splits):
            yield "configs: a split is named twice"


def _info(front: Mapping[str, Any]) -> Iterator[str]:
    for info in listed(front.get("dataset_info")):
        for feature in listed(info.get("features")):
            yield from _feature(feature)
        for split in listed(info.get("splits")):
            for key in ("num_bytes", "num_examples"):
                if type(split.get(key)) is not int or split[key] < 0:
                    yield f"dataset_info: {key} of a split must be a number of {key[4:]}"


def _feature(feature: Mapping[str, Any]) -> Iterator[str]:
    if not isinstance(feature.get("name"), str):
        yield "dataset_info: a feature has no name"
    kinds = [key for key in ("dtype", "list", "sequence", "struct") if key in feature]
    if len(kinds) != 1:
        yield f'dataset_info: the feature "{clipped(str(feature.get("name")), 60)}" must have one type'
    names = class_names(feature)
    if names is not None and (len(set(names)) < len(names) or not all(names)):
        yield f'dataset_info: the classes of "{clipped(str(feature.get("name")), 60)}" must each have a name of its own'


def class_names(feature: Mapping[str, Any]) -> list[str] | None:
    """The classes of a ClassLabel feature in order of their numbers; None for another feature."""
    dtype = feature.get("dtype")
    label = dtype.get("class_label") if isinstance(dtype, Mapping) else None
    names = label.get("names") if isinstance(label, Mapping) else None
    if isinstance(names, list):
        return [str(name) for name in names]
    if not isinstance(names, Mapping) or not all(re.fullmatch(r"\d{1,9}", str(number)) for number in names):
        return None
    numbered = {int(str(number)): str(name) for number, name in names.items()}
    return [numbered.get(number, "") for number in range(max(numbered, default=-1) + 1)]
