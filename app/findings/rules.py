"""Which questions a photo raises.  Pure: evidence and thresholds in, drafts out.

What is ordinary raises nothing: a photo taken in the app, at its centre, on its day, has no
finding at all.  What only explains a detail (an assumed time zone) stays a detail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.findings.evidence import Draft, Evidence
from app.findings.place_rules import place_doubts
from app.findings.reuse_rules import reuse_doubts
from app.findings.time_rules import time_doubts
from app.rounds.programme import PhotoThresholds

RECIPE = 1  # grows when the same evidence would raise other questions

_SHOT_OF_SCREEN = re.compile(r"screen[ _-]?(shot|capture)|ภาพหน้าจอ|แคปหน้าจอ", re.IGNORECASE)


def find(seen: Evidence, limits: PhotoThresholds) -> list[Draft]:
    """Every question the photo raises, in the order in which a reviewer reads them."""
    return [
        *place_doubts(seen, limits),
        *time_doubts(seen, limits),
        *reuse_doubts(seen, limits),
        *_source_doubts(seen, limits),
        *_quality_doubts(seen, limits),
        *_file_doubts(seen),
    ]


def _source_doubts(seen: Evidence, limits: PhotoThresholds) -> Iterator[Draft]:
    if seen.stripped and seen.state != "unreadable" and not _is_screenshot(seen, limits):
        yield Draft("source", "source_stripped")
    if seen.in_app and seen.taken_at is not None:
        apart_min = abs((seen.taken_at - seen.captured_at).total_seconds()) / 60
        if apart_min > limits.clocks_agree_min:
            facts = {
                "taken_at": seen.taken_at.isoformat(timespec="seconds"),
                "captured_at": seen.captured_at.isoformat(timespec="seconds"),
            }
            yield Draft("source", "source_not_fresh", facts)
    if seen.proof is not None and seen.proof.signed and not seen.proof.verified:
        yield Draft("source", "source_signature")


def _is_screenshot(seen: Evidence, limits: PhotoThresholds) -> bool:
    if not limits.ask_screenshots or seen.in_app:
        return False
    if _SHOT_OF_SCREEN.search(seen.file_name or ""):
        return True
    drawn = seen.measures.get("flat_share", 0.0) >= limits.screen_flat_least
    lossless = seen.media_type == "image/png"
    return bool(seen.measures.get("screen_sized")) and (drawn or lossless)


def _quality_doubts(seen: Evidence, limits: PhotoThresholds) -> Iterator[Draft]:
    if seen.state == "unreadable":
        return
    if _is_screenshot(seen, limits):
        yield Draft("quality", "quality_screenshot")
    if seen.width and seen.height and max(seen.width, seen.height) < limits.smallest_px:
        yield Draft("quality", "quality_small", {"width": seen.width, "height": seen.height})
    yield from _measured_doubts(seen, limits)


def _measured_doubts(seen: Evidence, limits: PhotoThresholds) -> Iterator[Draft]:
    """What the picture's own measures say; a dark or empty picture is not also unsharp."""
    for code, name, is_doubtful in (
        ("quality_dark", "dark_share", lambda value: value > limits.dark_most),
        ("quality_blown", "blown_share", lambda value: value > limits.blown_most),
        ("quality_flat", "contrast", lambda value: value < limits.contrast_least),
        ("quality_blurred", "sharpness", lambda value: value < limits.sharpness_least),
    ):
        value = seen.measures.get(name)
        if isinstance(value, int | float) and is_doubtful(value):
            yield Draft("quality", code, {"measured": round(float(value), 3)})
            return


def _file_doubts(seen: Evidence) -> Iterator[Draft]:
    if seen.state == "unreadable":
        yield Draft("file", "file_unreadable", {"trouble": seen.trouble or "unknown"})
    for flag, code in (("exif_damaged", "file_damaged"), ("exif_conflict", "file_conflict")):
        if flag in seen.flags:
            yield Draft("file", code)
