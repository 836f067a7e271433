"""From what a user typed to suites, and from plans to what a user reads.

Owns that the same words mean the same board: the last question about a bare dataset is remembered.
"""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from harness.plan import Plan, bare_suite
from harness.prepare import DEFAULT, section_of
from harness.spec import Limits, Suite, suite
from harness.workspace import Workspace
from registry.errors import UserError, plural
from registry.store import write_synced


def questions(
    names: Sequence[str] | None, models: str, seeds: int | None, limit: int | None, workspace: Workspace
) -> list[Suite]:
    """The suites that were named, and one board for all the datasets that were named."""
    names = tuple(dict.fromkeys(names or (DEFAULT,)))
    chosen = tuple(part.strip() for part in models.split(",") if part.strip())
    for model in chosen:
        workspace.catalog.file("models", model)
    sections = {name: section_of(name, workspace) for name in names}
    wrong = [name for name, section in sections.items() if section == "models"]
    if wrong:
        raise UserError(f'"{wrong[0]}" is a model card', do=f"Name a dataset and use `--models {','.join(wrong)}`.")
    found = [suite(workspace.catalog, name) for name, section in sections.items() if section == "suites"]
    datasets = tuple(name for name, section in sections.items() if section == "datasets")
    if datasets:
        found.append(_bare(datasets, chosen, seeds, limit, workspace))
    return [_changed(one, chosen, seeds, limit, workspace) for one in found]


def remember(one: Suite, workspace: Workspace) -> None:
    """Keep the question of a board that no suite card defines, so that `bench report` asks the same."""
    if one.name not in workspace.catalog.suites and not one.name.endswith("-custom"):
        path = workspace.home / "boards" / f"{one.name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_synced(path, one.model_dump_json(indent=1) + "\n")


def summary(plan: Plan) -> list[str]:
    """What people read before a run."""
    counts = Counter(cell.state for cell in plan.cells)
    told = ", ".join(f"{count} {state}" for state, count in sorted(counts.items()))
    lines = [f"{plan.suite.name}: {plural(len(plan.cells), 'run')} ({told})"]
    for cell in plan.cells:
        if cell.state != "recorded":
            about = f"about {cell.seconds:.0f} s" if cell.seconds is not None else ""
            details = "; ".join(part for part in (cell.reason, about) if part)
            told = f"{cell.state} ({details})" if details else cell.state
            lines.append(f"  {cell.dataset}  {cell.model}  seed {cell.seed}: {told}")
    return [*lines, f"  {estimate(plan)}"]


def estimate(plan: Plan) -> str:
    """How long the rest takes, as far as this store's records tell."""
    if not plan.of("to run") and not plan.of("to prepare"):
        return "nothing to do: everything is recorded"
    if plan.seconds is None:
        return "no estimate: some of these models have not run here before"
    return f"about {plan.seconds:,.0f} s by earlier runs"


def as_json_rows(plan: Plan) -> list[dict[str, Any]]:
    """`bench plan --json`: one object per run."""
    return [
        {
            "board": plan.suite.name,
            "dataset": cell.dataset,
            "model": cell.model,
            "seed": cell.seed,
            "state": cell.state,
            "reason": cell.reason,
            "run_id": cell.spec.run_id if cell.spec else None,
            "train": cell.spec.train if cell.spec else None,
            "seconds": cell.seconds,
        }
        for cell in plan.cells
    ]


def _bare(
    datasets: tuple[str, ...], models: tuple[str, ...], seeds: int | None, limit: int | None, workspace: Workspace
) -> Suite:
    fresh = bare_suite(datasets, models, seeds or 1, workspace)
    path = workspace.home / "boards" / f"{fresh.name}.json"
    if models or seeds or limit or not path.exists():
        return fresh
    try:
        last = Suite.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, ValidationError) as error:
        raise UserError("the remembered board is damaged", where=str(path), do="Remove that file.") from error
    if not set(last.models) <= set(workspace.catalog.models):
        return fresh
    workspace.progress.say(f"{last.name}: as last time, {_told(last)}")
    return last


def _told(one: Suite) -> str:
    limit = f", at most {one.limits.train:,} training rows" if one.limits.train else ""
    return f"{', '.join(one.models)}; {plural(len(one.seeds), 'seed')}{limit}"


def _changed(one: Suite, models: tuple[str, ...], seeds: int | None, limit: int | None, workspace: Workspace) -> Suite:
    """The question with what was typed; a suite that was changed has a board of its own."""
    changes: dict[str, Any] = {}
    if (models or seeds or limit) and one.name in workspace.catalog.suites:
        changes |= {"name": f"{one.name}-custom", "title": f"{one.title} (changed on the command line)"}
    if models:
        changes["models"] = models
        changes["override"] = {name: fields for name, fields in one.override.items() if name in models}
    if seeds:
        changes["seeds"] = tuple(range(1, seeds + 1))
    if limit:
        changes["limits"] = Limits(train=limit)
    return one.model_copy(update=changes)
