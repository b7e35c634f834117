# `make run` and `make test` are all that a newcomer needs; everything else is for working on the project.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
PIP_INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
DATA ?= ../shared/data
REPEAT ?= 20

# As containers often set them: without kept bytecode each of some hundred processes compiles the whole package anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run run-slim test check unit browser lowest soak mutations bench peers quality docs train clean

run: $(VENV)/run-installed  ## install and open the chat on the sample article
	$(BIN)/python app.py

run-slim: $(VENV)/slim-installed  ## the same without torch: a third of the size, the shipped embedding model alone
	$(BIN)/python app.py

test: $(VENV)/test-installed check unit browser  ## everything, in short form

check: $(VENV)/test-installed  ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

unit: $(VENV)/test-installed  ## tests without a browser
	$(BIN)/python -m pytest -q -n 2 --dist worksteal -m "not soak and not browser" tests

browser: $(VENV)/test-installed  ## the chat in a real browser
	$(BIN)/python -m pytest -q -n 2 --dist loadfile -m "browser and not soak" tests

# Whoever has older packages installed gets no newer ones with ours, so what pyproject.toml says is enough must be. The
# bounds are the oldest releases that go together: a bound that no resolver can choose says nothing. In a folder of its own,
# as the versions of constraints.txt are what everything else is tested with; minutes, and a gigabyte or two.
lowest:  ## the tests once on the oldest dependencies allowed, in .venv-lowest
	$(PYTHON) -m venv .venv-lowest
	$(PYTHON) tests/lowest.py > .venv-lowest/lowest.txt
	.venv-lowest/bin/python -m pip install --quiet --disable-pip-version-check -c .venv-lowest/lowest.txt -e . -r tests/requirements.txt
	.venv-lowest/bin/python -m pytest -q -m "not soak and not browser" tests

soak: $(VENV)/test-installed  ## long runs: 200 kills in changes, every browser journey $(REPEAT) times, 20 planted faults
	SOAK_REPEAT=$(REPEAT) $(BIN)/python -m pytest -q -m soak tests
	$(BIN)/python -m benchmarks.mutations --faults 20 --at-least 0.8

mutations: $(VENV)/test-installed  ## plants 200 faults in the core; nine in ten must be caught by unit tests
	$(BIN)/python -m benchmarks.mutations --faults 200

bench: $(VENV)/test-installed  ## speed, as ratios in one run
	$(BIN)/python -m benchmarks.start_up
	$(BIN)/python -m benchmarks.embedding_speed
	$(BIN)/python -m benchmarks.ask_speed
	$(BIN)/python -m benchmarks.search_alone
	$(BIN)/python -m benchmarks.scale
	$(BIN)/python -m benchmarks.postgres --sentences 20000
	$(BIN)/python -m benchmarks.chat_speed
	$(BIN)/python -m benchmarks.chat_load

# What others bring is installed into folders of their own, several gigabytes; benchmarks/peers/README.md tells more.
peers: $(VENV)/test-installed  ## ours beside LangChain, txtai, Haystack and LlamaIndex, in one run; DATA=folder
	$(BIN)/python -m benchmarks.peers --data $(DATA)

quality: $(VENV)/test-installed  ## quality on public question sets; DATA=folder
	$(BIN)/python -m benchmarks.embedding_quality --data $(DATA)
	$(BIN)/python -m benchmarks.reader_quality --data $(DATA)
	$(BIN)/python -m benchmarks.speaker_quality --data $(DATA)
	$(BIN)/python -m benchmarks.role_quality --data $(DATA)
	$(BIN)/python -m benchmarks.event_quality --data $(DATA)
	$(BIN)/python -m benchmarks.ruled_out --data $(DATA)
	$(BIN)/assistant evaluate $(DATA)/dev-squad2.jsonl.gz
	$(BIN)/assistant evaluate tests/quality/sample.jsonl
	$(BIN)/assistant evaluate tests/quality/general.jsonl
	$(BIN)/assistant evaluate tests/quality/reworded.jsonl
	$(BIN)/assistant evaluate tests/quality/listed.jsonl

docs: $(VENV)/test-installed  ## the documents as a site, in site/
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict

clean:  ## remove what was installed and built
	rm -rf $(VENV) .venv-lowest benchmarks/peers/environments dist build site index/library.sqlite3* index/vectors.faiss*

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)

$(VENV)/run-installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing into $(VENV): about 1.8 GB, a few minutes the first time. 1.1 GB of it, torch above all, are only for other"
	@echo "embedding models than the shipped one: make run-slim does without. Where Linux gets torch with CUDA, it is more: README."
	$(PIP_INSTALL) -e .
	@touch $@

$(VENV)/slim-installed: pyproject.toml constraints.txt requirements-slim.txt | $(VENV)/bin/python
	@echo "Installing into $(VENV) without torch: about 0.7 GB, a minute or two the first time ..."
	$(PIP_INSTALL) --no-deps -r requirements-slim.txt
	$(PIP_INSTALL) --no-deps -e .
	@touch $@

$(VENV)/test-installed: pyproject.toml constraints.txt $(VENV)/run-installed
	$(PIP_INSTALL) -r tests/requirements.txt
	@touch $@
