# Every target sets up what it needs in a .venv of its own, from pyproject.toml; Python 3.10 or later and make are enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOWEST := .venv-lowest
CORPORA ?=
# Before the tests, so that none of the commands they run says that it compiles.
COMPILE := from rnntag.arrays import engine; engine.kernels()
SAMPLE := sample_corpora/assistant_en
TEXT ?= sample_corpora/punctuation_en

.DEFAULT_GOAL := help
.PHONY: help demo test smoke check chips lowest lint format types docs figures bench bench-against bundled-model clean

help:  ## show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

$(VENV)/installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/developing: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --group dev
	@touch $@

# For each Python the lowest versions that it can install: 3.13 has none of the oldest.
$(LOWEST)/installed: pyproject.toml
	$(PYTHON) -m venv $(LOWEST)
	$(LOWEST)/bin/python -m pip install --quiet --upgrade pip uv
	$(LOWEST)/bin/uv pip compile --quiet --python $(LOWEST)/bin/python --resolution lowest-direct \
		--only-binary :all: --output-file $(LOWEST)/lowest.txt pyproject.toml
	$(LOWEST)/bin/python -m pip install --quiet --requirement $(LOWEST)/lowest.txt --editable . --group tests
	@touch $@

demo: $(VENV)/installed  ## train on sample corpora, score a model, tag a few lines, punctuate a paragraph
	@sh benchmarks/demo.sh $(BIN)/rnntag $(SAMPLE) $(TEXT)

test: $(VENV)/developing  ## the whole test suite
	$(BIN)/python -c "$(COMPILE)"
	$(BIN)/python -m pytest -n 2 --dist loadfile

smoke: $(VENV)/developing  ## all the code of the benchmarks, on a few sentences
	$(BIN)/python benchmarks/figures.py --smoke
	$(BIN)/python benchmarks/picture.py /dev/null

check: lint types test smoke  ## what must be green before anything lands

chips: $(VENV)/developing  ## the numeric tests on other processors' kernels, as far as this one can run them
	$(BIN)/python tests/chips.py

lowest: $(LOWEST)/installed  ## the whole test suite with the lowest versions that pyproject.toml declares
	$(LOWEST)/bin/python -c "$(COMPILE)"
	$(LOWEST)/bin/python -m pytest -n 2 --dist loadfile

lint: $(VENV)/developing  ## style and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(VENV)/developing  ## put the formatting right
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(VENV)/developing  ## static types
	$(BIN)/mypy

docs: $(VENV)/developing  ## write what commands print, and the numbers of linked lines, into README and docs; the manual page
	$(BIN)/python tests/helpers/documents.py

$(VENV)/benchmarking: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --group bench
	@touch $@

figures: $(VENV)/benchmarking  ## measure everything and write it into the pages: make figures CORPORA=folder of corpora
	$(BIN)/python benchmarks/figures.py $(if $(CORPORA),--corpora $(CORPORA))

bench: $(VENV)/benchmarking  ## the same, but leave the pages alone; JSON in benchmarks/results
	$(BIN)/python benchmarks/figures.py --measure $(if $(CORPORA),--corpora $(CORPORA))

bench-against: bench  ## then compare with an earlier run: make bench-against FILE=results-of-last-week
	$(BIN)/python benchmarks/compare.py $(FILE) benchmarks/results

bundled-model: $(VENV)/installed  ## train the model that the wheel carries
	$(BIN)/rnntag train $(SAMPLE)/train.conll --dev $(SAMPLE)/dev.conll --seed 1 -o rnntag/bundled.rnntag
	$(BIN)/rnntag eval -m rnntag/bundled.rnntag $(SAMPLE)/test.conll

clean:  ## remove what the targets made
	rm -rf $(VENV) $(LOWEST) build dist .pytest_cache .hypothesis .mypy_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
