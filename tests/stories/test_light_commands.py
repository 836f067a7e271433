"""Commands that neither train nor predict never import torch."""

import subprocess
import sys

import pytest

from tests.stories.conftest import Stage

DRIVER = """
import sys
from harness.cli.app import main
try:
    main()
except SystemExit as stopped:
    assert not stopped.code, stopped.code
heavy = sorted({"torch", "transformers", "sklearn", "evaluate", "datasets"} & set(sys.modules))
assert not heavy, heavy
"""
COMMANDS = (
    ("--help",),
    ("list",),
    ("list", "families"),
    ("list", "runs"),
    ("card", "check"),
    ("card", "show", "my-reviews"),
    ("card", "show", "minilm-finetune"),
    ("build", "my-reviews"),
    ("plan", "my-reviews"),
    ("report", "my-reviews"),
    ("run", "my-reviews", "--models", "majority"),
)


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_it_stays_light(stage: Stage, arguments: tuple[str, ...]) -> None:
    command = [sys.executable, "-c", DRIVER, *arguments]
    done = subprocess.run(command, cwd=stage.root, env=stage.environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
