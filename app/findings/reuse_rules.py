"""What there is to ask about a picture that was there before.  Pure.

The question goes to the photo that came later.  A picture sent twice into one record is a slip
of the finger and said so; one whose first copy was struck out there is a correction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.findings.evidence import Draft, Earlier, Evidence
from app.rounds.programme import PhotoThresholds

MOST_ASKED = 3  # of many copies; the page shows every pair all the same
_WHOLE = 0.95  # of a picture: the rim is lost to resampling
_LEVEL_DEG = 2.0  # a turn below is the comparison's own error


def reuse_doubts(seen: Evidence, limits: PhotoThresholds) -> Iterator[Draft]:
    """A question for the copies that matter most: elsewhere before here, the first before later."""
    asked = [one for one in seen.earlier if _is_asked(one, limits)]
    elsewhere = [one for one in asked if not one.same_record]
    chosen = sorted(elsewhere or asked, key=_rank)
    for one in chosen[: MOST_ASKED if elsewhere else 1]:
        facts = {
            "centre_id": str(one.centre_id),
            "centre_name": one.centre_name,
            "same_centre": one.same_centre,
            "same_quarter": one.same_quarter,
            "earlier_day": one.day.isoformat(),
            "struck_out": one.struck_out,
            "copies": len(chosen),
        }
        yield Draft("reuse", _code(one), facts | changes(one.likeness), str(one.photo_id))


def _is_asked(one: Earlier, limits: PhotoThresholds) -> bool:
    if one.same_record and one.struck_out:
        return False  # struck out and sent again: that is how a mistake is put right
    return one.kind == "same_bytes" or one.likeness.get("score", 1.0) >= limits.likeness_least


def _rank(one: Earlier) -> tuple[object, ...]:
    return one.same_centre, one.struck_out, one.day, str(one.photo_id)


def _code(one: Earlier) -> str:
    if one.same_record:
        return "reuse_twice"
    return "reuse_bytes" if one.kind == "same_bytes" else "reuse_picture"


def changes(likeness: Mapping[str, Any]) -> dict[str, Any]:
    """What was done to the earlier picture to make the later one, where it shows.

    `mirrored`, `turned_deg` (-180 to 180), `kept_share` of the earlier picture when it was
    cropped, `added_share` of the later one that is new, `recoloured`.
    """
    found: dict[str, Any] = {}
    if likeness.get("mirrored"):
        found["mirrored"] = True
    if abs(turned := float(likeness.get("turned_deg", 0.0))) >= _LEVEL_DEG:
        found["turned_deg"] = round(turned)
    if (kept := float(likeness.get("overlap_a", 1.0))) < _WHOLE:
        found["kept_share"] = round(kept, 2)
    if (known := float(likeness.get("overlap_b", 1.0))) < _WHOLE:
        found["added_share"] = round(1 - known, 2)
    if likeness.get("recoloured"):
        found["recoloured"] = True
    return found
