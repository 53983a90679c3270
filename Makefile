# Everything starts from a fresh clone: each target makes what it needs.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
RUNTIME := .venv/.runtime
TOOLS := .venv/.tools
DEMO_ENV := DEMO=1 PORT=$(PORT)

.PHONY: install run test check bench accessibility engines guide guide-diff publish-guide qa faults attack format clean

# with the BRAND_DIR that will be served, if there is one
install: $(RUNTIME)
	@$(BIN)/flask assets build

$(RUNTIME): requirements/run.txt requirements/build.txt requirements/build-argon2
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	@./requirements/build-argon2
	@touch $@

$(TOOLS): $(RUNTIME) requirements/test.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/test.txt
	@touch $@

run: $(RUNTIME)
	@$(DEMO_ENV) $(BIN)/flask database upgrade
	@$(DEMO_ENV) $(BIN)/flask members import demo/adherents.csv
	@PORT=$(PORT) $(BIN)/python demo/letters.py
	@$(DEMO_ENV) exec $(BIN)/gunicorn wsgi:app

test: $(TOOLS)
	@./tests/install-browser
	$(BIN)/python -m pytest -n 2 tests/unit tests/e2e tests/faults

check: $(TOOLS)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet templates
	TEST_DATABASES=sqlite $(BIN)/python -m pytest -n 2 tests/unit

# FAULTS_KILLS=40 FAULTS_TIMINGS=300 FAULTS_PAIRS=50 for a short one
faults: $(TOOLS)
	@./tests/attack/install
	FAULTS=1 $(BIN)/python -m pytest -v tests/faults tests/unit/services/test_life.py tests/unit/services/test_life_inside.py tests/unit/services/test_new_beginning_races.py

# TOOL="sqlmap": this one alone
attack: $(TOOLS)
	@./tests/attack/install
	$(BIN)/python -m tests.attack $(if $(TOOL),"$(TOOL)")

bench: $(TOOLS)
	@./tests/install-browser
	$(BIN)/python -m bench

# ACCEPT=1 keeps what is announced now as the transcripts to compare with; STATES="code espace": these
accessibility: $(TOOLS)
	@./tests/install-browser
	@./accessibility/install
	$(BIN)/python -m accessibility $(if $(ACCEPT),--accept) $(STATES)

engines: $(TOOLS)
	@./tests/install-browser
	@./tests/install-engines
	$(BIN)/python -m accessibility.engines

guide: $(TOOLS)
	@./tests/install-browser
	@test -e docs/guide/procedure.pdf || { mkdir -p docs/guide && touch docs/guide/procedure.pdf; }
	$(BIN)/python -m guide

publish-guide: guide
	rm -rf docs/guide
	cp -r build/guide/publish docs/guide

guide-diff: $(TOOLS)
	@./tests/install-browser
	$(BIN)/python -m guide.diff "$(REV)"

qa: $(TOOLS)
	@./tests/install-browser
	$(BIN)/flask qa run $(if $(URL),--base-url $(URL)) $(QA)

format: $(TOOLS)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf .venv build instance static/build
