"""The implementations of one contract, found by file name: one module in a folder, one class in it.

Adding a source, reader, op, split, task, model or metric is adding a file; there is no list to edit. Other
distributions add cleaning ops, tasks, metrics and model families through entry points. Those are listed by what is
installed and imported only when a card names them.
"""

import importlib
import pkgutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from typing import Any, NamedTuple

from registry.errors import UserError, clipped, nearest


class Plugin(NamedTuple):
    """A member that another distribution brings. `target` is `module:Class`."""

    distribution: str
    version: str
    target: str
    summary: str

    @property
    def origin(self) -> str:
        """What of it counts in identities."""
        return f"{self.distribution} {self.version}"

    def __str__(self) -> str:
        return f"{self.origin} ({self.target})"


@dataclass(frozen=True)
class Kinds:
    """`package` is the folder, `noun` what users call its members, `listing` the command that shows them.

    `group` is the entry point that adds members; `fits` raises TypeError for a class that is none. Where one entry
    point brings members of two kinds, `part` is the attribute of what it names that holds those of this kind.
    """

    package: str
    noun: str
    listing: str
    separator: str = "_"
    group: str = ""
    fits: Callable[[Any], None] = lambda _: None
    part: str = ""

    def names(self) -> tuple[str, ...]:
        """Every member, sorted, without importing any of them."""
        return tuple(sorted({*self.own(), *self._plugins()}))

    def own(self) -> tuple[str, ...]:
        """Those that cardbench itself brings."""
        return _module_names(self.package, self.separator)

    def get(self, name: str) -> Any:
        """The class of a member. UserError with the nearest name when there is none, or with what a plug-in lacks."""
        if name not in self.names():
            raise UserError(self.unknown(name))
        plugin = self.plugin(name)
        if plugin is not None:
            return self._load(name, plugin)
        module_name = name.replace(self.separator, "_")
        module = importlib.import_module(f"{self.package}.{module_name}")
        return getattr(module, "".join(part.capitalize() for part in module_name.split("_")))

    def plugin(self, name: str) -> Plugin | None:
        """The distribution that brings a member; None for our own. UserError where several claim the name."""
        found = self._claims(name)
        own = [f"cardbench ({self.package})"] if name in self.own() else []
        if len(found) + len(own) > 1:
            places = " and ".join([*own, *map(str, found)])
            what = f'the {self.noun} "{clipped(name)}" is in {clipped(places, 600)}'
            raise UserError(what, do="Uninstall one of them, or ask its authors for another name.")
        return found[0] if found else None

    def version(self, name: str) -> Any:
        """What of a member counts in an identity: its version, and for a plug-in the distribution that brings it."""
        found, plugin = self.get(name).version, self.plugin(name)
        return {"version": found, "from": plugin.origin} if plugin else found

    def module_doc(self, name: str) -> str:
        """What the member's module says of itself; of plug-ins, what their distributions say."""
        said = [f"{clipped(plugin.summary)} [{plugin.origin}]".strip() for plugin in self._claims(name)]
        if name not in self.own():
            return "; ".join(said)
        own = importlib.import_module(f"{self.package}.{name.replace(self.separator, '_')}").__doc__ or ""
        return "; ".join([own.strip().split("\n")[0], *said]) if said else own

    def unknown(self, name: str) -> str:
        names = self.names()
        count = f"all {len(names)}" if len(names) > 1 else "it"
        return f'unknown {self.noun} "{name}"{nearest(name, names)}. `{self.listing}` shows {count}.'

    def _claims(self, name: str) -> tuple[Plugin, ...]:
        return self._plugins().get(name, ())

    def _plugins(self) -> dict[str, tuple[Plugin, ...]]:
        return plugins(self.group) if self.group else {}

    def _load(self, name: str, plugin: Plugin) -> Any:
        try:
            module, _, attribute = plugin.target.partition(":")
            found = getattr(importlib.import_module(module), attribute)
            found = getattr(found, self.part) if self.part else found
            self.fits(found)
        except (Exception, SystemExit) as error:  # code of others may fail in any way, and that is for its authors
            what = f'the {self.noun} "{name}" of {plugin} cannot be used: {type(error).__name__}: {clipped(str(error))}'
            raise UserError(what, do=f"Upgrade or uninstall {plugin.distribution}, or tell its authors.") from error
        return found


@cache
def _module_names(package: str, separator: str) -> tuple[str, ...]:
    folder = importlib.import_module(package).__path__
    return tuple(sorted(info.name.replace("_", separator) for info in pkgutil.iter_modules(folder)))


@cache
def _installed(group: str, path: tuple[str, ...]) -> dict[str, tuple[Plugin, ...]]:  # noqa: ARG001 - a new path, a new look
    """By name, what the distributions on the path bring."""
    found: dict[str, list[Plugin]] = {}
    for entry in metadata.entry_points(group=group):
        if entry.dist is not None:
            summary = str(entry.dist.metadata.json.get("summary", ""))
            plugin = Plugin(entry.dist.name, entry.dist.version, entry.value, summary)
            found.setdefault(entry.name, []).append(plugin)
    return {name: tuple(plugins) for name, plugins in found.items()}


GROUPS = ("cardbench.families", "cardbench.metrics", "cardbench.ops", "cardbench.tasks")
"""The entry points through which other distributions bring members."""


def plugins(group: str) -> dict[str, tuple[Plugin, ...]]:
    """By name, what other distributions bring through an entry point."""
    return _installed(group, tuple(sys.path))


def _is_op(found: Any) -> None:
    from registry.frozen import Frozen
    from registry.op import RowOp, TableOp

    if not (isinstance(found, type) and issubclass(found, Frozen)):
        raise TypeError("it is no subclass of registry.frozen.Frozen")
    if not isinstance(found, RowOp | TableOp):
        raise TypeError("it lacks version, libraries, examples, or its verbs: apply, or keys, links and settle")


def are_names(what: str, found: Any) -> None:
    """TypeError for anything but a tuple of names: a comma that was forgotten makes it one text."""
    if not (isinstance(found, tuple) and all(isinstance(name, str) for name in found)):
        raise TypeError(f"its {what} are no tuple of names")


def _is_task(found: Any) -> None:
    from registry.task import Task

    if not (isinstance(found, type) and issubclass(found, Task)):
        raise TypeError("it is no subclass of registry.task.Task")
    lacking = [name for name in ("inputs", "metrics", "default_metrics") if not getattr(found, name, ())]
    if lacking:
        raise TypeError(f"it lacks {' and '.join(lacking)}")
    for name in ("inputs", "metrics", "default_metrics"):
        are_names(name, getattr(found, name))
    if found.answer not in TARGETS.names():
        raise TypeError(f'its answer "{found.answer}" is none of: {", ".join(TARGETS.names())}')
    if not set(found.default_metrics) <= set(found.metrics):
        raise TypeError("its default_metrics are not among its metrics")


SOURCES = Kinds("registry.sources", "source kind", "bench list sources")
READERS = Kinds("registry.readers", "format", "bench list formats")
OPS = Kinds("registry.clean", "cleaning op", "bench list ops", group="cardbench.ops", fits=_is_op)
SPLITS = Kinds("registry.splits", "split method", "bench list splits", separator="-")
TASKS = Kinds("registry.tasks", "task", "bench list tasks", separator="-", group="cardbench.tasks", fits=_is_task)
AUDITS = Kinds("registry.audits.checks", "audit", "bench list audits")
MEASURES = Kinds("registry.annotation.measures", "agreement measure", "bench list measures", separator="-")
AGGREGATES = Kinds("registry.annotation.aggregates", "aggregate", "bench list aggregates", separator="-")
TOOLS = Kinds("registry.annotation.exchange", "annotation tool", "bench list tools", separator="-")
TARGETS = Kinds("registry.targets", "target", "bench list targets")
