#!/usr/bin/env bash
# What `make check` runs: lint, format, imports, types, templates, migrations, deployment settings.
# Runs all of them, says which failed, and ends with 1 when any did.
set -uo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
failed=()
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

step() {
  local name=$1
  shift
  if "$@" >"$place/said" 2>&1; then
    echo "ok    $name"
  else
    echo "FAIL  $name"
    cat "$place/said"
    failed+=("$name")
  fi
}

templates() {
  find templates -name '*.html' -print0 | sort -z |
    xargs -0 "$bin/djade" --check --target-version 5.2
}

types() {
  env DATA_DIR="$place/data" "$bin/mypy"
}

manage() {
  env DATA_DIR="$place/data" "$bin/python" manage.py "$@"
}

deployment() {
  env -u DEBUG -u DATABASE_URL -u REDIS_URL DATA_DIR="$place/data" ALLOWED_HOSTS=edudx.example \
    SECRET_KEY="$("$bin/python" -c 'import secrets; print(secrets.token_urlsafe(60))')" \
    "$bin/python" manage.py check --deploy --fail-level WARNING
}

step "ruff check" "$bin/ruff" check .
step "ruff format" "$bin/ruff" format --check .
step "import-linter" "$bin/lint-imports" --no-cache
step "mypy" types
step "djade" templates
step "migrations" manage makemigrations --check --dry-run
step "check --deploy" deployment

if [ "${#failed[@]}" -gt 0 ]; then
  echo "Not clean: ${failed[*]}"
  exit 1
fi
echo "Everything is clean."
