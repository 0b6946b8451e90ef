# Salesmode. `make demo` and `make test` set up everything they need; a second run is quick.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
DATA ?= data
# Development runs of the checks leave no ./data behind.
SCRATCH := .pytest_cache/check
BIN := .venv/bin
NEWEST := $(shell date -u -d '7 days ago' +%Y-%m-%dT00:00:00Z 2>/dev/null || date -u -v-7d +%Y-%m-%dT00:00:00Z)
COMPILE := $(BIN)/uv pip compile -q pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --exclude-newer $(NEWEST)
PIP := $(BIN)/python -m pip --disable-pip-version-check -q

.DEFAULT_GOAL := help
.PHONY: help demo serve test check fix migrations words assets lock wheel docs clean

help: ## Show this list.
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):[^#]*## /make \1\t/' | expand -t 14

demo: .venv/ready assets ## Load a demonstration company and serve it on http://127.0.0.1:8000 (PORT=8123 DATA=dir HOST=...).
	@exec $(BIN)/python -m salesmode demo --data '$(DATA)' --host '$(HOST)' --port '$(PORT)'

serve: .venv/ready assets ## Serve what is in DATA.
	@exec $(BIN)/python -m salesmode serve --data '$(DATA)' --host '$(HOST)' --port '$(PORT)'

test: .venv/ready-dev assets ## Run the whole suite, browser tests included.
	@bash .ci/browser
	@SALESMODE_DATA=$(SCRATCH) $(BIN)/python -m pytest -n 2 --dist loadfile $(ARGS)

check: export SALESMODE_DATA := $(SCRATCH)
check: .venv/ready-dev assets ## Format, lint, types, imports, migrations, translations, generated docs.
	$(BIN)/ruff format --check -q .
	$(BIN)/ruff check -q .
	$(BIN)/lint-imports --no-cache
	$(BIN)/mypy --no-error-summary
	$(BIN)/python -m tests.checks

fix: .venv/ready-dev ## Format, and mend what can be mended by machine.
	-$(BIN)/ruff check -q --fix .
	$(BIN)/ruff format -q .

migrations: .venv/ready-dev ## Write the migrations of what changed in the nouns.
	@SALESMODE_DATA=$(SCRATCH) $(BIN)/python -m tests.migrations

words: .venv/ready-dev ## Add new sentences to the Chinese catalogue, to be filled in.
	@$(BIN)/python -m tests.catalogue

assets: .venv/ready ## Fetch the pages' third-party files into static/vendor, compile the translations.
	@$(BIN)/python -m salesmode.kernel.assets >/dev/null
	@if ls salesmode/locale/*/LC_MESSAGES/django.po >/dev/null 2>&1; then \
	  $(BIN)/pybabel -q compile --directory salesmode/locale --domain django; fi

lock: .venv/ready-dev ## Choose the newest versions (a week old at least) and lock them with hashes.
	$(COMPILE) --upgrade --extra source -o requirements.txt
	$(COMPILE) --upgrade --extra source --extra dev -o requirements-dev.txt
	command -v npm >/dev/null && npm install --package-lock-only --ignore-scripts || true

wheel: .venv/ready-dev assets ## Build the wheel, static files inside.
	$(BIN)/python -m build --wheel --no-isolation

docs: .venv/ready-dev assets ## Write the documents that are made from the code.
	@SALESMODE_DATA=$(SCRATCH) $(BIN)/python -m tests.documents

clean: ## Remove what was built; data folders stay.
	rm -rf .venv build dist *.egg-info salesmode/static/vendor .pytest_cache .mypy_cache .ruff_cache

# An environment even where the system's Python comes without ensurepip: pip then installs from outside.
.venv/made:
	@$(PYTHON) -c 'import sys; sys.exit("Salesmode needs Python 3.11 or newer, this is %d.%d: make PYTHON=python3.12 ..." % sys.version_info[:2] if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv .venv >/dev/null 2>&1 || { rm -rf .venv && $(PYTHON) -m venv --without-pip .venv && $(PYTHON) -m pip --python .venv/bin/python install -q pip; }
	@touch $@

.venv/ready: requirements.txt pyproject.toml | .venv/made
	@echo "Installing what requirements.txt locks ..." >&2
	@$(PIP) install --require-hashes -r requirements.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q salesmode
	@touch $@

.venv/ready-dev: requirements-dev.txt pyproject.toml | .venv/made
	@echo "Installing what requirements-dev.txt locks ..." >&2
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@ .venv/ready
