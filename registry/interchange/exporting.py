"""A version in a folder for others: finds it, checks that the card says enough, writes all of it or nothing."""

import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple

from registry import atomic, build, store
from registry.card import DatasetCard
from registry.catalog import Catalog
from registry.digest import file_digest
from registry.errors import CardProblems, UserError, system_error
from registry.interchange import croissant, huggingface, licences, requirements
from registry.project import shipped
from registry.store import SHORT, NameTaken, Published, filled
from registry.versions import tags
from registry.versions.tags import Reference

Format = Literal["croissant", "hf"]
UNNUMBERED = "0.0.0"
"""What a version is called that has no tag that is a number."""


class Exported(NamedTuple):
    """The folder that was written, the version in it, and what the user should be told."""

    folder: Path
    version: str
    notices: tuple[str, ...]


class Export(NamedTuple):
    """What is exported: a version, its card, what the version is called, and the text that annotators had."""

    published: Published
    card: DatasetCard
    version: str
    guidelines: str


def export(name: str, catalog: Catalog, to: Format, folder: Path | None = None, version: str = "") -> Exported:
    """Write a built version of a card to a new folder, by default `<name>-<format>` in the current one.

    `version` is a tag, or a content digest or its beginning; without it the card as it stands is meant. CardProblems
    where the card lacks what the format requires; UserError where it is not built or the folder is there already.
    """
    card = catalog.dataset(name)
    if to == "croissant":
        _refuse_lacking(card, catalog)
    published = tags.at_hand(catalog, Reference(name, version))
    current = build.locate(name, catalog) if version else published
    named = [tag for tag, digest in tags.ordered(catalog.project, name) if digest == published.digest]
    made = Export(published, card, version_of(published, named), _guidelines(card, catalog))
    target = (folder or Path(f"{name}-{to}")).absolute()
    with _new_folder(target) as staged:
        (_write_croissant if to == "croissant" else _write_hub)(made, staged)
    stale = current is None or current.digest != published.digest
    return Exported(target, made.version, tuple(_notices(made, to, stale=stale)))


def version_of(published: Published, named: Iterable[str] = ()) -> str:
    """A semantic version: the last tag that is a number, else 0.0.0; with the digest, which says the rows."""
    numbers = [tag.removeprefix("v") for tag in named if tags.NUMBERED.fullmatch(tag)]
    return f"{numbers[-1] if numbers else UNNUMBERED}+{published.digest[:SHORT]}"


def _refuse_lacking(card: DatasetCard, catalog: Catalog) -> None:
    source = catalog.merged("datasets", card.name).source
    problems = [source.problem(lack.path, lack.what, lack.do) for lack in croissant.lacking(card)]
    if problems:
        raise CardProblems(problems, 1, "Nothing was exported.")


def _guidelines(card: DatasetCard, catalog: Catalog) -> str:
    """The text that the card points to; empty where it points to none. A card may be like a shipped one, and its."""
    wanted = card.annotation.guidelines if card.annotation else None
    if not wanted:
        return ""
    roots = () if catalog.file("datasets", card.name).shipped else (catalog.project.root,)
    root = next((root for root in roots if (root / wanted).is_file()), shipped())
    path = (root / wanted).resolve()
    if not path.is_relative_to(root.resolve()):
        do = "Copy the file into the project; a link that leads out of it is not followed."
        raise UserError("leads out of the project", where=wanted, do=do)
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        what = f"cannot be read: {error.strerror or error}"
    except UnicodeDecodeError:
        what = "is not UTF-8"
    raise UserError(what, where=wanted, do="`annotation: guidelines:` names it.")


def _write_croissant(made: Export, folder: Path) -> None:
    manifest = made.published.manifest
    for split in filled(manifest):
        copy = folder / made.published.split(split).name
        shutil.copyfile(made.published.split(split), copy)
        if file_digest(copy) != manifest["checksums"][split]:
            do = "Remove that folder and build again."
            raise UserError("was changed after it was published", where=str(made.published.split(split)), do=do)
    described = croissant.document(*made)
    absent = requirements.missing(described)
    if absent:
        raise RuntimeError(f"the document lacks what Croissant requires: {', '.join(absent)}")
    text = json.dumps(described, ensure_ascii=False, indent=1, allow_nan=False)
    atomic.write_text(folder / croissant.FILE, text + "\n")


def _write_hub(made: Export, folder: Path) -> None:
    splits = filled(made.published.manifest)
    sizes = {
        split: huggingface.write_split(made.published, split, folder / huggingface.data_file(split)) for split in splits
    }
    front = huggingface.front_matter(made.published, made.card, sizes)
    atomic.write_text(folder / huggingface.FILE, huggingface.readme(front, *made))


def _notices(made: Export, to: Format, *, stale: bool) -> Iterator[str]:
    if stale:
        yield "this is not the version that the card gives now; title, licence and question are the card's present ones"
    if made.version.startswith(f"{UNNUMBERED}+"):
        name = f"{made.card.name}@{made.published.digest[:SHORT]}"
        yield f"exported as {made.version}: it has no numbered tag; `bench tag {name} 1.0.0` gives it one"
    if to == "hf":
        refused = licences.objection(made.card.license)
        if refused:
            yield f"the hub will show that {refused}"
        return
    unsaid = croissant.undescribed(made.published)
    if unsaid:
        yield f"in the files, but Croissant has no type for it: {', '.join(unsaid)}"
    organisations = [name for name in made.card.creators if "," not in name]
    if organisations:
        yield f'exported as organisations (write people as "Family, Given"): {"; ".join(organisations)}'
    if not made.card.citation:
        yield "Croissant recommends `citation:`, and the card has none"


@contextmanager
def _new_folder(target: Path) -> Iterator[Path]:
    """A folder to fill beside `target`, which gets that name when all is written; gone where anything failed."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=atomic.PARTIAL, dir=target.parent) as around:
            staged = Path(around) / "export"
            staged.mkdir()
            yield staged
            store.put(staged, target)
    except NameTaken as error:
        raise UserError("is there already", where=str(target), do="Name another folder with --out.") from error
    except OSError as error:
        raise system_error(error, "writing the export", target) from error
