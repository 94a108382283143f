"""Photographs that raise a reviewer's questions, as they come from the field without ill will.

No position, 400 m away, far away, a Buddhist year, another day, the same file twice, the same
picture saved again by a chat application.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import uuid5

from app.demo.centres import moved
from app.demo.pictures import Picture
from app.demo.pictures.exif import Shot
from app.demo.visits import STORY, Entry, Place
from app.photos.rules import PhotoDraft, Subject
from app.shared.clock import BANGKOK
from app.shared.record import Capture


@dataclass(frozen=True)
class Print:
    """One photograph to hand in.  `resaved`: as a chat application passed it on."""

    draft: PhotoDraft
    picture: Picture
    shot: Shot
    recorder: str
    received_at: datetime
    place: Place
    resaved: bool = False


def doubtful(number: int, made: Print) -> Print:
    """Give some of the letter's photographs the faults that happen in the field."""
    fault = _FAULTS.get(number % 24)
    return fault(made) if fault else made


def _picked(made: Print) -> Print:
    """Chosen from the phone's gallery: the application saw no position of its own."""
    capture = replace(made.draft.capture, position=None)
    return replace(made, draft=replace(made.draft, capture=capture, source="picker"))


def _elsewhere(made: Print, away_m: float) -> Print:
    """The phone stood `away_m` metres to the east of where it should."""
    fix, spot = made.shot.fix, made.draft.capture.position
    if fix is None or spot is None:
        return made
    lat, lon = moved(fix.lat, fix.lon, 0, away_m)
    capture = replace(made.draft.capture, position=replace(spot, lat=lat, lon=lon))
    return replace(made, draft=replace(made.draft, capture=capture),
                   shot=replace(made.shot, fix=replace(fix, lat=lat, lon=lon)))  # fmt: skip


def _without_fix(made: Print) -> Print:
    return replace(made, shot=replace(made.shot, fix=None))


def _in_buddhist_year(made: Print) -> Print:
    return replace(made, shot=replace(made.shot, buddhist_year=True))


def _taken_earlier(made: Print, days: int) -> Print:
    taken = made.shot.taken_at
    earlier = taken - timedelta(days=days) if taken else None
    return replace(made, shot=replace(made.shot, taken_at=earlier))


_FAULTS: dict[int, Callable[[Print], Print]] = {
    3: lambda made: _picked(_without_fix(made)),
    6: lambda made: _elsewhere(made, 400.0),
    9: lambda made: _elsewhere(made, 2_600.0),
    11: lambda made: _picked(_in_buddhist_year(made)),
    14: lambda made: _picked(_without_fix(made)),
    16: lambda made: _picked(_taken_earlier(made, days=12)),
    18: lambda made: _elsewhere(made, 400.0),
    20: _picked,
}


def handed_in_again(then: Sequence[Print], entries: Sequence[Entry]) -> Iterator[Print]:
    """Two pictures appear a second time, at other centres: one as it was, one saved again."""
    for old, resaved in zip(then[1::3], (False, True), strict=False):
        entry = _later_elsewhere(old, entries)
        if entry is None:
            continue
        subject = Subject("visit", entry.draft.id, entry.draft.centre_id, entry.draft.visit_date)
        name = "LINE_ALBUM_1.jpg" if resaved else old.draft.file_name
        draft = PhotoDraft(
            id=uuid5(STORY, f"again {old.draft.id}"), subject=subject,
            capture=Capture(at=entry.draft.capture.at), source="picker", file_name=name,
            caption=old.draft.caption,
        )  # fmt: skip
        yield replace(old, draft=draft, recorder=entry.recorder, received_at=entry.received_at,
                      place=entry.place, resaved=resaved)  # fmt: skip


def _later_elsewhere(old: Print, entries: Sequence[Entry]) -> Entry | None:
    after = _day_of(old) + timedelta(days=20)
    fitting = (e for e in entries if not e.recent and e.draft.visit_date > after)
    return next((e for e in fitting if e.place.id != old.place.id), None)


def _day_of(made: Print) -> date:
    """The Bangkok day on which a photograph was captured."""
    return made.draft.capture.at.astimezone(BANGKOK).date()
