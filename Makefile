# Everything is done in .venv, made by `make setup` from pyproject.toml and constraints.txt.
#
# PYTHON   the interpreter to make it with     make setup PYTHON=python3.12
# ARGS     further arguments for the command   make test ARGS="tests/simulation -k trust"
# WORKERS  processes for the tests             make test WORKERS=2

PYTHON  ?=
ARGS    ?=
WORKERS ?= auto

BIN     := .venv/bin
INSTALL := -m pip install -qq --disable-pip-version-check --no-input -c constraints.txt
STAMP   := .venv/.installed
SHARED  := --maxprocesses 8 --dist loadfile --no-loadscope-reorder# a file's fixtures are made once
CODE     = $(wildcard simulation experiments dashboard tests benchmarks)

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help setup demo test test-quick test-full test-other-pythons check format baseline patterns claims bench docs \
	reliability pictures clean

help: ## Show this list
	@echo "make TARGET, where TARGET is one of:"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-20s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: $(STAMP) ## Make .venv, install, and compile the model once
	@echo "Ready. Try: $(BIN)/behaviours --help"

demo: $(STAMP) ## Compare the routes in both places and write a report
	@$(BIN)/behaviours compare barking-and-dagenham gateshead --out results/demo $(ARGS)
	@echo "The report: $(CURDIR)/results/demo/report.html"

test: $(STAMP)-test ## Run every property once
	@$(BIN)/behaviours warm
	@other=$$(.ci/find-python 3.13 3.12 2>/dev/null) && \
		echo "$$other is here too: make test-other-pythons runs the model's tests on it" || true
	@$(BIN)/python -m pytest -n $(WORKERS) $(SHARED) $(ARGS); \
		status=$$?; echo $$status > .venv/pytest-status; exit $$status

QUICK := not (full or slow or browser or kills or cluster or memory or process)

test-quick: $(STAMP)-test ## Run what takes a minute: no browser, kills, cluster, or processes of their own
	@$(BIN)/python -m pytest -n $(WORKERS) $(SHARED) -m "$(QUICK)" $(ARGS)

test-full: ## Run every test, the long crosses and fuzz included
	@$(MAKE) test ARGS="-m '' $(ARGS)"

test-other-pythons: ## Run the model's tests on Python 3.13 or 3.12, with Mesa 3.5
	@set -e; python=$$(.ci/find-python 3.13 3.12); \
	venv=.venv-$$("$$python" -c 'import sys; print("%d%d" % sys.version_info[:2])'); \
	if [ ! "$$venv/.installed" -nt pyproject.toml ] || [ ! "$$venv/.installed" -nt constraints.txt ]; then \
		echo "Installing into $$venv with $$python"; \
		"$$python" -m venv "$$venv"; \
		"$$venv/bin/python" $(INSTALL) -e '.[test]'; \
		touch "$$venv/.installed"; \
	fi; \
	"$$venv/bin/behaviours" warm; \
	"$$venv/bin/python" -c 'import mesa, platform; print("Python", platform.python_version(), "Mesa", mesa.__version__)'; \
	"$$venv/bin/python" -m pytest tests/simulation -n $(WORKERS) $(SHARED) $(ARGS)

check: $(STAMP)-check ## Check style, format and types
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --quiet --check || { echo "make format would mend this"; exit 1; }
	@$(BIN)/mypy $(CODE)

format: $(STAMP)-check ## Put the code into its standard format
	@$(BIN)/ruff check --quiet --fix-only --select I
	@$(BIN)/ruff format

baseline: $(STAMP)-test ## Compute the headline numbers anew (CHANGELOG: say which moved)
	@$(BIN)/python -m experiments.baseline --write $(ARGS)

patterns: $(STAMP)-test ## Run the full pattern checks at 200 seeds
	@$(BIN)/python -m experiments.reporting.markdown patterns $(ARGS)

claims: $(STAMP)-test ## Put the essay's claims to the test at full scale
	@$(BIN)/behaviours claims --out results/claims $(ARGS)
	@$(BIN)/python -m experiments.reporting.markdown claims

bench: $(STAMP)-bench ## Time the model beside its peers
	@$(BIN)/python -m benchmarks $(ARGS)

docs: $(STAMP) ## Write the generated tables and schemas of docs/ anew
	@$(BIN)/python -m experiments.reporting.markdown odd $(ARGS)
	@$(BIN)/python -m simulation.scenario.json_schema
	@$(BIN)/python -W ignore -c "from dashboard.pages.words import glossary; print(end=glossary())" > docs/glossary.md

reliability: $(STAMP)-test ## Carry the whole fuzz job out and write its counts into docs/reliability.md
	@$(BIN)/python -m tests.fuzz --page docs/reliability.md $(ARGS)

pictures: $(STAMP)-test ## Take the pictures of README.md anew (needs Chromium)
	@$(BIN)/python -m tests.dashboard.pictures

clean: ## Remove .venv, caches and results/
	@rm -rf .venv .venv-3* build dist results .pytest_cache .hypothesis .mypy_cache .ruff_cache
	@find $(CODE) -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo "Clean."

$(STAMP): pyproject.toml constraints.txt
	@set -e; python=$$(.ci/find-python $(or $(PYTHON),3.11 3.12 3.13 3)); \
	rm -f $(STAMP)*; \
	[ -z "$(PYTHON)" ] && $(BIN)/python -c '' 2>/dev/null || { \
		echo "Making .venv with $$python"; "$$python" -m venv --clear .venv; }
	@echo "Installing; the first time takes a few minutes"
	@$(BIN)/python $(INSTALL) -e .
	@$(BIN)/behaviours warm
	@touch $@

$(STAMP)-test: $(STAMP)
	@$(BIN)/python $(INSTALL) -e '.[test]'
	@touch $@

$(STAMP)-bench: $(STAMP)
	@$(BIN)/python $(INSTALL) -e '.[test,bench]'
	@touch $@

$(STAMP)-check: $(STAMP)
	@$(BIN)/python $(INSTALL) -e '.[test,check]'
	@touch $@
