# Scalehouse: `make demo` shows it, `make test` proves it. Both set everything up themselves.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := demo

# Each tool has a switch of its own; none may call home.
export DO_NOT_TRACK := 1
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export GX_ANALYTICS_ENABLED := false
export DAGSTER_DISABLE_TELEMETRY := yes

.DEFAULT_GOAL := help
.PHONY: help setup demo test contracts docs-kpis dev soak bench grade lock clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(VENV)/.installed ## build the virtual environment from the lock

# Bytecode is compiled once here: imports are two to three times faster for every later command.
$(VENV)/.installed: requirements.lock bootstrap.lock pyproject.toml
	@echo "Building $(VENV) from the lock (about a minute) ..."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Scalehouse needs Python 3.11 or newer: make PYTHON=python3.12 ...")'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r bootstrap.lock
	@env -u PYTHONDONTWRITEBYTECODE VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip install -q --require-hashes --compile-bytecode -r requirements.lock
	@VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/uv pip install -q --no-deps --no-build-isolation -e .
	@touch $@

demo: export SCALEHOUSE_HOME := $(CURDIR)/$(DEMO)/home
demo: export SCALEHOUSE_LANDING := $(CURDIR)/$(DEMO)/landing
demo: setup ## generate the sample company into ./demo, run everything, show the result
	@test -d $(DEMO)/landing || $(BIN)/scalehouse generate $(DEMO)
	@$(BIN)/scalehouse run
	@$(BIN)/scalehouse status
	@echo; echo "What each channel earned of the won revenue, under four attribution models (EUR):"
	@$(BIN)/scalehouse query "pivot (select channel, attribution_model, cast(sum(booked_credit) as decimal(18, 2)) as revenue from attribution_by_channel where conversion_type = 'closed_won' and attribution_model in ('first_touch', 'linear', 'position_based', 'last_touch') group by all) on attribution_model using sum(revenue) order by linear desc"
	@echo "Next:  export SCALEHOUSE_HOME=$(DEMO)/home SCALEHOUSE_LANDING=$(DEMO)/landing"
	@echo "       $(BIN)/scalehouse query \"from attribution_touchpoints limit 5\"    the README has more"
	@echo "       $(BIN)/scalehouse dev    lineage, checks and history in the browser"

test: setup ## all that must hold: contracts, lint, imports, SQL, dbt, every test
	$(BIN)/python -m ingest.codegen --check
	$(BIN)/python -m orchestration.metric_dictionary --check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/sqlfluff lint --processes 2 --disable-progress-bar dbt_project
	$(BIN)/python -m orchestration.parse
	$(BIN)/python -m pytest -q -n 2 --dist loadfile

contracts: setup ## write what dbt must know about the contracts and the metrics
	$(BIN)/python -m ingest.codegen
	$(BIN)/python -m orchestration.metric_dictionary

docs-kpis: export SCALEHOUSE_HOME := $(CURDIR)/$(DEMO)/home
docs-kpis: export SCALEHOUSE_LANDING := $(CURDIR)/$(DEMO)/landing
docs-kpis: setup ## draw every KPI of the sample company anew, and write docs/kpis.md
	@test -d $(DEMO)/landing || $(BIN)/scalehouse generate $(DEMO)
	@$(BIN)/scalehouse run
	@$(BIN)/scalehouse charts docs/pictures/kpis --page docs/kpis.md

dev: setup ## Dagster's web page on this machine, http://127.0.0.1:3000
	$(BIN)/scalehouse dev

soak: setup ## the long runs: readers against publishes, a kill at every step, 2,000 damaged exports
	$(BIN)/python -m pytest -q -m soak

bench: setup ## loading a gigabyte against DuckDB's bare reader: time and memory
	$(BIN)/python -m pytest -q -m bench

grade: setup ## how wrong each attribution model is, in made-up companies: writes two seeds
	$(BIN)/scalehouse grade

lock: ## resolve the lock anew, for every system and supported Python
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate -q -o requirements.lock --custom-compile-command "make lock" --upgrade
	echo "uv" | $(BIN)/uv pip compile - --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate -q -o bootstrap.lock --custom-compile-command "make lock" --upgrade

clean: ## remove what the targets above made, the virtual environment included
	rm -rf $(VENV) $(DEMO) dbt_project/target
