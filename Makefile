# Two commands matter: `make demo` and `make test`. Everything runs inside .venv, which they make.
PYTHON ?= python3
BIN := .venv/bin
BENCH_FLAGS := $(if $(OFFLINE),--offline,)

.PHONY: demo test check test-slow test-tools test-gpu docs benchmarks clean

demo: .venv/installed
	$(BIN)/bench run icwsm2014 quickstart $(BENCH_FLAGS)

test: .venv/installed check
	$(BIN)/python -m pytest -n 2

check: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Kills, faults and whole suites.
test-slow: .venv/installed
	$(BIN)/python -m pytest -m slow

# What needs a package index or another real server.
test-tools: .venv/installed
	$(BIN)/python -m pytest -m live

# What needs a CUDA device.
test-gpu: .venv/installed
	$(BIN)/python -m pytest -m gpu

# The generated reference and the JSON Schemas; a test says when they are stale.
docs: .venv/installed
	$(BIN)/python -m docs.generate

clean:
	rm -rf .venv .bench dist build

.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade-strategy only-if-needed -c constraints.txt -e ".[dev]"
	touch $@
