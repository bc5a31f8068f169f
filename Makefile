# `make run` and `make test` set everything up by themselves: a virtual environment in .venv with
# the versions and hashes of constraints.txt.

PYTHON ?= python3
LIST ?= lists/ml.md
VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
READY := $(VENV)/.ready

.PHONY: run test demo lint format bench verdicts constraints clean

run: $(READY)
	@$(BIN)/linkcheck run $(LIST) || { code=$$?; \
	if [ $$code -eq 3 ]; then echo "help: 'make demo' runs the same on hosts that stand in on this machine" >&2; fi; \
	exit $$code; }

test: lint
	$(BIN)/python -m pytest -q --cov

demo: $(READY)
	@$(BIN)/python -m tests.web.demo $(LIST)

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(READY)
	$(BIN)/python -m bench

# How right the verdicts are, on ../shared/data/verdict and on scenarios.
verdicts: $(READY)
	@$(BIN)/python -m tests.verdicts

# The pins of constraints.txt anew; needs uv (https://docs.astral.sh/uv/).
constraints:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	    pyproject.toml --group dev -o constraints.txt

$(READY): constraints.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("linkcheck needs Python 3.11 or newer") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .coverage* htmlcov dist
