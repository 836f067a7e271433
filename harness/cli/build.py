"""`bench build`."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from harness.cli.console import JsonOption, LockedOption, OfflineOption, ProjectOption, print_json, workspace
from harness.cli.progress import tell

if TYPE_CHECKING:
    from registry.build import Built


def build(
    names: Annotated[list[str] | None, typer.Argument(help="Datasets or suites (default: quickstart).")] = None,
    project: ProjectOption = None,
    offline: OfflineOption = False,
    update: Annotated[bool, typer.Option("--update", help="Ask remote sources anew and lock what they give.")] = False,
    locked: LockedOption = False,
    as_json: JsonOption = False,
) -> None:
    """Build datasets into versioned, audited splits; say what changed since the locked version."""
    from harness.building import build_all, told
    from registry.errors import UserError

    if update and (locked or offline):
        raise UserError("--update cannot go together with --locked or --offline", do="Leave one of them out.")
    results = []
    for built in build_all(names, workspace(project, offline=offline), update=update, locked=locked):
        results.append(_facts(built))
        if not as_json:
            tell(told(built))
    if as_json:
        print_json(results)


def _facts(built: "Built") -> dict[str, Any]:
    """One element of the JSON output: the manifest, and what happened."""
    facts = {"fresh": built.fresh, "lock_changed": built.lock_changed, "warnings": list(built.notices)}
    facts["changes"] = [change._asdict() for change in built.changes]
    return {**facts, "folder": str(built.published.folder), **built.published.manifest}
