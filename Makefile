# Everything runs in .venv, which the first target that needs it sets up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

# Caches (of uv, matplotlib, IPython, Jupyter) go into build/ where the home folder is none to write to.
ifneq ($(shell test -w "$$HOME" && echo yes),yes)
export HOME := $(CURDIR)/build/home
$(shell mkdir -p build/home)
endif

.DEFAULT_GOAL := help
.PHONY: help setup site serve check draft test test-quick lab notebooks faults mutants wheels size format lock clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1|\2/' \
	  | awk -F'|' '{ printf "  make %-11s %s\n", $$1, $$2 }'

setup: $(READY) ## set up .venv from the pinned requirements (the other targets do it themselves)

# Downloads the pinned packages (their hashes checked) and nothing else: about 265 MB, mostly JupyterLab,
# matplotlib, pandas and the test tools (a driver of browsers, scipy). uv installs them in seconds; it comes as a package itself.
$(READY): requirements.txt requirements-setup.txt pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(None if v >= (3, 11) else f"tradelib needs Python 3.11 or later; $(PYTHON) is {v[0]}.{v[1]}. Name another: make PYTHON=python3.12 …")'
	@echo "Setting up $(VENV) …"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-setup.txt
	$(BIN)/uv pip sync --python $(BIN)/python --require-hashes requirements.txt
	$(BIN)/uv pip install --python $(BIN)/python --quiet --no-deps --no-build-isolation --editable .
	@touch $(READY)

site: $(READY) ## execute the notebooks and build site/
	@$(BIN)/python docs/build.py

PORT ?= 8000
serve: ## show site/ in a browser: PORT=8000, on this machine only
	@test -f site/index.html || { echo "There is no site yet: make site builds it."; exit 1; }
	@echo "The site is at http://127.0.0.1:$(PORT)/ (Ctrl+C ends it)"
	@$(PYTHON) -m http.server $(PORT) --bind 127.0.0.1 --directory site

TEXTS ?=
check: $(READY) ## check the tables of data/, all problems at once: TEXTS=FOLDER holds articles' texts against them
	@$(BIN)/tradelib check --expected tests/data/expected_figures.csv $(if $(TEXTS),--texts "$(TEXTS)")

test: $(READY) check ## everything that must hold: data, lint, types, tests, notebooks, site
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/pytest -n 2 --dist worksteal
	$(BIN)/pytest --nbval --nbval-current-env notebooks --nbval-sanitize-with tests/nbval.cfg -n 2 --dist loadfile -o addopts= -W default

# Of an article whose text stays outside: make draft TEXT=new.txt ARTICLE=surplus-2026 YEAR=2026 PUBLISHED=2027-01
ARTICLE ?= new
DRAFT = $(BIN)/tradelib draft "$(TEXT)" --article "$(ARTICLE)" $(if $(YEAR),--year "$(YEAR)") \
	$(if $(PUBLISHED),--published "$(PUBLISHED)") $(if $(REPORTER),--reporter "$(REPORTER)")
draft: $(READY) ## draft an article's rows: TEXT=new.txt ARTICLE=… YEAR=… PUBLISHED=…
	@test -n "$(TEXT)" || { echo "make draft needs TEXT=new.txt: the file with the article's text"; exit 1; }
	@test ! -e draft.csv || { echo "draft.csv is there already, and would be lost: move it or remove it first"; exit 1; }
	@$(DRAFT) --output draft.csv
	@$(DRAFT) --expected --output expected.csv
	@echo "Confirm draft.csv and expected.csv as docs/next-article.md says, from step 5."

test-quick: $(READY) check ## the inner loop: the data, lint and the fast tests
	$(BIN)/ruff check
	$(BIN)/pytest -q -n 2 --dist worksteal -m 'not slow'

lab: $(READY) ## open JupyterLab at the notebooks
	$(BIN)/jupyter lab notebooks/1-record-surplus.ipynb

notebooks: $(READY) ## execute the notebooks in place and store their outputs
	@$(BIN)/python docs/build.py --in-place

faults: $(READY) ## falsify every figure in turn and write what the audit catches to docs/faults.md
	@$(BIN)/python bench/faults.py

ROOM ?= quantity
mutants: $(READY) ## put 60 small faults into a room, and count those the tests find: ROOM="card charts"
	@$(BIN)/uv run --quiet --python $(BIN)/python bench/mutants.py $(ROOM) $(if $(TESTS),--tests $(TESTS))

wheels: $(READY) ## show that every pin has a wheel for each Python and system (asks the package index)
	@for python in 3.11 3.12 3.13 3.14; do \
	  for system in x86_64-manylinux_2_28 aarch64-manylinux_2_28 aarch64-apple-darwin x86_64-pc-windows-msvc; do \
	    $(BIN)/uv pip install --dry-run --quiet --target build/wheels --only-binary :all: --no-deps --require-hashes \
	      --python-version $$python --python-platform $$system -r requirements.txt \
	      || exit 1; echo "Python $$python on $$system: a wheel for every pin"; \
	  done; done

size: ## print the lines of the library by room, and of what stands around it
	@$(PYTHON) bench/size.py

format: $(READY) ## format code and notebooks
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

lock: $(READY) ## pin the requirements anew from pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	  --no-annotate --group dev pyproject.toml --output-file requirements.txt $(LOCK_FLAGS)
	grep -E -A9999 '^uv==' requirements.txt | awk 'NR > 1 && /^[^ ]/ { exit } { print }' > requirements-setup.txt

clean: ## remove what the other targets made
	rm -rf $(VENV) build site .pytest_cache .mypy_cache .ruff_cache
