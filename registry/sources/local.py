"""Files of the project itself: one file, or all that a glob matches.

Nothing outside the project is read: absolute paths, `..` and links that lead out are refused.
"""

import difflib
from pathlib import Path, PurePosixPath
from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field

from registry.errors import UserError, clipped, plural
from registry.frozen import Frozen, Text
from registry.reading.formats import Guess, guess, is_glob
from registry.source import FetchContext, Fetched, Pin, RawFile


def inside(path: str, whole: str = "the project") -> str:
    """A path that stays under the whole that it is part of; ValueError for any other. For validators."""
    if "\0" in path or "\\" in path:
        raise ValueError("separate folders with /")
    if path.startswith("/") or path[1:2] == ":":
        raise ValueError(f"must be relative to {whole}, not absolute")
    if ".." in PurePosixPath(path).parts:
        raise ValueError(f"must stay under {whole}: `..` is refused")
    return path


ProjectPath = Annotated[Text, Field(min_length=1, description="relative to the project"), AfterValidator(inside)]


class Local(Frozen):
    """A file, or a glob such as `data/*.csv` (`**` for any depth). Hidden files must be named."""

    live: ClassVar[bool] = True
    path: ProjectPath

    @property
    def file_name(self) -> None:
        """A file of the project may be edited."""

    @property
    def default_format(self) -> Guess | None:
        return guess(self.path)

    def fetch(self, context: FetchContext, pin: Pin) -> Fetched:
        """The files with their present sha256, in order of name."""
        from registry.digest import known_digest

        try:
            paths = self._matches(context)
            if not paths:
                raise self._missing(context.project)
            if pin.only and len(paths) > 1:
                what = f"sha256 pins one file, but {plural(len(paths), 'file')} match"
                raise UserError(what, where=self.path, do="Name one file, or remove `sha256:`.")
            files = tuple(RawFile(name, paths[name], known_digest(paths[name])) for name in sorted(paths))
        except OSError as error:
            do = "Check that it can be read, then run the same command again."
            raise UserError(f"cannot be read: {error.strerror or error}", where=self.path, do=do) from None
        return Fetched(files)

    def describe(self) -> str:
        return f"{self.path} of the project"

    def _matches(self, context: FetchContext) -> dict[str, Path]:
        """The named file, else what the glob finds; by name relative to the project."""
        project = context.project.resolve()
        named = project / self.path
        globbed = () if named.is_file() else sorted(_glob(project, self.path))
        home = context.home.resolve()
        found = [named] if named.is_file() else [path for path in globbed if path.is_file()]
        inside = [_checked(path, project) for path in found]
        return {path.relative_to(project).as_posix(): path for path in inside if not path.is_relative_to(home)}

    def _missing(self, project: Path) -> UserError:
        """Says what is there instead."""
        named = project / self.path
        if named.is_dir():
            return UserError("is a folder", where=self.path, do=f"Name its files: {self.path.rstrip('/')}/*")
        if named.exists():
            return UserError("is not an ordinary file", where=self.path)
        folder = next(parent for parent in named.parents if parent.is_dir() or parent == project)
        names = [path.relative_to(project).as_posix() for path in sorted(folder.glob("*")) if path.is_file()]
        close = difflib.get_close_matches(self.path, names, n=1, cutoff=0.0)
        do = f"The nearest file is {clipped(close[0])}." if close else "That folder holds no files."
        what = "matches no file" if is_glob(self.path) else "there is no such file"
        return UserError(what, where=self.path, do=do)


def _glob(project: Path, pattern: str) -> list[Path]:
    """Matches; as in a shell, a hidden file or folder only where the pattern names a hidden one."""
    if not is_glob(pattern):
        return []
    hidden = any(part.startswith(".") for part in PurePosixPath(pattern).parts)
    try:
        found = list(project.glob(pattern))
    except (ValueError, NotImplementedError) as error:
        raise UserError(f"is no glob: {error}", where=pattern, do="Use *, ?, [abc] and **/ only.") from None
    return [
        path for path in found if hidden or not any(part.startswith(".") for part in path.relative_to(project).parts)
    ]


def _checked(path: Path, project: Path) -> Path:
    if not path.resolve().is_relative_to(project):
        do = "Copy the file into the project; a link that leads out of it is not followed."
        raise UserError("leads out of the project", where=clipped(path.relative_to(project).as_posix()), do=do)
    return path
