# Every target but `help` and `clean` first brings .venv up to date; that is a no-op when it is current.
.DEFAULT_GOAL := help
.PHONY: help setup demo test thorough check bench images stack stack-down clean
PYTHON ?= python3
VENV := .venv/bin
# Compiled modules are kept: a run of the tests starts hundreds of processes.
unexport PYTHONDONTWRITEBYTECODE

help:  ## list the targets
	@sed -n 's/^\([a-z-]*\):[^#]*## */\1\t/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r t d; do printf '  make %-10s %s\n' "$$t" "$$d"; done

setup: .venv/.complete  ## make .venv with the sre command in it

.venv/.complete: requirements.lock pyproject.toml kit/bootstrap.py
	$(PYTHON) kit/bootstrap.py

demo: setup  ## run a load test and the golden set against an embedded service, and report
	$(VENV)/sre demo

test: setup  ## run the tests, those on real servers in containers included
	$(VENV)/python -m ops.images run -- $(VENV)/pytest -n 3 --dist worksteal -m "not thorough"

thorough: setup  ## run what takes longer: long loads, a month of history, mutants, many examples of each law
	$(VENV)/python -m ops.images run -- $(VENV)/pytest -n 2 --dist worksteal \
		-m "thorough or hypothesis" --hypothesis-profile=thorough

check: setup  ## lint, types, import directions, format, generated files
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/lint-imports
	$(VENV)/mypy
	$(VENV)/sre alerts build --check
	$(VENV)/sre dashboards build --check

bench: setup  ## print the speed and memory figures, each beside what it is compared with
	$(VENV)/python -m tests.bench

images: setup  ## build or fetch every container image that the tests need
	$(VENV)/python -m ops.images

stack: setup  ## run the whole product on this machine as a trial: alerts notify WEBHOOK=URL
	$(VENV)/sre stack up --stand-in $(if $(WEBHOOK),--webhook $(WEBHOOK))

stack-down: setup  ## stop that; VOLUMES=1 removes its data and secrets as well
	$(VENV)/sre stack down $(if $(VOLUMES),--volumes)

clean:  ## remove what the other targets made
	rm -rf .venv build dist runs logs .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
