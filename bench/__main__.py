"""All benches, one after the other, and one table of what they found: make bench

    python -m bench [--only line,load]     QUICK=1 leaves out what takes longer than ten minutes

Takes hours on a quiet machine; each bench can be run alone (bench/README.md) and leaves figures for
the table.  The table goes to `var/bench/all.md`; a bench that fails is named there.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

from bench.figures import FOLDER, kept
from tools.setup.places import PYTHON, ROOT, VAR

# In the order of the table; those at the end take long.
BENCHES = (
    "weight", "idle", "cold_start", "changes", "line", "load", "store", "backup", "sizing",
    "millions", "lookup", "photos", "packets",
)  # fmt: skip
LONG = ("millions", "lookup", "photos", "packets")


def main() -> int:
    """Run them, write the table; the exit status tells whether all ran to their end."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--only", default="", help="names, with commas")
    chosen = [name for name in asked.parse_args().only.split(",") if name]
    names = chosen or [n for n in BENCHES if not (os.environ.get("QUICK") and n in LONG)]
    failed = []
    for name in names:
        print(f"\n--- {name}", flush=True)
        if subprocess.run([PYTHON, "-m", f"bench.{name}"], cwd=ROOT, check=False).returncode:
            failed.append(name)
    table = "\n".join(kept(BENCHES))
    if failed:
        table += f"\n\nDid not run to the end: {', '.join(failed)}."
    FOLDER.mkdir(parents=True, exist_ok=True)
    (VAR / "bench" / "all.md").write_text(f"{table}\n", "utf-8")
    print(f"\n{table}\n\nWritten to var/bench/all.md")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
