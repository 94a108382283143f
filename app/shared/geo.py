"""Places: a position with what is known of its worth, and how far it lies from a centre.

One rai is 40 m wide and a phone's error is 5-50 m, so a fence tighter than 150-200 m cries
wolf; distance is judged after the fix's own accuracy is taken off (domain brief 1.7).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

PositionSource = Literal["device", "exif", "pin", "none"]
Band = Literal["inside", "near", "far", "unknown"]
DEFAULT_RADIUS_M = 200.0
NEAR_FACTOR = 5.0  # up to five radii (1 km by default) is "near": the car park, the village road


@dataclass(frozen=True, slots=True)
class Position:
    """Where something was captured (WGS 84 degrees) and how we know."""

    lat: float
    lon: float
    accuracy_m: float | None = None
    fix_age_s: float | None = None
    source: PositionSource = "device"


def is_place(lat: float | None, lon: float | None) -> bool:
    """Whether the pair can be a place at all: finite, in range, and not the empty 0,0."""
    if lat is None or lon is None or not (math.isfinite(lat) and math.isfinite(lon)):
        return False
    return -90 <= lat <= 90 and -180 <= lon <= 180 and (lat, lon) != (0.0, 0.0)


def in_thailand(lat: float, lon: float) -> bool:
    """Whether the place lies in a box around the country: catches a swap, refuses no village."""
    return 5.5 <= lat <= 20.6 and 97.2 <= lon <= 105.8


def distance_m(a_lat: float, a_lon: float, b_lat: float, b_lon: float) -> float:
    """Geodesic distance in metres on the WGS 84 ellipsoid."""
    from geopy.distance import geodesic  # brings every geocoder along: 8 MB of a web process

    return float(geodesic((a_lat, a_lon), (b_lat, b_lon)).meters)


def band(distance: float | None, accuracy_m: float | None, radius_m: float) -> Band:
    """Place a distance (metres) in a band around a centre, in favour of the one who measured."""
    if distance is None:
        return "unknown"
    surely_away_m = max(0.0, distance - (accuracy_m or 0.0))
    if surely_away_m <= radius_m:
        return "inside"
    return "near" if surely_away_m <= radius_m * NEAR_FACTOR else "far"
