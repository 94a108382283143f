"""Where photos' files lie in the store: the bytes as taken apart from what was made of them."""

from __future__ import annotations

from app.uploads.prefixes import PREFIXES

ORIGINALS = PREFIXES["original"]
PREVIEWS = PREFIXES["preview"]
RENDITIONS = "renditions"
