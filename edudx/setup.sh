#!/usr/bin/env bash
# Makes .venv with the locked dependencies and sees that the system libraries are there.
# Usage: edudx/setup.sh [--dev] [--browser]; doing it again costs a second.
set -euo pipefail
cd "$(dirname "$0")/.."
lock=requirements.lock
packages=(libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-croscore libmagic1 python3-venv)
for option in "$@"; do
  case "$option" in
    --dev) lock=requirements-dev.lock; packages+=(poppler-utils) ;;
    --browser) packages+=(chromium libreoffice-writer libreoffice-calc) ;;
  esac
done

missing=()
if command -v dpkg-query >/dev/null; then
  for name in "${packages[@]}"; do
    [ "$(dpkg-query -W -f='${Status}' "$name" 2>/dev/null)" = "install ok installed" ] || missing+=("$name")
  done
fi
if [ "${#missing[@]}" -gt 0 ]; then
  if [ "$(id -u)" = 0 ]; then
    echo "Cài thư viện hệ thống: ${missing[*]}"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  else
    echo "Thiếu thư viện hệ thống; hãy chạy: sudo apt-get install ${missing[*]}" >&2
    exit 1
  fi
fi

python=${PYTHON:-python3}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "Cần Python 3.11 trở lên." >&2
  exit 1
}
[ -x .venv/bin/python ] || "$python" -m venv .venv
stamp=".venv/installed-$(cat "$lock" | sha256sum | cut -c1-16)"
if [ ! -e "$stamp" ]; then
  echo "Cài các gói Python của $lock"
  .venv/bin/python -m pip install --quiet --disable-pip-version-check uv || true
  if [ -x .venv/bin/uv ]; then
    .venv/bin/uv pip install --quiet --python .venv/bin/python --compile-bytecode --require-hashes -r "$lock"
  else
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
  fi
  touch "$stamp"
fi
