# The two commands of the README are `make demo` and `make test`; each sets itself up.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
DEMO := out/demo
DEMO_ARCHIVE := $(DEMO)/palmyra.heldby

.PHONY: demo test check setup picture clean

$(VENV)/.ready: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "heldby needs Python 3.11 or newer; set PYTHON=/path/to/python3.11"; exit 1; }
	@echo "Setting up $(VENV) (once; one to three minutes) ..."
	@$(PYTHON) -m venv $(VENV) || { echo "python3 -m venv failed; on Debian or Ubuntu: apt install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready
	@echo "Adding the tools for tests and checks ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@

setup: $(VENV)/.ready-dev

demo: $(VENV)/.ready
	@rm -rf $(DEMO) && mkdir -p $(DEMO)
	@echo "Reading the sample reports (invented outlets, public facts: samples/README.md) ..."
	@$(BIN)/heldby read samples/palmyra --archive $(DEMO_ARCHIVE)
	@echo
	@$(BIN)/heldby place Palmyra --archive $(DEMO_ARCHIVE)
	@echo
	@echo "Try next (once in a shell: . $(BIN)/activate):"
	@echo "  heldby place Palmyra --on 2016-12-11 --archive $(DEMO_ARCHIVE)"
	@echo "  heldby place Palmyra --known-by 2016-12-10 --archive $(DEMO_ARCHIVE)   what could be known then"
	@echo "  heldby claims --archive $(DEMO_ARCHIVE)"
	@echo "  heldby control --from 2016-12-01 --to 2016-12-31 --archive $(DEMO_ARCHIVE)"
	@echo "  heldby read REPORT.html --outlet NAME --published YYYY-MM-DD   a report of your own"

test: $(VENV)/.ready-dev
	@$(BIN)/python -m pytest $(PYTEST_OPTIONS)

check: $(VENV)/.ready-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

# Draws docs/images/palmyra.svg and the example of the README anew from the real command.
picture: $(VENV)/.ready
	@$(BIN)/python benchmarks/picture.py

clean:
	rm -rf $(VENV) dist build out .pytest_cache .mypy_cache .ruff_cache
