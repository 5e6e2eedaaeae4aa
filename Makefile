# Two commands from an empty clone with Python 3.11 and make: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ENCODER ?= mini
DEMO := runs/demo

.PHONY: demo test install lint types unit clean

demo: install
	rm -rf $(DEMO) $(DEMO).partial
	$(BIN)/train fit --encoder $(ENCODER) --output $(DEMO) --run-name demo
	$(BIN)/train predict data/articles/przystan.txt --actors data/articles/przystan.toml --model $(DEMO)
	@echo "Compare runs in the MLflow UI: $(BIN)/train ui --open"

test: install lint types unit

install: $(VENV)/.installed

$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit("expected Python 3.11 or newer, found " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache

types: install
	$(BIN)/mypy

# As many tests at a time as there are cores, a thread each: much of a test is the start of a command.
unit: install
	OMP_NUM_THREADS=1 $(BIN)/pytest --numprocesses auto --maxprocesses 4 --dist worksteal

clean:
	rm -rf $(VENV) *.egg-info
