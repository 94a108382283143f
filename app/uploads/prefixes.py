"""Where whole files lie in the store, by what they are for."""

from __future__ import annotations

from typing import Literal

PREFIXES: dict[Literal["original", "preview"], str] = {
    "original": "originals",
    "preview": "previews",
}
