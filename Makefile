# Everything starts from a fresh clone: each target makes what it needs.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
RUNTIME := .venv/.runtime
TOOLS := .venv/.tools
# pytest keeps the tests that it has rewritten: the next run begins seven seconds of work sooner a
# process, also where the shell forbids Python to keep what it compiles
t quick smoke test unit faults: export PYTHONDONTWRITEBYTECODE =
DEMO_ENV := DEMO=1 PORT=$(PORT)

.PHONY: help install run t quick smoke test check types unit bench accessibility spoken engines guide guide-diff publish-guide letter qa faults operations attack format clean

help: ## this list
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/\1\t\2/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r target does; do \
		printf '  make %-14s %s\n' "$$target" "$$does"; done

# with the BRAND_DIR that will be served, if there is one
install: $(RUNTIME) ## the locked libraries in .venv and the static files: all that serving needs
	@$(BIN)/flask assets build

$(RUNTIME): requirements/run.txt requirements/build.txt requirements/build-argon2
	@./requirements/make-venv "$(PYTHON)"
	@./requirements/install run.txt
	@./requirements/build-argon2
	@touch $@

$(TOOLS): $(RUNTIME) requirements/test.txt
	@./requirements/install test.txt
	@touch $@

run: $(RUNTIME) ## the demonstration, on http://localhost:8000 (PORT=8080)
	@$(DEMO_ENV) $(BIN)/flask database upgrade
	@$(DEMO_ENV) $(BIN)/flask members import demo/adherents.csv
	@$(DEMO_ENV) $(BIN)/python -m demo.print_letters
	@$(DEMO_ENV) exec $(BIN)/python -m demo.serve

t: $(TOOLS) ## the tests of T on SQLite, those that failed last first (T=tests/unit/services/…)
	@test -n "$(T)" || { echo "make t: say which tests, as in make t T=tests/unit/rules" >&2; exit 2; }
	TEST_DATABASES=sqlite $(BIN)/python -m pytest -x --ff $(T)

quick: $(TOOLS) ## lint, types, tests of the house and of one journey (J=sign_in) or of some paths (T=…)
	@$(BIN)/python -m tests.quick $(J) $(T)

SMOKE := tests/e2e/test_procedure.py::test_a_member_with_the_letter_comes_into_the_space
smoke: $(TOOLS) ## the paper in a browser, with HTMX and without scripts: 2 tests
	@./player/install-browser
	$(BIN)/python -m pytest $(SMOKE) -k registration

# Those that wait come first, and one process more than most machines have processors takes their
# turn meanwhile; who is done early takes some of another's tests.
test: $(TOOLS) ## every test on SQLite and PostgreSQL, in a browser, under faults
	@./player/install-browser
	@./tests/faults/install
	$(BIN)/python -m pytest -n 3 --dist worksteal tests/faults tests/e2e tests/unit

check: $(TOOLS) ## format, lint, types, imports, templates, unit tests on SQLite
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet templates
	@$(MAKE) --no-print-directory --jobs=2 types unit

# one long thread, which `check` runs beside the tests
types: $(TOOLS) ## mypy
	$(BIN)/mypy

unit: $(TOOLS) ## the unit tests on SQLite
	TEST_DATABASES=sqlite $(BIN)/python -m pytest -n 2 --dist worksteal tests/unit

faults: $(TOOLS) ## killed, cut off, flooded, at length (FAULTS_KILLS=40 FAULTS_TIMINGS=300 FAULTS_PAIRS=50: short)
	@./tests/attack/install
	@./tests/faults/install
	FAULTS=1 $(BIN)/python -m pytest -v tests/faults tests/unit/services/test_life.py tests/unit/services/test_life_inside.py tests/unit/services/kernel/test_new_beginning_races.py tests/unit/services/household tests/unit/services/desk tests/unit/services/test_life_together.py

operations: $(TOOLS) ## deploy/README.md and docs/operations typed on a Debian 12 of their own (root, debootstrap; ACTS: these acts)
	@./tests/operations/install
	$(BIN)/python -m tests.operations $(ACTS)

attack: $(TOOLS) ## tools of others against a running portal (TOOL="sqlmap": this one)
	@./tests/attack/install
	$(BIN)/python -m tests.attack $(if $(TOOL),"$(TOOL)")

bench: $(TOOLS) ## the portal beside other libraries, growth, load, pages
	@./player/install-browser
	$(BIN)/python -m bench

# ACCEPT=1 takes what is announced now for the transcripts to compare with
accessibility: $(TOOLS) ## every screen and state through every checker (STATES="code espace", ACCEPT=1)
	@./player/install-browser
	@./accessibility/install
	$(BIN)/python -m accessibility $(if $(ACCEPT),--accept) $(STATES)

spoken: $(TOOLS) ## what Orca says in Firefox and Chromium (SCENES="code espace", ACCEPT=1)
	@./accessibility/install
	$(BIN)/python -m accessibility.screen_reader $(if $(ACCEPT),--accept) $(SCENES)

engines: $(TOOLS) ## the procedure in Chromium, Firefox and WebKit
	@./player/install-browser
	@./player/install-engines
	$(BIN)/python -m accessibility.engines

GUIDE := $(patsubst static/%,docs/%,$(wildcard static/guide/*.pdf))
guide: $(TOOLS) ## the illustrated guide, in build/guide
	@./player/install-browser
	@mkdir -p docs/guide && touch -a $(GUIDE)
	$(BIN)/python -m guide

publish-guide: guide ## the same, put where the help page offers it
	rm -rf docs/guide
	cp -r build/guide/publish docs/guide
	$(BIN)/python -m guide.desk

guide-diff: $(TOOLS) ## the guide's pictures before and after (REV=HEAD~3, any revision of git)
	@./player/install-browser
	$(BIN)/python -m guide.diff "$(REV)"

letter: $(TOOLS) ## the example of the paper letter, in docs/letter (SCREENS=1: its small screens too)
	$(if $(SCREENS),@./player/install-browser)
	$(BIN)/python -m guide.letter $(if $(SCREENS),--screens)

qa: $(TOOLS) ## the procedure played against a running portal (URL=…, QA="options")
	@./player/install-browser
	$(BIN)/flask qa run $(if $(URL),--base-url $(URL)) $(QA)

format: $(TOOLS) ## rewrite what ruff can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean: ## away with .venv, build and instance
	rm -rf .venv build instance static/build
