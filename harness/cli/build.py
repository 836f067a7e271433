"""`bench build`."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from harness.cli.console import JsonOption, OfflineOption, ProjectOption, print_json, workspace
from harness.cli.progress import tell

if TYPE_CHECKING:
    from registry.build import Built


def build(
    names: Annotated[list[str] | None, typer.Argument(help="Datasets or suites (default: quickstart).")] = None,
    project: ProjectOption = None,
    offline: OfflineOption = False,
    as_json: JsonOption = False,
) -> None:
    """Build datasets into versioned, audited splits."""
    from harness.execute import build_all, told

    results = []
    for built in build_all(names, workspace(project, offline=offline)):
        results.append(_facts(built))
        if not as_json:
            tell(told(built))
    if as_json:
        print_json(results)


def _facts(built: "Built") -> dict[str, Any]:
    """One element of the JSON output: the manifest, and what happened."""
    facts = {"fresh": built.fresh, "lock_changed": built.lock_changed, "warnings": list(built.notices)}
    return {**facts, "folder": str(built.published.folder), **built.published.manifest}
