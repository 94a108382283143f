"""Where the files of areas lie that come with the program."""

from __future__ import annotations

from pathlib import Path

DATA = Path(__file__).parent / "data"
