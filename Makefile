# Every target sets up what it needs in a .venv of its own, from pyproject.toml; Python 3.10 or later and make are enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SAMPLE := sample_corpora/assistant_en
CORPUS ?= $(SAMPLE)
TEXT ?= sample_corpora/punctuation_en

.DEFAULT_GOAL := help
.PHONY: help demo test check lint format types docs bench bench-against bundled-model clean

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

demo: $(VENV)/installed  ## train on sample corpora, score a model, tag a few lines, punctuate a paragraph
	@sh benchmarks/demo.sh $(BIN)/rnntag $(SAMPLE) $(TEXT)

test: $(VENV)/developing  ## the whole test suite
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: lint types test  ## what must be green before anything lands

lint: $(VENV)/developing  ## style and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(VENV)/developing  ## put the formatting right
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(VENV)/developing  ## static types
	$(BIN)/mypy

docs: $(VENV)/developing  ## write what commands print, and the numbers of linked lines, into README and docs
	PYTHONPATH=tests $(BIN)/python -m helpers.documents

$(VENV)/benchmarking: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --group bench
	@touch $@

bench: $(VENV)/benchmarking  ## every benchmark but recipe.py, on CORPUS and TEXT (default: samples); JSON in benchmarks/results
	@mkdir -p benchmarks/results
	$(BIN)/python benchmarks/roofline.py --json benchmarks/results/roofline.json
	$(BIN)/python benchmarks/against.py $(CORPUS) --json benchmarks/results/against.json
	$(BIN)/python benchmarks/growth.py --json benchmarks/results/growth.json
	$(BIN)/python benchmarks/startup.py --json benchmarks/results/startup.json
	$(BIN)/python benchmarks/speed.py $(CORPUS) --json benchmarks/results/speed.json
	$(BIN)/python benchmarks/conversion.py $(CORPUS) --json benchmarks/results/conversion.json
	$(BIN)/python benchmarks/streaming.py $(TEXT) --json benchmarks/results/streaming.json
	$(BIN)/python benchmarks/accuracy.py $(CORPUS) --json benchmarks/results/accuracy.json

bench-against: bench  ## the same, then compared with an earlier run: make bench-against FILE=results-of-last-week
	$(BIN)/python benchmarks/compare.py $(FILE) benchmarks/results

bundled-model: $(VENV)/installed  ## train the model that the wheel carries
	$(BIN)/rnntag train $(SAMPLE)/train.conll --dev $(SAMPLE)/dev.conll --seed 1 -o rnntag/bundled.rnntag
	$(BIN)/rnntag eval -m rnntag/bundled.rnntag $(SAMPLE)/test.conll

clean:  ## remove what the targets made
	rm -rf $(VENV) build dist .pytest_cache .hypothesis .mypy_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
