"""A project opened for work: its cards, whether the network and code may be used, and who watches."""

from dataclasses import dataclass, field
from pathlib import Path

from registry.catalog import Catalog
from registry.progress import Progress, Silent
from registry.project import shipped
from registry.source import FetchContext


@dataclass(frozen=True)
class Workspace:
    catalog: Catalog
    offline: bool = False
    progress: Progress = field(default_factory=Silent)
    allow_code: bool = False
    """Whether programs and scripts that cards name may be run."""

    @property
    def home(self) -> Path:
        return self.catalog.project.home

    def weights_context(self, model: str, *, offline: bool) -> FetchContext:
        """Where the weights of a model card are: paths of a shipped card are relative to what ships with it."""
        root = shipped() if self.catalog.file("models", model).shipped else self.catalog.project.root
        return FetchContext(root, self.home, offline, self.progress)
