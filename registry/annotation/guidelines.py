"""The file with the instructions that annotators had, as an input of a build: other instructions, other votes."""

from dataclasses import replace
from typing import ClassVar

from registry.frozen import Frozen
from registry.project import shipped
from registry.reading.formats import Guess
from registry.source import FetchContext, Fetched, Pin
from registry.sources.local import Local, ProjectPath


class Guidelines(Frozen):
    """A file of the project; a card that is `like:` a shipped one may have that one's."""

    live: ClassVar[bool] = True
    path: ProjectPath

    @property
    def file_name(self) -> None:
        """A file of the project may be edited."""

    @property
    def default_format(self) -> Guess:
        return Guess("text", {})

    def fetch(self, context: FetchContext, pin: Pin) -> Fetched:
        """The file with its present sha256."""
        missing = not (context.project / self.path).exists()
        root = shipped() if missing and (shipped() / self.path).is_file() else context.project
        return Local(path=self.path).fetch(replace(context, project=root), pin)

    def describe(self) -> str:
        return f"{self.path} of the project"
