"""The districts' outlines, as a map draws them.  Simplified: an overview, never a fence."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from app.areas.shipped import DATA

CREDIT = "Royal Thai Survey Department / OCHA, CC BY-IGO"


def outlines_under(prefix: str, locale: str) -> dict[str, Any]:
    """GeoJSON of the districts whose code begins with `prefix` (or that hold it), with names."""
    wanted = prefix[:4]
    return {
        "type": "FeatureCollection",
        "attribution": CREDIT,
        "features": [
            {
                "type": "Feature",
                "id": one["id"],
                "geometry": one["geometry"],
                "properties": {"code": one["id"], "name": one["properties"][f"name_{locale}"]},
            }
            for one in _features()
            if one["id"].startswith(wanted)
        ],
    }


@cache
def _features() -> tuple[dict[str, Any], ...]:
    text = (DATA / "districts.geojson").read_text(encoding="utf-8")
    return tuple(json.loads(text)["features"])
