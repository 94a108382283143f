"""Which district and subdistrict a position lies in, from the official data and without network.

The district is told by its outline, which is simplified: within some hundred metres of a border
it may be the neighbour's.  The subdistrict has no outline here; it is the one whose official point
(three decimals, about 110 m) is nearest within that district, so it says "near", never "in".
Pure; the data is read once.
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from app.areas.models import Area
from app.areas.queries import place_name
from app.areas.shipped import DATA
from app.shared.geo import distance_m, is_place

_MEASURED = 4  # of the points that a flat map puts nearest; on 100 km it errs by less than 1 %

Ring = Sequence[tuple[float, float]]  # longitude, latitude; closed


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Official codes, None outside the province; `near_m` metres to the subdistrict's point."""

    district_code: str | None = None
    subdistrict_code: str | None = None
    near_m: float | None = None

    @property
    def code(self) -> str | None:
        """The smallest area known."""
        return self.subdistrict_code or self.district_code


@dataclass(frozen=True, slots=True)
class _District:
    code: str
    polygons: Sequence[Sequence[Ring]]  # of each the outline, then its holes
    points: Sequence[tuple[str, float, float]]  # subdistrict, latitude, longitude

    def holds(self, lat: float, lon: float) -> bool:
        """Whether the position lies within: an odd number of borders towards the east."""
        return any(
            sum(_crosses(ring, lat, lon) for ring in polygon) % 2 == 1 for polygon in self.polygons
        )

    def nearest(self, lat: float, lon: float) -> tuple[str, float]:
        """The subdistrict whose point is nearest, and how many metres away."""
        east = math.cos(math.radians(lat))
        likely = sorted(
            self.points, key=lambda point: math.hypot(point[1] - lat, (point[2] - lon) * east)
        )
        metres, code = min(
            (distance_m(lat, lon, point_lat, point_lon), code)
            for code, point_lat, point_lon in likely[:_MEASURED]
        )
        return code, metres


def place_at(lat: float, lon: float) -> Whereabouts:
    """Where a position (WGS 84 degrees) lies; nowhere for one outside the province or Earth."""
    if not is_place(lat, lon):
        return Whereabouts()
    found = [(d, *d.nearest(lat, lon)) for d in _districts() if d.holds(lat, lon)]
    if not found:
        return Whereabouts()
    # Simplified outlines overlap a little: then the nearer point decides.
    district, subdistrict, metres = min(found, key=lambda each: each[2])
    return Whereabouts(district.code, subdistrict, metres)


def place_words(areas: Mapping[str, Area], whereabouts: Whereabouts, locale: str) -> str:
    """`แถว ต.ควร อ.ปง จ.พะเยา` or `near Khuan, Pong, Phayao`; empty where nothing is known."""
    return near_words(areas, whereabouts.code, locale)


def near_words(areas: Mapping[str, Area], code: str | None, locale: str) -> str:
    """The same for a code that was stored."""
    name = place_name(areas, code, locale) if code else ""
    if not name:
        return ""
    return f"แถว {name}" if locale == "th" else f"near {name}"


def _crosses(ring: Ring, lat: float, lon: float) -> int:
    """How often a line from the position due east meets the ring.

    Each corner counts for the border above it only, so a line through a corner counts once.
    """
    crossings = 0
    for (lon_a, lat_a), (lon_b, lat_b) in pairwise(ring):
        if (lat_a > lat) != (lat_b > lat):
            crossings += lon < lon_a + (lat - lat_a) * (lon_b - lon_a) / (lat_b - lat_a)
    return crossings


@cache
def _districts() -> tuple[_District, ...]:
    points: dict[str, list[tuple[str, float, float]]] = {}
    with (DATA / "subdistricts.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            point = (row["code"], float(row["lat"]), float(row["lon"]))
            points.setdefault(row["amphoe_code"], []).append(point)
    features = json.loads((DATA / "districts.geojson").read_text(encoding="utf-8"))["features"]
    return tuple(
        _District(code, _polygons(feature["geometry"]), points[code])
        for feature in features
        for code in [feature["properties"]["code"]]
    )


def _polygons(geometry: Mapping[str, object]) -> Sequence[Sequence[Ring]]:
    coordinates = geometry["coordinates"]
    assert isinstance(coordinates, list)  # noqa: S101 - our own file
    polygons = [coordinates] if geometry["type"] == "Polygon" else coordinates
    return [[[(lon, lat) for lon, lat in ring] for ring in polygon] for polygon in polygons]
