# make run    reads the reports in examples/ into out/
# make test   lint, types, tests: what .ci/run runs
# make lint   ruff and mypy alone
# make bench  reports a second, memory, start-up time
# make train  trains the tagger from the bank and the shipped encoder into models/candidate
# make studio       starts Label Studio on this machine, installed into .studio/ first; make studio-stop ends it
# make retrain      bank and reviewed annotations into a candidate, which replaces the model in use only if better
# make evaluate  judges the shipped model, and trains what it is compared with (a night)
# make clean  removes what these made, but not .venv

VENV := .venv
PYTHON := $(VENV)/bin/python
PIP := $(PYTHON) -m pip --disable-pip-version-check --quiet
OUT := out
MODEL := models/candidate
ARGUMENTS ?=
# Each starts a server, a browser or a training of its own and wants the machine to itself.
ALONE := tests/annotations/studio/test_browser.py tests/training/evidence/test_report.py tests/test_annotate_docs.py

.PHONY: run test lint bench train evaluate retrain studio studio-stop clean
.DELETE_ON_ERROR:

run: $(VENV)/.installed
	$(PYTHON) -m extraction.run examples --out $(OUT) $(ARGUMENTS)

test: lint
	scripts/install_chromium.sh
	$(PYTHON) -m pytest -n 2 $(addprefix --ignore=,$(ALONE))
	$(PYTHON) -m pytest $(ALONE)

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

studio: $(VENV)/.installed-studio
	$(PYTHON) -m annotations.studio start

studio-stop: $(VENV)/.installed-studio
	$(PYTHON) -m annotations.studio stop

retrain: $(VENV)/.installed-train
	$(PYTHON) -m training.retrain $(ARGUMENTS)

# What is finished is kept in docs/evaluation/parts: a run that was stopped goes on. REASON lowers a floor.
evaluate: $(VENV)/.installed-test
	$(PYTHON) -m training.evaluate --full --corpus ../shared/corpus $(ARGUMENTS)
	$(PYTHON) -m tests.eval_gate --update $(if $(REASON),--reason '$(REASON)')

clean:
	rm -rf $(OUT) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(PYTHON):
	python=$$(scripts/find_python) && "$$python" -m venv $(VENV)

# The package is installed in place: what runs is this tree, also after an edit.
$(VENV)/.installed: pyproject.toml | $(PYTHON)
	$(PIP) install -e .
	touch $@

$(VENV)/.installed-test: pyproject.toml | $(PYTHON)
	$(PIP) install -e '.[test,train,spacy,studio]'
	touch $(VENV)/.installed $@

$(VENV)/.installed-train: pyproject.toml | $(PYTHON)
	$(PIP) install -e '.[train]'
	touch $(VENV)/.installed $@

$(VENV)/.installed-studio: pyproject.toml | $(PYTHON)
	$(PIP) install -e '.[studio]'
	touch $(VENV)/.installed $@
