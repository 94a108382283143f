"""Where things lie in a checkout.  Computed, never configured, except the data folder."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
VAR = Path(os.environ.get("LAKTHAN_VAR") or ROOT / "var").absolute()
LOGS = VAR / "log"
RUN_DIR = VAR / "run"
NODE_MODULES = ROOT / "node_modules"
DIST = ROOT / "static" / "dist"
BROWSER = VAR / "chromium"
