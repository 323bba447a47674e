# What people and CI run; `make` alone lists it. Everything is made in .venv and build/, and removed by `make clean`.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
# What follows `lastseen demo`; an officer's desk opens the app, CI does not.
DEMO_ARGS ?=
ifdef HEADLESS
override DEMO_ARGS += --headless
endif
PYTEST_ARGS ?=
BENCH_ARGS ?=

say = @printf '\033[1m== %s\033[0m\n' "$(1)" >&2
# $(call need,command,what it is,Debian packages): stops where the command is missing.
need = @command -v $(1) >/dev/null 2>&1 || { echo "$(2) is missing. Install it with: sudo apt-get install $(3)" >&2; exit 1; }
# The same, but only says so: the tests that need it skip aloud (and fail under LASTSEEN_REQUIRE_ALL=1).
want = @command -v $(1) >/dev/null 2>&1 || echo "$(2) is missing, so its tests will skip. Install it with: sudo apt-get install $(3)" >&2

.PHONY: help
help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: python
python:
	$(call need,$(PYTHON),Python 3.11 or newer,python3 python3-venv)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "$(PYTHON) is too old: Lastseen needs Python 3.11 or newer (make PYTHON=python3.12 …)." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "Python's venv is missing. Install it with: sudo apt-get install python3-venv" >&2; exit 1; }

$(BIN)/python: | python
	$(call say,Making an environment in $(VENV))
	@$(PYTHON) -m venv $(VENV)

$(VENV)/core: pyproject.toml constraints.txt | $(BIN)/python
	$(call say,Installing Lastseen and what it needs: a minute or two the first time)
	@$(PIP) -e .
	@touch $@

$(VENV)/dev: pyproject.toml constraints.txt | $(BIN)/python
	$(call say,Installing Lastseen with its development tools: a minute or two the first time)
	@$(PIP) -e '.[dev]'
	@touch $(VENV)/core $@

.PHONY: install
install: $(VENV)/core ## make .venv with the lastseen command in it

.PHONY: demo
demo: $(VENV)/core ## load the fictional Larch Court (and POLE), print first answers, open the app (HEADLESS=1: no app)
	$(call say,Loading the demonstration workspaces and asking the first questions)
	@$(BIN)/lastseen demo $(DEMO_ARGS)

# Test files that run side by side, each worker with a Neo4j of its own (3 GB): JOBS=0 runs all in one process.
JOBS ?= 2

.PHONY: test
test: $(VENV)/dev ## every test: on Ladybug, on a real Neo4j, and in a real browser
	$(call want,java,A JDK (17 or 21),openjdk-17-jdk-headless)
	$(call want,mvn,Maven,maven)
	$(call want,chromium,Chromium,chromium)
	$(call want,docker-compose,docker-compose,docker-compose)
	$(call say,Testing: the first run fetches the jars of Neo4j)
	@$(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS)

# mypy needs the installed name: a folder whose entries point at the parts of the package.
PARTS := __init__.py py.typed app.py cli.py commands graph loaders queries views governance
build/typing/lastseen: Makefile
	@rm -rf $@ && mkdir -p $@
	@for part in $(PARTS); do ln -s ../../../$$part $@/$$part; done

.PHONY: check
check: $(VENV)/dev build/typing/lastseen ## lint (ruff) and types (mypy, strict)
	$(call say,Linting)
	@$(BIN)/ruff check .
	$(call say,Checking types)
	@MYPYPATH=build/typing $(BIN)/mypy -p lastseen

.PHONY: bench
bench: $(VENV)/dev ## time and memory at 145,000 made-up children, beside plain SQL (BENCH_ARGS="--children 5000" for a taste)
	$(call say,Measuring: the full size takes some minutes and 4 GB)
	@$(BIN)/python bench/run.py $(BENCH_ARGS)

.PHONY: fuzz
fuzz: $(VENV)/dev ## 10,000 broken files through the loader: none may crash, hang or half load (FUZZ_FILES, FUZZ_SEED, FUZZ_PROCESSES)
	$(call say,Loading broken files: about half a second each on one core)
	@$(BIN)/python tests/fuzz/run.py

.PHONY: neo4j
neo4j: $(VENV)/dev ## start a throw-away Neo4j 5.26 on a loopback port, without Docker; Ctrl-C stops it
	$(call need,java,A JDK (17 or 21),openjdk-17-jdk-headless)
	$(call need,mvn,Maven,maven)
	$(call say,Starting Neo4j: its data are gone when it stops)
	@$(BIN)/python tests/neo4j_server/server.py

.PHONY: clean
clean: ## remove the environment and what was built (never a workspace)
	@rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
