# Every target that needs packages first makes .venv and brings it to what requirements.lock says; the second time
# that takes no time. Works with GNU make 3.81 and later on Linux, macOS and Windows' WSL.

# The Python that makes .venv: python3, or a newer one beside it; `make report PYTHON=/path/to/python` to choose.
PYTHON ?= python3
ifeq ($(origin PYTHON),file)
CANDIDATES := $(PYTHON) python3.13 python3.12 python3.11
else
CANDIDATES := $(PYTHON)
endif

CLIENT ?= office-interiors
ARGS ?=

BIN := .venv/bin
UV ?= $(or $(wildcard $(BIN)/uv),uv)
HOOK_FILES := $(wildcard notebooks/*.ipynb)

# One thread per kernel (notebooks already run side by side), and no traces in the home folder.
RUN := env OMP_NUM_THREADS=1 PYTHONUTF8=1 MPLCONFIGDIR="$(CURDIR)/.venv/var/matplotlib" IPYTHONDIR="$(CURDIR)/.venv/var/ipython"

# The stamp names what .venv was made from: lock, pyproject.toml, the folder, and that Python.
FINGERPRINT := import hashlib, pathlib, sys; \
  print(hashlib.sha256(b"".join(pathlib.Path(n).read_bytes() for n in ("requirements.lock", "pyproject.toml")) \
  + str(pathlib.Path.cwd()).encode() + sys.version.encode()).hexdigest())

.DEFAULT_GOAL := help
.PHONY: help setup report test test-fast test-drills test-integration docs lint mutants lock lab clean

help:  ## what can be done here
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

setup:  ## make .venv if it is missing or older than the lock (the others do this by themselves)
	@if [ -f .venv/.stamp ] && [ "$$($(BIN)/python -c '$(FINGERPRINT)' 2>/dev/null)" = "$$(cat .venv/.stamp)" ]; then exit 0; fi; \
	python=; \
	for candidate in $(CANDIDATES); do \
	  if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$$candidate; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
	  echo "Python 3.11 or newer is needed and none of these is it: $(CANDIDATES). Install it, or name it: make report PYTHON=/path/to/python3.12" >&2; exit 1; \
	fi; \
	if ! "$$python" -c 'import venv, ensurepip' 2>/dev/null; then \
	  echo "Python's venv module is missing: install it (on Debian and Ubuntu: sudo apt-get install python3-venv) and run make again." >&2; exit 1; \
	fi; \
	set -e; rm -f .venv/.stamp; \
	if ! $(BIN)/python -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	  echo "Making .venv with $$("$$python" --version) ..."; "$$python" -m venv --clear .venv; \
	fi; \
	echo "Installing the pinned packages into .venv (the first time: one to five minutes) ..."; \
	$(BIN)/python -m pip install -qq --disable-pip-version-check --no-input --require-hashes --only-binary :all: -r requirements.lock; \
	$(BIN)/python -m pip install -qq --disable-pip-version-check --no-input --no-build-isolation --no-deps -e .; \
	$(BIN)/python -c '$(FINGERPRINT)' > .venv/.stamp

report: setup  ## run every sample client; prints where the reports are
	@$(RUN) $(BIN)/aim run --samples $(ARGS)

test: setup  ## the whole test suite (without drills, and tests that need a server)
	@$(RUN) $(BIN)/python -m pytest -n 2 --dist loadfile -m "not integration and not drill" $(ARGS)

test-fast: setup  ## only the fast tests
	@$(RUN) $(BIN)/python -m pytest -n 2 --dist loadfile -m "not integration and not drill and not slow" $(ARGS)

# Spark comes as a source package: it is built with the setuptools that are there, nothing else is fetched.
test-integration: setup  ## the tests that need PostgreSQL and Spark (installs them through apt where they are missing)
	@.ci/services
	@if ! cmp -s requirements-integration.lock .venv/integration/.lock; then \
	  echo "Installing the pinned packages of the integration tests into .venv/integration ..."; set -e; \
	  $(BIN)/python -m venv --clear .venv/integration; \
	  awk '/^(setuptools|wheel|packaging)==/{on=1} on{print} on&&!/\\$$/{on=0}' requirements-integration.lock > .venv/integration/build.txt; \
	  .venv/integration/bin/python -m pip install -qq --disable-pip-version-check --no-input --require-hashes -r .venv/integration/build.txt; \
	  .venv/integration/bin/python -m pip install -qq --disable-pip-version-check --no-input --no-build-isolation --require-hashes -r requirements-integration.lock; \
	  .venv/integration/bin/python -m pip install -qq --disable-pip-version-check --no-input --no-build-isolation --no-deps -e .; \
	  cp requirements-integration.lock .venv/integration/.lock; \
	fi
	@$(RUN) .venv/integration/bin/python -m pytest -m integration tests $(ARGS)

test-drills: setup  ## kill, break and compare whole batches: ten minutes
	@$(RUN) $(BIN)/python -m pytest -n 2 --dist loadfile -m drill $(ARGS)

docs: setup  ## print the docs that come from the code
	@$(RUN) $(BIN)/python -m helpers.documentation

lint: setup  ## format, style, types, unused code, and notebooks without outputs
	@$(BIN)/python -m ruff format --check . && $(BIN)/python -m ruff check . && $(BIN)/python .ci/type_mistakes.py && \
	$(BIN)/python .ci/unused.py && $(BIN)/python .ci/strip_outputs.py --check $(HOOK_FILES)

mutants: setup  ## move every threshold a little: does a test notice? A quarter of an hour; writes docs/mutants.md
	@$(BIN)/python .ci/mutants.py $(ARGS)

lab: setup  ## JupyterLab with one client as the default: make lab CLIENT=office-interiors
	@env OMP_NUM_THREADS=1 PYTHONUTF8=1 $(BIN)/aim lab $(CLIENT)

# --no-config: nothing of this computer's own settings may end up in a lock. Existing pins stay unless
# `make lock ARGS=--upgrade`. Held back: newer ones bring no ready-built file for Macs with an Intel processor.
HELD_BACK := argon2-cffi-bindings<26
LOCK := pip compile pyproject.toml --quiet --no-config --universal --generate-hashes --fork-strategy fewest --custom-compile-command "make lock"

lock:  ## work out both locks from pyproject.toml (needs uv; ARGS=--upgrade for newer versions)
	@$(UV) --version >/dev/null 2>&1 || { echo "make lock needs uv: $(BIN)/pip install uv" >&2; exit 1; }
	@echo "$(HELD_BACK)" | $(UV) $(LOCK) --extra lab --extra test --extra build $(ARGS) -c - -o requirements.lock
	@$(UV) $(LOCK) --extra lab --extra test --extra build --extra integration --extra dask $(ARGS) -c requirements.lock -o requirements-integration.lock

clean:  ## remove .venv and caches; client folders and reports stay
	@rm -rf .venv build dist *.egg-info .pytest_cache .ruff_cache .hypothesis
	@find helpers tests notebooks -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true
	@find . -name .ipynb_checkpoints -prune -exec rm -rf {} + 2>/dev/null || true
