"""Exports of an annotation tool that lie in the project: Label Studio, doccano, Argilla or Prodigy.

`path` is a file or a glob, as of `local`; `tool` says how it is read, which `format:` may say with more detail
(`format: {label_studio: {text: body}}`). Rows are answers: one for each item, annotator and question, with the columns
that the format of that name describes. `select:` makes of them what the card needs, for example one row an item with
the list of its votes:

    SELECT item AS id, min(text) AS text, list(value ORDER BY annotator) AS votes
    FROM answers WHERE NOT cancelled AND value IS NOT NULL GROUP BY item
"""

from typing import ClassVar, Literal

from registry.frozen import Frozen
from registry.reading.formats import Guess
from registry.source import FetchContext, Fetched, Pin
from registry.sources.local import Local, ProjectPath


class Annotations(Frozen):
    """The files that a tool exported."""

    live: ClassVar[bool] = True
    tool: Literal["label-studio", "doccano", "argilla", "prodigy"]
    path: ProjectPath

    @property
    def file_name(self) -> None:
        """A file of the project may be edited."""

    @property
    def default_format(self) -> Guess:
        return Guess(self.tool.replace("-", "_"), {})

    def fetch(self, context: FetchContext, pin: Pin) -> Fetched:
        """The files with their present sha256, in order of name."""
        return Local(path=self.path).fetch(context, pin)

    def describe(self) -> str:
        return f"{self.tool} export {self.path} of the project"
