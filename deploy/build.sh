#!/bin/sh
# Makes a checkout ready for a bare server: the packages by their hashes, the pages' assets, the
# wording.  Needs Python 3.11+ and Node 20+; nothing outside this folder is changed, no developer's
# tool comes along.
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed" >&2; exit 1; }
[ -x .venv/bin/python ] || "$python" -m venv .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
npm ci --omit=dev --no-audit --no-fund --loglevel=error
node tools/build_assets.mjs
.venv/bin/python -m babel.messages.frontend compile -d app/translations
.venv/bin/python -m compileall -q app config.py worker.py migrations deploy
