# What can be done here: make help

SHELL = /bin/sh
PYTHON = .venv/bin/python
# The environment of every command: this repository's Python and tools, a Pulumi CLI, and Pyright once it is installed.
RUN = PATH="$(CURDIR)/.venv/bin:$$(cat .venv/pulumi-bin):$$PATH:$(CURDIR)/tests/clients/node_modules/.bin"
LOCK = env -u PIP_FIND_LINKS .venv/bin/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --custom-compile-command "make lock"
CI = examples/ci-drift
WORKFLOWS = $(CI)/.github/workflows/spectrum.yml $(wildcard .github/workflows/*.yml)
CLIENTS = tests/clients/node_modules/.package-lock.json
N = 5,20,200,1000
# The Pythons that `make pythons` tries, beside the one of .venv.
PYTHONS = 3.12 3.13
# The fast lane: tests of single parts, in the processes of pytest.
FAST = tests/cli tests/client tests/messages tests/providers tests/resources tests/spelling tests/testing $(wildcard tests/test_*.py)
# The lane of `make floor` and `make pythons`: all that needs neither the Pulumi CLI nor the tools of a developer.
PARTS = $(FAST) tests/processes tests/host
PYTEST = -m pytest -n auto --dist worksteal
# What the lanes of other versions of Pulumi run: creation, refresh, repair, replacement, imports, failures, old states.
SCENARIOS = $(patsubst %,tests/engine/test_%.py,whole_stack webhook_replacement user_drift adopt \
	import_option_afterwards state_after_failures several_projects golden_states)
# The long lane. Everything of it is in `make test` too, with fewer examples and rounds.
HARD = $(wildcard tests/hard) $(patsubst %,tests/engine/test_%.py,killed_runs killed_at_random golden_states)
# Each run of the CLI starts several Pythons, which spend half of their time on compiling where nothing keeps bytecode.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup pulumi-cli pulumi-bin demo test test-fast test-hard test-clients floor pythons engine-floor \
	engine-newest lint check audit lock docs docs-generated golden bench clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' Makefile

setup: .venv/installed pulumi-cli ## Make .venv with everything in it, and see to a Pulumi CLI

pulumi-bin: setup ## Print the folder of the Pulumi CLI in use
	@cat .venv/pulumi-bin

demo: setup ## The guided tour: up, drift, repair and destroy against an emulated Spectrum
	@$(RUN) $(PYTHON) examples/demo.py

test-fast: .venv/installed ## Run the tests of single parts, which start no process: the lane to run while you edit
	@$(PYTHON) $(PYTEST) --hypothesis-profile=fast $(FAST)

test: setup ## Run all tests
	@$(RUN) $(PYTHON) $(PYTEST)

test-hard: setup ## Run the long lane: many examples, 120 killed runs, old states, other versions; some 45 minutes
	@KILL_ROUNDS=100 $(RUN) $(PYTHON) $(PYTEST) --hypothesis-profile=hard $(HARD)
	@$(MAKE) --no-print-directory engine-floor engine-newest floor pythons

test-clients: .venv/installed ## Hold the emulator to API clients that this project did not write (needs node)
	@if command -v node >/dev/null && command -v npm >/dev/null; then \
		$(MAKE) --no-print-directory $(CLIENTS) && $(PYTHON) -m pytest tests/clients; \
	else \
		echo "tests/clients was not run: it needs Node 20.6 or newer, with npm, on PATH."; \
	fi

floor: .venv-floor/installed ## Run the unit and host tests with the oldest dependencies that pyproject.toml allows
	@echo "Testing with the oldest dependencies"
	@.venv-floor/bin/python $(PYTEST) $(PARTS)

pythons: ## Run the unit and host tests on each Python of PYTHONS that is on PATH
	@for version in $(PYTHONS); do \
		if python$$version -c 'import ensurepip' >/dev/null 2>&1; then \
			$(MAKE) --no-print-directory .venv-$$version/installed || exit 1; \
			echo "Testing on Python $$version"; \
			.venv-$$version/bin/python $(PYTEST) $(PARTS) || exit 1; \
		else \
			echo "Python $$version was not tried: python$$version on PATH does not run, or there is none."; \
		fi; \
	done

engine-floor: setup .venv-floor/installed ## Run scenarios on the real CLI with the oldest Pulumi SDK
	@echo "Running scenarios with the oldest Pulumi SDK"
	@PATH="$(CURDIR)/.venv-floor/bin:$$(cat .venv/pulumi-bin):$$PATH" .venv-floor/bin/python $(PYTEST) $(SCENARIOS)

engine-newest: setup ## Run scenarios on the newest CLI, which is built where it is missing
	@newest="$$($(PYTHON) tools/pulumi-cli/install.py newest)" && echo "Running scenarios on the CLI in $$newest" && \
		PATH="$(CURDIR)/.venv/bin:$$newest:$$PATH" $(PYTHON) $(PYTEST) $(SCENARIOS)

lint: setup ## Check style, types, layers, declared dependencies and the CI examples
	@$(RUN) ruff check
	@$(RUN) ruff format --check
	@$(RUN) mypy
	@$(RUN) sh -ec 'for example in examples/*/; do (cd $$example && mypy --config-file ../../pyproject.toml *.py); done'
	@$(RUN) lint-imports
	@$(RUN) deptry .
	@$(RUN) yamllint --strict Pulumi.yaml .pre-commit-config.yaml .github examples
	@$(RUN) check-jsonschema --quiet --builtin-schema vendor.github-workflows $(WORKFLOWS)
	@$(RUN) check-jsonschema --quiet --builtin-schema vendor.gitlab-ci --data-transform gitlab-ci $(CI)/.gitlab-ci.yml
	@$(RUN) zizmor --quiet --offline $(WORKFLOWS)

check: lint docs test-clients test floor pythons ## What must pass before a commit: linters, the site, all tests, the floor

lock: setup ## Pin the newest versions of all dependencies in requirements/
	$(LOCK) --all-extras --group dev --group bench pyproject.toml -o requirements/dev.txt
	$(LOCK) --all-extras --group test --resolution lowest-direct pyproject.toml -o requirements/floor.txt
	$(LOCK) --group docs --constraints requirements/dev.txt -o requirements/docs.txt
	$(LOCK) --group audit -o requirements/audit.txt

audit: .venv-audit/installed ## Look for published vulnerabilities of what the locks pin (asks the index of Python packages)
	@for lock in requirements/*.txt; do \
		echo "Looking for vulnerabilities of what $$lock pins"; \
		.venv-audit/bin/pip-audit --disable-pip --require-hashes --strict -r $$lock || exit 1; \
	done

docs: setup .venv/docs-installed ## Build the site into docs/_build
	@$(RUN) sphinx-build -W -n docs docs/_build
	@if grep -rnE '<(script|link|img|iframe)[^>]* (src|href)="(https?:)?//' --include='*.html' docs/_build; then \
		echo "These pages load something from another host. They are to be read offline." >&2; exit 1; \
	fi

docs-generated: setup ## Write the parts of the site that are made from the code and from real runs
	@$(RUN) $(PYTHON) docs/generate

golden: setup ## Write what this release records into tests/golden, when a release is made
	@$(RUN) $(PYTHON) tests/golden/make.py

bench: setup ## Measure against what people do today; make bench N=20 for a quick look
	@$(RUN) $(PYTHON) -m bench N=$(N)

clean: ## Remove everything that was made here; the CLI in the user's cache stays
	rm -rf .venv .venv-* build dist docs/_build tests/clients/node_modules .coverage* .hypothesis .*_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(CLIENTS): tests/clients/package.json tests/clients/package-lock.json tests/clients/.npmrc
	@cd tests/clients && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# Everything below writes to standard error only, so that `make -s pulumi-bin` prints a folder and nothing else.

.venv/installed: requirements/dev.txt pyproject.toml
	@if ! test -x $(PYTHON); then \
		for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
			if $$python -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
				$$python -m venv .venv && break; \
			fi; \
		done; \
	fi
	@test -x $(PYTHON) || { echo "Install Python 3.11 or newer, with its venv module, so that it is on PATH." >&2; exit 1; }
	@echo "Installing what requirements/dev.txt pins into .venv" >&2
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt >&2
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e . >&2
	@touch $@

# An environment of its own, made anew when its requirements change: $(call INSTALL,its Python,its requirements). The
# package itself is built by .venv, since the floor holds no build tool.
define INSTALL
	@echo "Installing what requirements/$(2).txt pins into $(@D)" >&2
	@$(1) -m venv --clear $(@D)
	@$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/$(2).txt >&2
	@$(PYTHON) -m hatchling build -t wheel:editable -d $(@D)/wheel >/dev/null
	@$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --no-index --no-deps $(@D)/wheel/*.whl >&2
	@touch $@
endef

.venv-floor/installed: requirements/floor.txt pyproject.toml .venv/installed
	$(call INSTALL,$(PYTHON),floor)

.venv-audit/installed: requirements/audit.txt .venv/installed
	@$(PYTHON) -m venv --clear $(@D)
	@$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $< >&2
	@touch $@

.venv-3.%/installed: requirements/dev.txt pyproject.toml .venv/installed
	$(call INSTALL,python3.$*,dev)

.venv/docs-installed: requirements/docs.txt .venv/installed
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/docs.txt >&2
	@touch $@

# Asked every time, since the CLI in use may have been removed or another one put on PATH.
pulumi-cli: .venv/installed
	@$(PYTHON) tools/pulumi-cli/install.py > .venv/pulumi-bin.new
	@mv .venv/pulumi-bin.new .venv/pulumi-bin
