"""Pretrained weights: from a package, the project, or a Hugging Face checkpoint, as one folder or GGUF file on disk.

Owns which files are taken: configuration, tokenizer and safetensors, or one GGUF file, which holds all three. Pickled
weights are never fetched or read.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from pydantic import Field

from registry import fetching
from registry.checker import Checker
from registry.digest import digest, known_digest
from registry.errors import UserError, nearest, plural
from registry.frozen import Frozen, Text
from registry.reading.archives import extract, extract_folder
from registry.source import FetchContext, Pin, RawFile
from registry.sources.package import Package

TAKEN = ("*.safetensors", "*.safetensors.index.json", "*.json", "*.txt", "*.model", "model.bin")
"""The last is what CTranslate2 calls its own format, which holds numbers only; pickles have other names."""
GGUF = ".gguf"
KINDS = ("hub", "local", "package")


class Hub(Frozen):
    """A checkpoint of the Hugging Face hub. A revision that is a commit pins it. `file` is one GGUF file of it."""

    repo: Annotated[Text, Field(pattern=r"^[\w.-]+(/[\w.-]+)?$", description="it is written owner/name")]
    revision: Text = "main"
    file: Annotated[Text, Field(pattern=r"^\w[\w./-]*\.gguf$", description="it is the name of a GGUF file")] | None = (
        None
    )


class WeightsSpec(Frozen):
    """Exactly one of package, local and hub. `path` and `sha256` belong to a package. Paths lead to a folder, or to a
    GGUF file."""

    package: Package | None = None
    local: Text | None = None
    hub: Hub | None = None
    sha256: Annotated[Text, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    path: Text | None = None


class Weights(NamedTuple):
    """A folder with config.json, tokenizer and safetensors, or a GGUF file; and what names its content."""

    folder: Path
    identity: str


def weights_from(checker: Checker, data: Any) -> WeightsSpec | None:
    """The typed `weights:` of a model card, problems reported."""
    if isinstance(data, Mapping):
        hub = data.get("hub")
        data = {**data, "hub": {"repo": hub}} if isinstance(hub, str) else data
        kinds = [kind for kind in KINDS if data.get(kind) is not None]
        if len(kinds) != 1 and not set(data) - set(WeightsSpec.model_fields):
            checker.report(("weights",), f"must have exactly one of: {', '.join(KINDS)}", at_key=True)
            return None
        if kinds == ["package"] and "path" not in data:
            checker.report(
                ("weights",), "weights in a package need `path:`, the folder or GGUF file inside it", at_key=True
            )
    return checker.value(WeightsSpec, data, ("weights",))


def fetch(spec: WeightsSpec, context: FetchContext) -> Weights:
    """The weights, fetched once. UserError where they cannot be had.

    Equal files have equal identities, wherever they come from.
    """
    if spec.package:
        pin = Pin({"": spec.sha256}) if spec.sha256 else fetching.NO_PIN
        (file,) = fetching.fetch("package", spec.package, context, pin).files
        folder = _extracted(file, spec.path or "", context)
    elif spec.local:
        folder = _local(spec.local, context)
    else:
        folder = _snapshot(spec.hub or Hub(repo=""), context)
    files = sorted({file for pattern in TAKEN for file in folder.rglob(pattern) if file.is_file()})
    if spec.local:
        _stay_inside(files, context)
    if folder.is_file():
        return Weights(folder, digest({"gguf": known_digest(folder)}))
    return Weights(folder, digest({file.relative_to(folder).as_posix(): known_digest(file) for file in files}))


def _extracted(file: RawFile, path: str, context: FetchContext) -> Path:
    if not path.endswith(GGUF):
        return extract_folder(file, path, context.home)
    found = extract(file, path, context.home)
    if len(found) != 1:
        raise UserError(f"names {plural(len(found), 'file')}, but one is needed", where=path)
    return found[0].path


def _local(path: str, context: FetchContext) -> Path:
    folder = context.project / path
    if "\0" in path or not folder.resolve().is_relative_to(context.project.resolve()):
        raise UserError(f'the weights folder "{path}" lies outside the project', do="Put it, not a link to it, inside.")
    if not folder.is_dir() and not (folder.suffix == GGUF and folder.is_file()):
        around = [other.name for other in folder.parent.iterdir()] if folder.parent.is_dir() else []
        what = f'there is no weights folder "{path}"{nearest(folder.name, around)}'
        raise UserError(what, where=str(context.project))
    return folder


def _stay_inside(files: Iterable[Path], context: FetchContext) -> None:
    """A link in the folder must not bring in a file from elsewhere."""
    outside = [file for file in files if not file.resolve().is_relative_to(context.project.resolve())]
    if outside:
        what = f"{outside[0].name} is a link that leads out of the project"
        raise UserError(what, where=str(outside[0]), do="Put the file itself there.")


def _snapshot(hub: Hub, context: FetchContext) -> Path:
    """The checkpoint's files in the store, asked for from the hub once; offline, what is there."""
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError, RevisionNotFoundError

    from registry.remote.hubclient import client, no_name, patiently

    where, api = f"hub {hub.repo}@{hub.revision}", client()

    def attempt() -> str:
        return api.snapshot_download(
            hub.repo,
            revision=hub.revision,
            cache_dir=context.home / "hub",
            allow_patterns=[hub.file] if hub.file else list(TAKEN),
            local_files_only=context.offline,
        )

    try:
        with context.progress.step(f"fetch {where}"):
            found = Path(attempt() if context.offline else patiently(attempt, where))
    except HFValidationError:
        raise no_name(where) from None
    except LocalEntryNotFoundError:
        do = "Run `bench fetch` for it once with a network."
        raise UserError("the checkpoint is not in the store", where=where, do=do) from None
    except RevisionNotFoundError:
        raise UserError("the hub has no such revision of it", where=where, do="Check `revision:`.") from None
    if hub.file and not (found / hub.file).is_file():
        raise UserError(f'has no file "{hub.file}"', where=where, do="Check `file:`.")
    return found / hub.file if hub.file else found
