# Lotse. `make` lists what there is.
PYTHON ?= python3
UV := .tools/bin/uv
RUN := .venv/bin
KAFKA_VERSION := 4.1.0

.DEFAULT_GOAL := help
.PHONY: help setup check test bench demo tools-test clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

setup: .venv/.ready ## make .venv with lotse in it

.venv/.ready: pyproject.toml uv.lock | $(UV)
	$(UV) sync --frozen --extra embedded
	@touch $@

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; say which with make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv .tools || { echo "Python's venv is missing; on Debian: apt-get install python3-venv" >&2; exit 1; }
	.tools/bin/pip install --quiet --disable-pip-version-check uv==0.13.8

check: setup ## format, lint, types, imports, quick tests; no network
	$(RUN)/ruff format --check .
	$(RUN)/ruff check .
	$(RUN)/mypy
	$(RUN)/lint-imports
	$(RUN)/pytest -q -m "not integration and not chaos"

test: setup tools-test ## everything, against a real Apache Kafka; installs what it needs
	$(RUN)/ruff format --check .
	$(RUN)/ruff check .
	$(RUN)/mypy
	$(RUN)/lint-imports
	$(RUN)/pytest

tools-test: build/kafka/.ready
	@sh deploy/install-test-tools.sh

build/kafka/.ready: tests/support/kafka/pom.xml
	@sh deploy/install-test-tools.sh
	mvn -q -B -f tests/support/kafka/pom.xml dependency:copy-dependencies -DoutputDirectory="$(CURDIR)/build/kafka/libs"
	@touch $@

bench: setup build/kafka/.ready ## figures as ratios of one run, to build/bench.json
	$(RUN)/python -m tests.benchmarks.run

demo: setup ## replay a real community's history through the pipeline
	$(RUN)/lotse demo

clean: ## remove what was made
	rm -rf build .venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis
