# Two commands do all set-up on a fresh machine with Python ≥ 3.11 and git: `make demo` and `make test`.
PYTHON ?= python3
CORES ?= $(shell nproc 2>/dev/null || echo 2)
# Of `make skill`: check, or all that docs/skill.md publishes.
EXTENT ?= check
VENV := .venv
BIN := $(VENV)/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
# One job is one core: libraries must not start threads of their own.
# Modules stay compiled, or every job would compile them again.
unexport PYTHONDONTWRITEBYTECODE
export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1

.PHONY: help setup demo samples test lint docs format bench skill lock clean

help:
	@echo "make demo    everything on an embedded toy Earth, from native files to data set and report"
	@echo "make test    all tests"
	@echo "make lint    all linters      make format   mend what they can mend"
	@echo "make samples real archives of stations, for tests   (part of make test)"
	@echo "make docs    the documents as a site, build/docs/index.html   (part of make lint)"
	@echo "make bench   measurements into results/bench/"
	@echo "make skill   the method against its rivals on toy Earths, into results/skill/ (EXTENT=all: all that is published)"

$(VENV)/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("rssm needs Python 3.11 or newer, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

setup: $(VENV)/.ready

demo: setup
	@echo "Demo: 11 soil-moisture products and 9 quality factors of a toy Earth (39-42° N, 3° W-0°, 2003-2018) are written"
	@echo "in their native formats, mapped, learnt from, simulated, fused, made a data set, validated, analysed and shown in a report."
	@snakemake --cores $(CORES)

# Real archives of stations come with the source of the package that reads them: tests that want them skip without.
SAMPLES := $(VENV)/share/ismn_samples
samples: $(SAMPLES)
$(SAMPLES): | $(VENV)/.ready
	@mkdir -p $@ && cd $@ && ../../bin/python -m pip download --quiet --disable-pip-version-check --no-deps \
		--no-binary ismn "$$(grep '^ismn==' $(CURDIR)/requirements.lock)" && tar -xzf ismn-*.tar.gz --strip-components 2 \
		--wildcards '*/tests/test_data' && rm ismn-*.tar.gz || \
		{ rm -rf $(CURDIR)/$@; echo "no archives of stations could be had: their tests will be skipped"; }

# A file's tests share what they look at, so one worker runs them all.
test: setup samples
	pytest -n $(CORES) --dist loadfile --no-loadscope-reorder

# Warnings are mistakes: links, anchors and files that are linked to are checked.
docs: setup
	python -m sphinx --fail-on-warning --keep-going --quiet -c docs/_site -b html -d build/doctrees . build/docs
	@echo "The documents: build/docs/index.html"

lint: setup docs
	ruff check .
	ruff format --check .
	mypy
	snakefmt --check workflow
	lint-imports
	deptry .
	snakemake --lint
	rssm config --check

format: setup
	ruff check --fix .
	ruff format .
	snakefmt workflow
	rssm config

bench: setup
	python -m bench.networks
	python -m bench.ingest
	python -m bench.product
	python -m bench.tiled
	python -m bench.rounds
	python -m bench.validation
	python -m bench.analysis
	python -m bench.dry_down
	python -m bench.plan
	python -m bench.stations
	python -m bench.report
	python -m bench.casm.speed
	python -m bench.demo
	python -m bench.somo.speed

skill: setup
	python -m bench.worlds.run --jobs $(CORES) --extent $(EXTENT)
	python -m bench.casm.run
	python -m bench.casm.averaged
	python -m bench.somo.skill --extent $(EXTENT)

# The lock holds versions for Python 3.11 and newer, and no addresses.
lock:
	uv pip compile --universal --python-version 3.11 --no-header --no-emit-index-url --no-annotate \
		--extra docs --extra test pyproject.toml -o requirements.lock

clean:
	rm -rf results logs benchmarks .snakemake
