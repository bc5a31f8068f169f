# `make run` and `make test` set everything up by themselves: a virtual environment in .venv with the versions
# and hashes of a locked list, requirements.txt to run linkcheck, requirements-dev.txt to work on it.

PYTHON ?= python3
LIST ?= lists/ml.md
JOBS ?= auto
ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
else
BIN := .venv/bin
endif

.PHONY: run test mutants fuzz torture demo lint format bench verdicts lock clean install-run install-dev

# Exit code 3 is "no usable network": then the same command runs in a web on this machine.
run: install-run
	@$(BIN)/linkcheck run $(LIST) || { code=$$?; [ $$code -eq 3 ] || exit $$code; \
	$(BIN)/python -m tests.web.demo --instead $(LIST); }

demo: install-run
	@$(BIN)/python -m tests.web.demo $(LIST)

test: lint
	$(BIN)/python -m pytest -q --cov -n $(JOBS) --dist worksteal

# One change of the code at a time, and whether the tests fail for it: `make mutants MUTANTS="linkcheck/urls.py"`.
mutants: install-dev
	@$(BIN)/python scripts/mutants.py $(MUTANTS)

# Each target of tests/fuzz for FUZZ_SECONDS (10): an hour in all is FUZZ_SECONDS=165.
fuzz: install-dev
	$(BIN)/python -m tests.fuzz

# A run in which every call to the system fails in turn; the suite takes three of each kind.
torture: install-dev
	TORTURE=all $(BIN)/python -m pytest -q tests/hostile/test_torture.py

lint: install-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: install-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: install-dev
	$(BIN)/python -m bench

# How right the verdicts are, on ../shared/data/verdict and on scenarios.
verdicts: install-dev
	@$(BIN)/python -m tests.verdicts

install-run install-dev: install-%:
	@command -v $(PYTHON) >/dev/null || { echo "error: no $(PYTHON) here; install Python 3.11 or newer" >&2; exit 1; }
	@$(PYTHON) scripts/install.py $*

# The locked lists anew; needs uv (https://docs.astral.sh/uv/). The versions that are there are kept where they
# can be; `make lock UPGRADE=--upgrade` takes the newest.
UV_COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header
lock:
	$(UV_COMPILE) $(UPGRADE) pyproject.toml --group dev -o requirements-dev.txt
	$(UV_COMPILE) pyproject.toml --group run -c requirements-dev.txt -o requirements.txt

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .coverage* htmlcov dist
