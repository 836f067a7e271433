"""Files of a Hugging Face dataset repository, at one commit.

    hub: {repository: stanfordnlp/imdb, files: "plain_text/train-*.parquet"}
    hub: {repository: clue/clue, config: tnews, split: train}

`files` takes data files of the repository itself, by name or glob. `split` (with `config`, where it is not `default`)
takes the hub's own Parquet conversion, which it keeps on the branch `refs/convert/parquet`: for repositories that hold
a script instead of data. A conversion that the hub cut short is called `partial-train` and the like there, and is taken
only under that name. Its labels are often numbers, which `select:` maps. Dataset scripts are never fetched.

`revision` is a commit, branch or tag: of `main` with `files`, of the branch of conversions with `split`. A branch is
resolved to a commit once; `cards.lock` keeps that commit, and `bench build --update` moves on. The hub may make a
conversion anew and forget old commits of it, so prefer `files` where a repository has Parquet of its own.

The endpoint is HF_ENDPOINT, the token HF_TOKEN, both from the environment. Every file is checked against the hash that
the hub states for it.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Annotated, ClassVar, Self

from pydantic import Field, field_validator, model_validator

from registry.errors import UserError, clipped, nearest
from registry.frozen import Frozen, Text
from registry.reading.formats import Guess, glob_regex, guess, is_glob
from registry.source import FetchContext, Fetched, Pin, RawFile
from registry.sources.local import inside

if TYPE_CHECKING:
    from huggingface_hub.hf_api import RepoFile

    from registry.progress import Step

CONVERTED = "refs/convert/parquet"
FOLDER = Field(pattern=r"^[^/\\\s.][^/\\\x00-\x1f]*$", description="it is one name, without /")
LISTED = 5000
"""How many files are looked through for what may have been meant."""


class Hub(Frozen):
    """Either `files`, or `split` with its `config`."""

    live: ClassVar[bool] = False
    repository: Annotated[Text, Field(pattern=r"^[\w.-]+/[\w.-]+$", description="it is written owner/name")]
    files: Annotated[Text, Field(min_length=1, description="a file of the repository, or a glob")] | None = None
    config: Annotated[Text, FOLDER] | None = None
    split: Annotated[Text, FOLDER] | None = None
    revision: Annotated[Text, Field(pattern=r"^[^\s\x00-\x1f]+$", description="a commit, branch or tag")] | None = None

    @field_validator("files")
    @classmethod
    def _data(cls, files: str | None) -> str | None:
        if files is not None and PurePosixPath(inside(files, "the repository")).suffix == ".py":
            raise ValueError("is a script; only data is fetched. `split:` takes the hub's Parquet conversion")
        return files

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.files is None) == (self.split is None):
            raise ValueError("must have exactly one of: files, split")
        if self.files is not None and self.config is not None:
            raise ValueError("`config` goes with `split`; with `files` the path says it")
        return self

    @property
    def file_name(self) -> str | None:
        return None if self.files is None or is_glob(self.files) else self.files

    @property
    def default_format(self) -> Guess | None:
        return guess(self.files or "split.parquet")

    def fetch(self, context: FetchContext, pin: Pin) -> Fetched:
        """The files at the pinned commit, else at the one that the revision is now."""
        from registry.store import staging

        commit = pin.revision or self._commit()
        at = _Commit(self, commit)
        chosen = at.chosen()
        with (
            staging(context.home) as staged,
            context.progress.step(f"fetch {self.repository}", sum(file.size for file in chosen), "B") as step,
        ):
            files = tuple(at.landed(file, context.store, staged, step) for file in chosen)
        return Fetched(files, commit)

    def describe(self) -> str:
        return f"{self.files or self.folder} of hub dataset {self.repository}@{self._revision}"

    @property
    def folder(self) -> str:
        """Of the split, on the branch of conversions; else of `files`, as far as no glob begins."""
        if self.split:
            return f"{self.config or 'default'}/{self.split}"
        parts = PurePosixPath(self.files or "").parent.parts
        return "/".join(takewhile(lambda part: not is_glob(part), parts))

    def takes(self, name: str) -> bool:
        if self.split:
            return name.rpartition("/")[0] == self.folder and name.endswith(".parquet")
        return bool(glob_regex(self.files or "").fullmatch(name))

    @property
    def _revision(self) -> str:
        return self.revision or ("main" if self.files else CONVERTED)

    def _commit(self) -> str:
        from registry.remote.hubclient import COMMIT, commit_of

        asked = self._revision
        commit = asked if COMMIT.fullmatch(asked) else commit_of(self.repository, asked, self.describe())
        if not commit:
            raise self.no_revision(asked)
        return commit

    def no_revision(self, revision: str) -> UserError:
        if revision == CONVERTED:
            what = "the hub has no Parquet conversion of this dataset"
            return UserError(what, where=self.describe(), do="Name data files of the repository with `files:`.")
        do = "Check `revision:`; where cards.lock names it, `bench build --update` takes what is there now."
        return UserError(f"has no revision {clipped(revision)}", where=self.describe(), do=do)


@dataclass(frozen=True)
class _Commit:
    """The repository of a source as it was at one commit."""

    hub: Hub
    commit: str

    def chosen(self) -> "Sequence[RepoFile]":
        """The files to fetch, in order of name; none of them a script, too large, or named to escape."""
        chosen = sorted((file for file in self._listed(self.hub.folder) if self.hub.takes(file.path)), key=_name)
        if not chosen:
            raise self._missing([file.path for file in self._listed("", LISTED)])
        for file in chosen:
            self._refuse(file)
        return chosen

    def landed(self, file: "RepoFile", store: Path, staged: Path, step: "Step") -> RawFile:
        """One file in the store, asked for only where the store has not its bytes already."""
        from registry.atomic import move
        from registry.digest import stored
        from registry.remote.hubclient import downloaded

        stated = file.lfs.sha256 if file.lfs else ""
        if re.fullmatch("[0-9a-f]{64}", stated) and stored(store / stated, stated):
            step.advance(file.size)
            return RawFile(file.path, store / stated, stated)
        path = downloaded(self.hub.repository, self.commit, file.path, staged, self._at(file.path), step)
        sha256 = self._checked(path, file)
        move(path, store / sha256)
        return RawFile(file.path, store / sha256, sha256)

    def _checked(self, path: Path, file: "RepoFile") -> str:
        """The sha256 of fetched bytes, which are those that the hub's listing states: by LFS, else by git."""
        from registry.digest import file_digest

        sha256 = file_digest(path)
        if file.lfs:
            stated, found = file.lfs.sha256, sha256
        else:
            stated, found = file.blob_id, git_blob(path)
        if stated != found:
            what = f"what came is not what the hub's listing states: expected {clipped(stated)}, got {found}"
            raise UserError(what, where=self._at(file.path), do="Nothing was kept; run the same command again later.")
        return sha256

    def _at(self, name: str) -> str:
        return f"{self.hub.describe()}, file {clipped(name)}"

    def _listed(self, folder: str, most: int | None = None) -> "list[RepoFile]":
        from huggingface_hub.errors import RevisionNotFoundError

        from registry.remote.hubclient import listed

        try:
            return listed(self.hub.repository, self.commit, self.hub.describe(), folder, most)
        except RevisionNotFoundError:
            raise self.hub.no_revision(self.commit) from None

    def _refuse(self, file: "RepoFile") -> None:
        from registry.remote.download import LIMIT

        path = PurePosixPath(file.path)
        if path.suffix == ".py":
            do = "Name only data, for example `files: data/*.parquet`."
            raise UserError("`files:` matches a script; only data is fetched", where=self._at(file.path), do=do)
        if path.is_absolute() or ".." in path.parts or "\\" in file.path:
            raise UserError("the hub names a file that leads out of its folder", where=self._at(file.path))
        if file.size > LIMIT:
            what = f"has {file.size:,} bytes; the most that is fetched of one file is {LIMIT:,}"
            raise UserError(what, where=self._at(file.path))

    def _missing(self, names: Sequence[str]) -> UserError:
        """Says what is there instead."""
        hub, where = self.hub, self.hub.describe()
        if hub.files:
            known = sorted(name for name in names if guess(name))
            do = f"It has: {clipped(', '.join(known))}." if known else "It has no data files; `split:` may do."
            return UserError(f"matches no file{nearest(hub.files, known)}", where=where, do=do)
        splits = sorted({name.rpartition("/")[0] for name in names if name.endswith(".parquet")})
        partial = f"{hub.config or 'default'}/partial-{hub.split}"
        if partial in splits:
            what = "the hub converted only the beginning of this split"
            return UserError(what, where=where, do=f"To take that part, write `split: partial-{hub.split}`.")
        do = f"It has (config/split): {clipped(', '.join(splits)) or 'nothing'}."
        return UserError(f"there is no such split{nearest(hub.folder, splits)}", where=where, do=do)


def _name(file: "RepoFile") -> str:
    return file.path


def git_blob(path: Path) -> str:
    """What git calls the bytes of a file."""
    running = hashlib.sha1(b"blob %d\0" % path.stat().st_size, usedforsecurity=False)
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            running.update(chunk)
    return running.hexdigest()
