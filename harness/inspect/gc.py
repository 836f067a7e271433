"""What `bench gc` found, for people and for programs."""

from collections.abc import Iterator, Sequence
from typing import Any

from harness.gc import KINDS, Garbage
from harness.workspace import Workspace
from registry.errors import plural

STEP = 1024


def as_json(found: Sequence[Garbage], removed: int) -> dict[str, Any]:
    """One object: each thing with its kind, path and size in bytes, and how many were removed."""
    listed = [{**one._asdict(), "path": str(one.path)} for one in found]
    return {"bytes": sum(one.size for one in found), "removed": removed, "garbage": listed}


def lines(found: Sequence[Garbage], removed: int | None, workspace: Workspace, *, verbose: bool) -> Iterator[str]:
    """Sizes by kind and in total. `removed` is None where nothing was to be removed."""
    for kind in KINDS:
        ones = [one for one in found if one.kind == kind]
        if ones:
            yield f"{kind}: {len(ones):,}, {shown(sum(one.size for one in ones))}"
        if verbose:
            yield from (f"  {one.path.relative_to(workspace.home)}, {shown(one.size)}" for one in ones)
    total = shown(sum(one.size for one in found))
    if not found:
        yield "nothing to remove: all in the store is referred to, or was used within a day"
    elif removed is None:
        yield f"{plural(len(found), 'thing')}, {total}, can go; `bench gc --yes` removes them"
    else:
        yield f"{removed:,} of {plural(len(found), 'thing')} removed, {total}"
    if not workspace.home.is_relative_to(workspace.catalog.project.root):
        yield f"note: {workspace.home} lies outside this project; what other projects need in it is not known here"


def shown(size: float) -> str:
    """Bytes in a unit that people read."""
    for unit in ("bytes", "KiB", "MiB"):
        if size < STEP:
            return f"{size:,.0f} {unit}"
        size /= STEP
    return f"{size:,.1f} GiB"
