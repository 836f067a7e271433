"""Files of a git repository at one commit: one file, or all that a glob matches.

    git: {url: https://host/owner/name, commit: 0123456789abcdef0123456789abcdef01234567, path: "data/*.csv"}

`url` is an https, ssh or file URL without a password (`ssh://git@host/path`, not `git@host:path`); how to get in is
told by git's own credential helpers and keys, and nothing asks for a password. `commit` is the whole name of a commit,
so that it pins every byte. Nothing is checked out: no hook, filter or submodule of the repository runs. Links and
pointers of Git LFS are refused, because their content is not in the commit.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar, NamedTuple
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from registry.errors import UserError, clipped, nearest
from registry.frozen import Frozen, Text
from registry.reading.formats import Guess, glob_regex, guess, is_glob
from registry.source import FetchContext, Fetched, Pin, RawFile
from registry.sources.local import inside

if TYPE_CHECKING:
    from registry.progress import Step

LINK, SUBMODULE = "120000", "160000"
LFS = b"version https://git-lfs.github.com/spec/"


class Git(Frozen):
    """A repository, a commit of it, and the files to take."""

    live: ClassVar[bool] = False
    url: Annotated[Text, Field(min_length=1)]
    commit: Annotated[
        Text, Field(pattern="^[0-9a-f]{40}$", description="it is a commit's whole name, 40 digits of 0-9a-f")
    ]
    path: Annotated[Text, Field(pattern="^[^-]", description="it is a file of the repository, or a glob")]

    @field_validator("url")
    @classmethod
    def _plain(cls, url: str) -> str:
        objection = _objection(url)
        if objection:
            raise ValueError(objection)
        return url

    @field_validator("path")
    @classmethod
    def _inside(cls, path: str) -> str:
        return inside(path, "the repository")

    @property
    def file_name(self) -> str | None:
        return None if is_glob(self.path) else self.path

    @property
    def default_format(self) -> Guess | None:
        return guess(self.path)

    def fetch(self, context: FetchContext, pin: Pin) -> Fetched:  # noqa: ARG002 - the commit pins it
        """The files in order of name. Of the repository nothing else is kept."""
        from registry.remote.gitclient import GitError
        from registry.store import staging

        try:
            with staging(context.home) as folder, context.progress.step(f"fetch {self.describe()}", unit="B") as step:
                self._get_commit(folder, step)
                entries = self._chosen(folder)
                files = tuple(_landed(folder, entry, context.store, self._at(entry)) for entry in entries)
        except GitError as error:
            raise UserError(f"git refused: {error}", where=self.describe(), do=_remedy(str(error))) from None
        except UserError as error:
            raise error.at(self.describe()) from None
        return Fetched(files, self.commit)

    def describe(self) -> str:
        return f"{self.path} of {self.url}@{self.commit[:12]}"

    def _at(self, entry: "_Entry") -> str:
        return f"{self.describe()}, file {clipped(entry.name)}"

    def _get_commit(self, folder: Path, step: "Step") -> None:
        """The commit alone where the server gives it so, else all branches and tags."""
        from registry.remote.gitclient import GitError, run

        run(folder, "init", "--bare", "--quiet", "--template=")
        fetch = ("fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head")
        try:
            run(folder, *fetch, "--depth=1", "--", self.url, self.commit, step=step)
        except GitError as refused:
            if "not our ref" not in str(refused) and "unadvertised object" not in str(refused):
                raise
            everything = ("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")
            run(folder, *fetch, "--", self.url, *everything, step=step)
        try:
            run(folder, "cat-file", "-e", f"{self.commit}^{{commit}}")
        except GitError:
            do = "Check `commit:`; it must be on a branch or tag of that repository."
            raise UserError(f"the repository has no commit {self.commit}", where=self.describe(), do=do) from None

    def _chosen(self, folder: Path) -> "Sequence[_Entry]":
        """The files to take, in order of name."""
        from registry.remote.gitclient import run

        entries = list(_tree(run(folder, "ls-tree", "-r", "-l", "-z", "--full-tree", self.commit)))
        wanted = glob_regex(self.path)
        chosen = [entry for entry in entries if entry.name == self.path or wanted.fullmatch(entry.name)]
        if not chosen:
            names = [entry.name for entry in entries]
            data = [name for name in names if guess(name)]
            do = f"It has: {clipped(', '.join(sorted(data or names)))}."
            raise UserError(f"matches no file{nearest(self.path, names)}", where=self.describe(), do=do)
        for entry in chosen:
            self._refuse(entry)
        return sorted(chosen, key=lambda entry: entry.name)

    def _refuse(self, entry: "_Entry") -> None:
        from registry.remote.download import LIMIT

        where = self._at(entry)
        if entry.mode == LINK:
            raise UserError("is a link; links are not followed", where=where, do="Name the file itself.")
        if entry.mode == SUBMODULE:
            do = "Write a source of its own for that repository."
            raise UserError("is a submodule; submodules are not fetched", where=where, do=do)
        if entry.size > LIMIT:
            raise UserError(f"has {entry.size:,} bytes; the most that is taken of one file is {LIMIT:,}", where=where)


class _Entry(NamedTuple):
    """A file in the tree of a commit; `blob` is git's name for its bytes."""

    mode: str
    blob: str
    size: int
    name: str


def _tree(listing: bytes) -> Iterator[_Entry]:
    for record in listing.split(b"\0"):
        if record:
            facts, _, name = record.partition(b"\t")
            mode, _kind, blob, size = facts.decode().split()
            yield _Entry(mode, blob, 0 if size == "-" else int(size), name.decode("utf-8", "replace"))


def _landed(folder: Path, entry: _Entry, store: Path, where: str) -> RawFile:
    """One file under its sha256 in the store."""
    from registry.atomic import partial, publish
    from registry.digest import file_digest
    from registry.remote.gitclient import run

    with partial(store) as file:
        run(folder, "cat-file", "blob", entry.blob, into=file)
        path = Path(file.name)
        with path.open("rb") as head:
            if head.read(len(LFS)) == LFS:
                do = "Take the file itself by its URL, with the source kind http."
                raise UserError("is a pointer of Git LFS, not the data", where=where, do=do)
        sha256 = file_digest(path)
        publish(file, store / sha256)
    return RawFile(entry.name, store / sha256, sha256)


def _objection(url: str) -> str:
    """Why a URL is refused; empty where it may be used."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return "is not a URL"
    if parts.scheme not in ("https", "ssh", "file") or "::" in url.partition("/")[0] or "//" not in url:
        return "must be an https, ssh or file URL, for example https://host/owner/name or ssh://git@host/owner/name"
    if re.search(r"[\s\x00-\x1f\x7f\\]", url) or parts.query or parts.fragment:
        return "must be a plain URL, without spaces, ? and #"
    if parts.password is not None or (parts.username and parts.scheme != "ssh"):
        return "must not hold a user name or password; git's credential helpers know them"
    if (parts.scheme == "file") == bool(parts.hostname) or not parts.path.strip("/"):
        return "must name " + ("a folder: file:///path" if parts.scheme == "file" else "a host and a path")
    words = (parts.username or "", parts.hostname or "", *parts.path.split("/"))
    return "no part of it may begin with -" if any(word.startswith("-") for word in words) else ""


def _remedy(said: str) -> str:
    lowered = said.lower()
    if any(word in lowered for word in ("authentication", "could not read username", "permission denied", "not found")):
        return "Check `url:`; for a private repository set up a credential helper or an ssh key: nothing is asked here."
    if "dubious ownership" in lowered:
        return "The folder belongs to another user; git's setting safe.directory says that you trust it."
    return "Check `url:` and the network, then run the same command again."
