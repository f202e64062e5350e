# make run    reads the reports in examples/ into out/
# make test   lint, types, tests: what .ci/run runs
# make lint   ruff and mypy alone
# make bench  reports a second, memory, start-up time
# make train  trains the tagger from the bank and the shipped encoder into models/candidate
# make clean  removes what these made, but not .venv

VENV := .venv
PYTHON := $(VENV)/bin/python
PIP := $(PYTHON) -m pip --disable-pip-version-check --quiet
OUT := out
MODEL := models/candidate
ARGUMENTS ?=

.PHONY: run test lint bench train clean
.DELETE_ON_ERROR:

run: $(VENV)/.installed
	$(PYTHON) -m extraction.run examples --out $(OUT) $(ARGUMENTS)

test: lint
	$(PYTHON) -m pytest -n 2

lint: $(VENV)/.installed-test
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy

bench: $(VENV)/.installed-test
	$(PIP) install -e '.[bench]'
	$(PYTHON) -m tests.bench $(ARGUMENTS)
	$(PYTHON) -m tests.bench_formats

train: $(VENV)/.installed-train
	$(PYTHON) -m training.train --data annotations/bank --backbone models/encoder --out $(MODEL) $(ARGUMENTS)

clean:
	rm -rf $(OUT) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(PYTHON):
	python=$$(scripts/find_python) && "$$python" -m venv $(VENV)

# The package is installed in place: what runs is this tree, also after an edit.
$(VENV)/.installed: pyproject.toml | $(PYTHON)
	$(PIP) install -e .
	touch $@

$(VENV)/.installed-test: pyproject.toml | $(PYTHON)
	$(PIP) install -e '.[test,train,spacy]'
	touch $(VENV)/.installed $@

$(VENV)/.installed-train: pyproject.toml | $(PYTHON)
	$(PIP) install -e '.[train]'
	touch $(VENV)/.installed $@
