# Tocsin. `make help` says what each target does.
.DEFAULT_GOAL := help
.PHONY: help setup run demo screenshots test test-postgres soak check lint format types imports migrations bench clean docs postman translations
PYTHON := .venv/bin/python
HOST ?= 127.0.0.1
PORT ?= 8000
MINUTES ?= 8
# Hundreds of processes start in the tests, and each would compile all modules for itself where the
# environment forbids Python to keep them compiled, as many container images do.
export PYTHONDONTWRITEBYTECODE :=

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Make .venv (locked) and build the pages' assets; quick when nothing changed
	@sh scripts/setup.sh
	@$(PYTHON) -m scripts.compile_catalogues
	@$(PYTHON) scripts/build_assets.py

run: setup ## Start Tocsin: dashboard, scheduler and probers, on http://127.0.0.1:8000
	@exec .venv/bin/tocsin up --host $(HOST) --port $(PORT)

demo: setup ## Fill data-demo with forty local sites and ninety days of history, and start Tocsin on it
	@exec $(PYTHON) -m scripts.demo --host $(HOST) --port $(PORT)

screenshots: setup ## Take the README's pictures of the demo: home, a site, an issue, in both themes
	@sh scripts/need.sh chromium=chromium
	$(PYTHON) -m scripts.screenshots

test: setup ## Run the tests, on SQLite and on PostgreSQL
	@sh scripts/need.sh postgres=postgresql nats-server=nats-server chromium=chromium
	$(PYTHON) -m pytest -n auto --dist worksteal
	$(MAKE) --no-print-directory test-postgres

test-postgres: ## Run the tests that use the database once more, on PostgreSQL
	$(PYTHON) scripts/with_postgres.py $(PYTHON) -m pytest -n auto --dist worksteal --only-database -m "not sqlite_only"

soak: setup ## Kill every part of an installation for MINUTES (default 8), on each database and bus
	@sh scripts/need.sh postgres=postgresql nats-server=nats-server
	TOCSIN_SOAK_MINUTES=$(MINUTES) $(PYTHON) -m pytest -n 0 tests/runtime/test_faults.py
	TOCSIN_WORLD_SITES=20000 TOCSIN_WORLD_STORED_SITES=400 $(PYTHON) -m pytest -n 0 tests/issues/test_world.py

check: setup lint types imports migrations test ## Everything that must hold: lint, types, imports, migrations, tests

lint: ## Ruff: rules and format
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .

format: ## Let ruff mend what it can
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

types: ## mypy, strict
	@TOCSIN_DATA_DIR=$$(mktemp -d) $(PYTHON) -m mypy

imports: ## Who may import whom
	.venv/bin/lint-imports

migrations: ## Models and migrations agree
	@TOCSIN_DATA_DIR=$$(mktemp -d) DJANGO_SETTINGS_MODULE=tocsin.config.settings $(PYTHON) -m django makemigrations --check --dry-run

translations: setup ## Take new messages into the catalogues, drop what is gone, compile
	@$(PYTHON) -m scripts.translations

docs: setup ## Write docs/api and docs/mcp-tools.md from what the code offers
	@$(PYTHON) -m scripts.api_markdown
	@$(PYTHON) -m scripts.mcp_markdown

postman: setup ## Write the Postman collection and environment from the API's description
	@$(PYTHON) -m scripts.postman

bench: setup ## Run the benchmarks (nginx, wrk and blackbox exporter from the distribution; minutes)
	@sh scripts/need.sh nginx=nginx wrk=wrk prometheus-blackbox-exporter=prometheus-blackbox-exporter chromium=chromium \
		postgres=postgresql nats-server=nats-server
	$(PYTHON) -m benchmarks.status_engine
	$(PYTHON) -m benchmarks.worker
	$(PYTHON) -m benchmarks.worker --cadence --sites 20000
	$(PYTHON) -m benchmarks.worker --cadence --sites 50000 --database postgres --memory 1000
	$(PYTHON) -m benchmarks.worker --cadence --sites 35000 --database postgres --bus nats --probers 2 --memory 1000
	$(PYTHON) -m benchmarks.site_list
	$(PYTHON) benchmarks/rules.py
	$(PYTHON) benchmarks/gates.py
	$(PYTHON) -m benchmarks.api
	$(PYTHON) benchmarks/notifier.py
	$(PYTHON) benchmarks/crawl.py
	$(PYTHON) benchmarks/lighthouse.py
	$(PYTHON) -m benchmarks.own_pages

clean: ## Remove what setup made (not the data directory)
	rm -rf .venv .tools node_modules src/tocsin/web/static/dist src/tocsin/locale/*/LC_MESSAGES/*.mo
