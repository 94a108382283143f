"""One document set by Typst, in a process of its own that ends when the PDF is written.

Typst keeps what it made until its process ends, so each document gets a fresh one; the worker's
own memory stays flat.  Run as a file, it reads one JSON order from standard input.  It imports
nothing of ours.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import typst


def set_pages(order: dict[str, Any]) -> None:
    """Compile `order["template"]` inside `order["root"]` into the PDF `order["output"]`.

    Raises:
        typst.TypstError: the template or the fonts are broken.
    """
    root = Path(order["root"])
    typst.compile(
        root / order["template"],
        output=root / order["output"],
        root=root,
        font_paths=[Path(order["fonts"])],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(order["data"], ensure_ascii=False)},
        pdf_standards=[order.get("standard", "a-2a")],
        timestamp=order["timestamp"],
    )


if __name__ == "__main__":
    set_pages(json.load(sys.stdin))
