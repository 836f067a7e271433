"""The lay of the house, read from the imports: who may know whom, and how large a file may grow."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = sorted(
    path for top in ("registry", "harness") for path in (ROOT / top).rglob("*.py") if "shipped" not in path.parts
)
HEAVY = {"torch", "transformers", "accelerate", "safetensors", "tokenizers"}
LONGEST_FILE, LONGEST_FUNCTION = 400, 60

BIG_FILES: frozenset[str] = frozenset()
"""Files that are over the limit and known to be; empty it, do not add to it."""


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(path: Path) -> set[str]:
    """Every module that a file imports, wherever in the file; `from a import b` counts as a and a.b."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            found |= {str(node.module)} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def below(module: str, *packages: str) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def files_of(*packages: str) -> list[Path]:
    return [path for path in FILES if below(name_of(path), *packages)]


def offenders(files, *forbidden: str, allowed: tuple[str, ...] = ()) -> list[str]:
    return [
        f"{name_of(path)} imports {module}"
        for path in files
        if name_of(path) not in allowed
        for module in sorted(imports(path))
        if below(module, *forbidden)
    ]


def test_there_is_something_to_look_at():
    assert len(files_of("registry")) > 30
    assert len(files_of("harness")) > 30


def test_the_registry_knows_nothing_of_models():
    assert not offenders(files_of("registry"), "harness", "tests", *HEAVY)


def test_torch_and_transformers_stay_with_models_and_training():
    others = [path for path in FILES if not below(name_of(path), "harness.models", "harness.training")]
    assert not offenders(others, *HEAVY)


def test_the_core_of_the_harness_knows_neither_reports_nor_the_command_line():
    core = [path for path in files_of("harness") if not below(name_of(path), "harness.report", "harness.cli")]
    assert not offenders(core, "harness.report", "harness.cli")


def test_reports_know_nothing_of_the_command_line_or_of_models():
    assert not offenders(files_of("harness.report"), "harness.cli", "harness.models", "harness.training")


def test_only_the_command_line_uses_typer_or_prints():
    others = [path for path in FILES if not below(name_of(path), "harness.cli")]
    assert not offenders(others, "typer", "click")
    printing = [
        f"{name_of(path)}:{node.lineno}"
        for path in others
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("print", "sys.stdout.write", "sys.stderr.write")
    ]
    assert not printing


def test_implementations_do_not_know_each_other():
    """One op never leans on another: what they share is a contract or a helper outside the folder."""
    annotation = [f"annotation.{folder}" for folder in ("measures", "aggregates", "exchange")]
    registry = [f"registry.{folder}" for folder in ("clean", "splits", "tasks", *annotation)]
    for folder in (*registry, "harness.metrics", "harness.tasks"):
        assert not [found for found in offenders(files_of(folder), folder) if name_of(ROOT) not in found], folder


def test_nothing_of_the_code_imports_tests():
    assert not offenders(FILES, "tests", "pytest", "hypothesis")


def test_no_file_is_too_long():
    long = {
        name_of(path): lines
        for path in FILES
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    }
    assert not set(long) - BIG_FILES, long


def test_no_function_is_too_long():
    long = {
        f"{name_of(path)}.{node.name}": length
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
    }
    assert not long


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_every_module_says_what_it_is(path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), f"{path} has no docstring"


def modules_after(code: str) -> set[str]:
    """The modules that are loaded after `code` ran in a new interpreter."""
    ending = "\nimport sys, json; sys.stderr.write('\\n' + json.dumps(sorted(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code + ending], capture_output=True, text=True, cwd=ROOT, check=True)
    return set(json.loads(ran.stderr.splitlines()[-1]))


def test_the_whole_registry_is_imported_without_torch():
    code = "import importlib\n" + "\n".join(
        f"importlib.import_module({name_of(path)!r})" for path in files_of("registry")
    )
    loaded = modules_after(code)
    assert "registry.build" in loaded
    assert not loaded & (HEAVY | {"harness", "sklearn"})


BENCH = """
import sys
sys.argv = ["bench", *{arguments!r}]
try:
    from harness.cli.app import main
    main()
except SystemExit as ended:
    assert not ended.code, ended.code
"""


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["card", "check", "--help"]])
def test_help_loads_no_engine(arguments):
    loaded = modules_after(BENCH.format(arguments=arguments))
    assert "typer" in loaded
    assert not loaded & (HEAVY | {"polars", "duckdb", "pyarrow", "numpy", "sklearn", "altair"})


@pytest.mark.parametrize("what", ["ops", "sources", "metrics", "families", "datasets"])
def test_lists_load_no_torch(what):
    assert not modules_after(BENCH.format(arguments=["list", what])) & (HEAVY | {"sklearn"})
