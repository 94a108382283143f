"""`make run`, second half: tools/up.py starts this inside .venv; see tools/supervisor."""

import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])

if __name__ == "__main__":
    from tools.supervisor.everything import main

    sys.exit(main())
