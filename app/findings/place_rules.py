"""What there is to ask about where a photo was taken.  Pure.

One cause gives one question: a photo from abroad is not also "far", and a file without any
information is asked about once, under its source.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.findings.evidence import Draft, Evidence
from app.rounds.programme import PhotoThresholds
from app.shared.geo import Position, distance_m, in_thailand

# What is wrong with a position in the file, when the phone itself gave none.
_NO_USE = {
    "gps_empty": "position_removed",
    "gps_zero": "position_zero",
    "gps_malformed": "position_malformed",
    "gps_no_hemisphere": "position_no_hemisphere",
    "gps_out_of_range": "position_impossible",
}

# What a file says against its own position.
_OF_FILE = {
    "gps_void": "position_void",
    "gps_stale": "position_stale",
    "gps_from_xmp": "position_noted",
}


def place_doubts(seen: Evidence, limits: PhotoThresholds) -> Iterator[Draft]:
    """Every question about the photo's position."""
    best = seen.device or seen.file
    if best is None:
        yield from _no_position(seen)
        return
    yield from _away(seen, best, limits)
    yield from _witnesses(seen, limits)
    yield from _worth_of_fix(seen, best, limits)


def _no_position(seen: Evidence) -> Iterator[Draft]:
    if seen.stripped or seen.state == "unreadable":
        return
    code = next((_NO_USE[flag] for flag in _NO_USE if flag in seen.flags), "position_unknown")
    yield Draft("position", code, {"by": "device" if seen.in_app else "file"})


def _away(seen: Evidence, best: Position, limits: PhotoThresholds) -> Iterator[Draft]:
    facts = {"distance_m": round(seen.distance_m or 0), "by": _witness(seen)}
    if not in_thailand(best.lat, best.lon):
        yield Draft("position", "position_abroad", facts)
    elif seen.subject_kind == "followup":
        return  # a learner's own plot lies where the learner lives
    elif seen.band == "far":
        yield Draft("position", "position_far", facts)
    elif seen.band == "near" and limits.ask_when_near:
        yield Draft("position", "position_near", facts)


def _witnesses(seen: Evidence, limits: PhotoThresholds) -> Iterator[Draft]:
    a, b = seen.device, seen.file
    if a is None or b is None:
        return
    apart = distance_m(a.lat, a.lon, b.lat, b.lon)
    if apart - (a.accuracy_m or 0) - (b.accuracy_m or 0) > limits.witnesses_agree_m:
        yield Draft("position", "position_witnesses", {"distance_m": round(apart)})


def _worth_of_fix(seen: Evidence, best: Position, limits: PhotoThresholds) -> Iterator[Draft]:
    if best.fix_age_s is not None and best.fix_age_s > limits.old_position_s:
        yield Draft("position", "position_old", {"age_min": round(best.fix_age_s / 60)})
    if best.accuracy_m is not None and best.accuracy_m > limits.rough_position_m:
        facts = {"accuracy_m": round(best.accuracy_m), "by": _witness(seen)}
        yield Draft("position", "position_rough", facts)
    elif seen.device is None and "gps_imprecise" in seen.flags:
        yield Draft("position", "position_weak")
    if seen.device is None:
        for flag, code in _OF_FILE.items():
            if flag in seen.flags:
                yield Draft("position", code)


def _witness(seen: Evidence) -> str:
    return "device" if seen.device else "file"
