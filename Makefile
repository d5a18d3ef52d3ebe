PY = .venv/bin/python

.PHONY: setup dev run test day days coverage services check hooks browser fmt bench guide docs lock

setup:  ## the virtual environment and the system libraries
	@edudx/setup.sh

dev:
	@edudx/setup.sh --dev

run: setup  ## the portal on http://127.0.0.1:8000 with demo data
	@exec env DJANGO_SETTINGS_MODULE=edudx.settings $(PY) -m edudx.launcher

test: dev  ## the whole suite; on PostgreSQL, Redis and Chromium where they are given; DAY=… on that day
	@DAY=$(DAY) DJANGO_SETTINGS_MODULE=edudx.settings_test $(PY) -m pytest -n auto --dist loadgroup

day: dev  ## the suite and the demo on a day that changes every day, or on DAY=2027-01-01T00:30+07:00
	@DAY=$${DAY:-$$($(PY) -m tests.days today)} && echo "make day DAY=$$DAY" && \
	  $(MAKE) --no-print-directory test DAY=$$DAY && DAY=$$DAY $(PY) -m tests.days seed

days: dev  ## the suite on all of those days, one after the other: two hours on two cores
	@$(PY) -m tests.days run

coverage: dev  ## the embedded suite, measured, DAY=… on that day; fails below the floor in pyproject.toml
	@env -u DATABASE_URL -u REDIS_URL -u CELERY_BROKER_URL DJANGO_SETTINGS_MODULE=edudx.settings_test DAY=$(DAY) \
	  $(PY) -m pytest -n auto --dist loadgroup -m "not browser and not services" --cov --cov-report=term

services: dev  ## what two databases may answer differently, on the PostgreSQL and Redis that are given
	@DJANGO_SETTINGS_MODULE=edudx.settings_test $(PY) -m pytest -n auto --dist loadgroup -m "not alike and not browser"

check: dev  ## lint, imports, types, templates, migrations, deployment settings
	@edudx/check.sh

hooks: dev  ## the quick part of `make check` before each commit of this clone
	@$(PY) -m pre_commit install

browser: dev  ## the browser story alone
	@edudx/setup.sh --dev --browser
	@DJANGO_SETTINGS_MODULE=edudx.settings_test $(PY) -m pytest tests/browser

fmt: dev
	@$(PY) -m ruff format . && $(PY) -m ruff check --fix . && find templates -name '*.html' | xargs .venv/bin/djade --target-version 5.2

bench: dev
	@$(PY) -m benchmarks

guide: dev  ## the pictures of docs/huong-dan from a fresh demo
	@edudx/setup.sh --dev --browser
	@$(PY) -m docs.pictures

docs: dev  ## the diagrams of states, from the tables of the code
	@DJANGO_SETTINGS_MODULE=edudx.settings_test $(PY) -m docs.states

lock:  ## compile the lock files anew
	@$(PY) -m pip install --quiet uv
	@.venv/bin/uv pip compile -q --no-header --no-annotate --generate-hashes pyproject.toml -o requirements.lock
	@.venv/bin/uv pip compile -q --no-header --no-annotate --generate-hashes pyproject.toml --group dev -o requirements-dev.lock
