"""The harness's own folders of implementations, and what makes a class of another distribution one of them."""

from typing import Any, get_args

from registry.kinds import Kinds, are_names

METRIC = ("version", "reads", "lowest", "highest", "higher_is_better", "obstacle")
TASK = ("version", "default_models", "examples", "inputs", "predictions")


def _is_family(found: Any) -> None:
    from harness.model import Model
    from registry.frozen import Frozen

    if not (isinstance(found, type) and issubclass(found, Model)):
        raise TypeError("it is no subclass of harness.model.Model")
    _has(found, ("version", "tasks"))
    are_names("tasks", found.tasks)
    if not issubclass(found.Recipe, Frozen):
        raise TypeError("its Recipe is no subclass of registry.frozen.Frozen")
    lacking = [name for name in ("fit", "predict") if getattr(found, name) is getattr(Model, name)]
    if lacking:
        raise TypeError(f"it lacks {' and '.join(lacking)}")


def _is_metric(found: Any) -> None:
    from harness.metric import Reads

    _has(found, METRIC)
    if found.reads not in get_args(Reads):
        raise TypeError(f'it reads "{found.reads}", which is none of: {", ".join(get_args(Reads))}')
    _has(found, ("of_all",) if hasattr(found, "of_all") else ("is_proportion", "contributions", "value"))


def _is_task(found: Any) -> None:
    _has(found, TASK)


def _has(found: Any, names: tuple[str, ...]) -> None:
    lacking = [name for name in names if not hasattr(found, name)]
    if lacking:
        raise TypeError(f"it lacks {' and '.join(lacking)}")


FAMILIES = Kinds("harness.models", "model family", "bench list families", group="cardbench.families", fits=_is_family)
METRICS = Kinds("harness.metrics", "metric", "bench list metrics", group="cardbench.metrics", fits=_is_metric)
TASKS = Kinds(
    "harness.tasks",
    "task",
    "bench list tasks",
    separator="-",
    group="cardbench.tasks",
    fits=_is_task,
    part="harness",
)
"""A class that a distribution brings as a task is what cards see; its `harness` is the class that models see."""
