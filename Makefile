# Two commands: `make demo` renders the showpiece, `make test` runs every test.
# Both set up .venv themselves; a second run finds it ready and starts at once.
PYTHON ?= python3
VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help setup demo test check editors format reference media bench clean

help:
	@echo "make demo    render examples/postcard.anim to out/postcard.mp4 and out/postcard.png"
	@echo "make test    set up and run all tests"
	@echo "make check   ruff, mypy, pyright, import-linter, fresh tables and manual"
	@echo "make editors build, test and package the VS Code extension (needs node 20 and npm)"
	@echo "make format  let ruff mend layout and imports"
	@echo "make reference  write the tables and the manual again"
	@echo "make media   make the examples' songs and stills again"
	@echo "make bench   run the benchmarks that need no GPU"

setup: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	@test -d $(VENV) || $(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "anim needs Python 3.11 or newer: make PYTHON=python3.12 …")'
	@test -d $(VENV) || { echo "setting up $(VENV) (a few minutes, once)"; $(PYTHON) -m venv $(VENV); }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

demo: $(STAMP)
	@$(BIN)/anim render examples/postcard.anim --sheet out/postcard.png

test: $(STAMP)
	@$(BIN)/python -m pytest -n auto --maxprocesses=4 $(ARGS)

check: $(STAMP)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@$(BIN)/python -m tools.grammar --check
	@$(BIN)/python -m tools.reference --check
	@$(BIN)/python -m tools.editors --check
	@$(BIN)/python -m tools.interchange --check
	@$(BIN)/anim fmt --check examples
	@$(BIN)/mypy
	@$(BIN)/basedpyright

editors: $(STAMP)
	@$(BIN)/python -m tools.editors --check
	@cd studio/editors/vscode && npm ci --no-audit --no-fund && npm run types && npm test && npm run package

format: $(STAMP)
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

reference: $(STAMP)
	@$(BIN)/python -m tools.grammar
	@$(BIN)/python -m tools.reference
	@$(BIN)/python -m tools.editors
	@$(BIN)/python -m tools.interchange

media: $(STAMP)
	@$(BIN)/python -m tools.media

bench: $(STAMP)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[bench]'
	@$(BIN)/python -m bench.parse
	@$(BIN)/python -m bench.check
	@$(BIN)/python -m bench.curves
	@$(BIN)/python -m bench.compile
	@$(BIN)/python -m bench.executor
	@$(BIN)/python -m bench.ops
	@$(BIN)/python -m bench.batch
	@$(BIN)/python -m bench.loop
	@$(BIN)/python -m bench.audio
	@$(BIN)/python -m bench.audio_beats
	@$(BIN)/python -m bench.live
	@$(BIN)/python -m bench.live_picture
	@$(BIN)/python -m bench.lsp

clean:
	rm -rf $(VENV) out .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
	rm -rf studio/editors/vscode/node_modules studio/editors/vscode/dist studio/editors/vscode/anim.vsix
