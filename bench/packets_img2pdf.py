"""One process that makes a PDF of photos with img2pdf, one a page: what passing through costs.

python -m bench.packets_img2pdf STORE CHECKED TARGET MOST
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import img2pdf


def main() -> None:
    """Write the PDF of the first MOST photos of the list; 0 only starts."""
    store, checked, target, most = sys.argv[1:]
    if most == "0":
        return
    files = [file for part in json.loads(Path(checked).read_text()) for file in part["files"]]
    views = [Path(store, file["key"]) for file in files if file["kind"] == "view"]
    with Path(target).open("wb") as out:
        img2pdf.convert([str(path) for path in views[: int(most)]], outputstream=out)


if __name__ == "__main__":
    main()
