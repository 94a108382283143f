"""What there is to ask about when a photo was taken.  Pure.

Three clocks speak: the camera's in the file, the phone's when the record was written, and the
server's, which gave out a number before the photo and received it after.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from app.findings.evidence import Draft, Evidence
from app.rounds.programme import PhotoThresholds
from app.shared.clock import bangkok_day


def time_doubts(seen: Evidence, limits: PhotoThresholds) -> Iterator[Draft]:
    """Every question about the photo's time."""
    moment = _moment(seen)
    if moment is None:
        yield from _no_time(seen)
    elif "time_clock_unset" in seen.flags and not seen.in_app:
        yield Draft("time", "time_unset")
    elif moment > seen.received_at + timedelta(minutes=limits.clocks_agree_min):
        facts = {"taken_at": _text(moment), "received_at": _text(seen.received_at)}
        yield Draft("time", "time_future", facts)
    else:
        yield from _other_day(seen, moment, limits)
    if "time_gps_differs" in seen.flags and "gps_stale" not in seen.flags:
        yield Draft("time", "time_satellites")
    yield from _bracket(seen, limits)
    yield from _phone_clock(seen, limits)


def _moment(seen: Evidence) -> datetime | None:
    """When it was taken, by the best word: in the app the phone's, else the file's."""
    return seen.captured_by_server_clock if seen.in_app else seen.taken_at


def _no_time(seen: Evidence) -> Iterator[Draft]:
    if "time_invalid" in seen.flags:
        yield Draft("time", "time_invalid")
    elif not seen.stripped and seen.state != "unreadable":
        yield Draft("time", "time_none")


def _other_day(seen: Evidence, moment: datetime, limits: PhotoThresholds) -> Iterator[Draft]:
    if seen.record_day is None:
        return
    taken_day = bangkok_day(moment)
    days = abs((taken_day - seen.record_day).days)
    if days > limits.days_apart:
        facts = {
            "taken_day": taken_day.isoformat(),
            "record_day": seen.record_day.isoformat(),
            "days": days,
        }
        yield Draft("time", "time_other_day", facts)


def _bracket(seen: Evidence, limits: PhotoThresholds) -> Iterator[Draft]:
    """The phone's signature bounds when the photo can have been taken, if the app took it."""
    proof = seen.proof
    if proof is None or not proof.verified or proof.nonce_at is None or not seen.in_app:
        return
    moment = seen.captured_by_server_clock
    facts = {
        "not_before_at": _text(proof.nonce_at),
        "not_after_at": _text(proof.received_at),
        "taken_at": _text(moment),
    }
    wide = proof.received_at - proof.nonce_at
    if moment < proof.nonce_at - timedelta(minutes=limits.clocks_agree_min):
        yield Draft("time", "time_bracket", facts)
    elif wide > timedelta(hours=limits.bracket_wide_h):
        yield Draft("time", "time_bracket_wide", facts | {"days": round(wide / timedelta(days=1))})


def _phone_clock(seen: Evidence, limits: PhotoThresholds) -> Iterator[Draft]:
    skew_s = seen.clock_skew_s
    if skew_s is not None and abs(skew_s) > limits.clock_skew_min * 60:
        code = "time_clock_fast" if skew_s > 0 else "time_clock_slow"
        yield Draft("time", code, {"skew_min": round(abs(skew_s) / 60)})


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
