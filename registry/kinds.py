"""The implementations of one contract, found by file name: one module in a folder, one class in it.

Adding a source, reader, op, split, task, model or metric is adding a file; there is no list to edit.
"""

import importlib
import pkgutil
from dataclasses import dataclass
from functools import cache
from typing import Any

from registry.errors import UserError, nearest


@dataclass(frozen=True)
class Kinds:
    """`package` is the folder, `noun` what users call its members, `listing` the command that shows them."""

    package: str
    noun: str
    listing: str
    separator: str = "_"

    def names(self) -> tuple[str, ...]:
        """Every member, sorted, without importing any of them."""
        return _module_names(self.package, self.separator)

    def get(self, name: str) -> Any:
        """The class of a member. UserError with the nearest name when there is none."""
        if name not in self.names():
            raise UserError(self.unknown(name))
        module_name = name.replace(self.separator, "_")
        module = importlib.import_module(f"{self.package}.{module_name}")
        return getattr(module, "".join(part.capitalize() for part in module_name.split("_")))

    def module_doc(self, name: str) -> str:
        """What the member's module says of itself."""
        return importlib.import_module(f"{self.package}.{name.replace(self.separator, '_')}").__doc__ or ""

    def unknown(self, name: str) -> str:
        names = self.names()
        count = f"all {len(names)}" if len(names) > 1 else "it"
        return f'unknown {self.noun} "{name}"{nearest(name, names)}. `{self.listing}` shows {count}.'


@cache
def _module_names(package: str, separator: str) -> tuple[str, ...]:
    folder = importlib.import_module(package).__path__
    return tuple(sorted(info.name.replace("_", separator) for info in pkgutil.iter_modules(folder)))


SOURCES = Kinds("registry.sources", "source kind", "bench list sources")
READERS = Kinds("registry.readers", "format", "bench list formats")
OPS = Kinds("registry.clean", "cleaning op", "bench list ops")
SPLITS = Kinds("registry.splits", "split method", "bench list splits", separator="-")
TASKS = Kinds("registry.tasks", "task", "bench list tasks", separator="-")
