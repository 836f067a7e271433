"""The harness's own folders of implementations."""

from registry.kinds import Kinds

FAMILIES = Kinds("harness.models", "model family", "bench list families")
METRICS = Kinds("harness.metrics", "metric", "bench list metrics")
TASKS = Kinds("harness.tasks", "task", "bench list tasks", separator="-")
