"""The demo's visitor book: which group came to which centre on which day, and what they said.

A day's visits follow from the centre and the day alone, so the book can be continued on any
later day without touching what was written before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid5

from app.demo.centres import Plot, moved
from app.demo.guests import ELSEWHERE, GUESTS, LEADERS, SOIL_DAY, SUGGESTIONS, TRAINERS, Guests
from app.demo.people import officer_of, volunteer_of
from app.shared.clock import BANGKOK, Quarter
from app.shared.geo import Position
from app.shared.record import Capture
from app.visits.draft import VisitDraft

STORY = UUID("6f6b6e6f-6e67-5e61-8000-000000002567")  # the namespace of every id in the story
FIRST, LAST = Quarter.parse("2567Q1").first_day, Quarter.parse("2567Q2").last_day
RECENT_DAYS = 90
# Groups per day at a centre of busyness 1: 26 centres then make about 240 entries in two quarters.
PER_DAY = 0.0235
RECENTLY = 0.45  # the same centres lately, so that a demo stays small
WEEKDAYS = (0.8, 1.1, 1.3, 1.3, 1.2, 0.9, 0.4)  # Monday first: schools and offices come midweek


@dataclass(frozen=True)
class Place:
    """A centre as stored: its id, its spot (WGS 84 degrees) and its row in the list."""

    id: UUID
    plot: Plot
    lat: float
    lon: float
    where: str = ""  # its subdistrict and district, in words


@dataclass(frozen=True)
class Entry:
    """One entry to record: the draft, by whom, and when the server heard of it."""

    draft: VisitDraft
    recorder: str
    received_at: datetime
    place: Place = field(repr=False)
    guests: Guests = field(repr=False)

    @property
    def recent(self) -> bool:
        """Whether it belongs to the last weeks, not to the letter's two quarters."""
        return self.draft.visit_date > LAST


def story_days(today: date) -> list[date]:
    """The letter's two quarters, and the weeks before `today` (which itself is left alone)."""
    old = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    lately = [today - timedelta(days=n) for n in range(RECENT_DAYS, 0, -1)]
    return old + [day for day in lately if day > LAST]


def visits(
    places: Sequence[Place], subdistricts: Sequence[str], today: date, programme_version: str
) -> Iterator[Entry]:
    """Every entry of the book, in the order of days.  `subdistricts`: official codes."""
    for day in story_days(today):
        for place in places:
            rng = Random(f"visit {place.plot.code} {day}")
            if guests := _who_comes(place.plot, day, rng):
                yield _entry(
                    place, guests, day, rng, subdistricts=subdistricts, version=programme_version
                )


def _who_comes(plot: Plot, day: date, rng: Random) -> Guests | None:
    if (day.month, day.day) == (12, 5):  # World Soil Day: a quarter of what offices report on
        return SOIL_DAY if rng.random() < 0.3 * plot.busy else None
    if plot.status != "active" and day > LAST:
        return None
    chance = PER_DAY * plot.busy * WEEKDAYS[day.weekday()] * (RECENTLY if day > LAST else 1)
    if rng.random() >= chance:
        return None
    return rng.choices(GUESTS, weights=[guests.share for guests in GUESTS])[0]


def _entry(
    place: Place,
    guests: Guests,
    day: date,
    rng: Random,
    *,
    subdistricts: Sequence[str],
    version: str,
) -> Entry:
    starts = datetime.combine(day, time(rng.choice((8, 9, 9, 9, 10, 13, 13))), BANGKOK)
    starts += timedelta(minutes=5 * rng.randrange(12))
    ends = starts + timedelta(minutes=5 * (rng.randint(*guests.stay_min) // 5))
    draft = VisitDraft(
        id=uuid5(STORY, f"visit {place.plot.code} {day}"),
        centre_id=place.id,
        visit_date=day,
        kind=guests.kind,
        time_in=f"{starts:%H:%M}",
        time_out=f"{ends:%H:%M}",
        group_name=rng.choice(guests.names),
        sector=guests.sector,
        topics=tuple(rng.sample(guests.topics, min(len(guests.topics), rng.randint(1, 3)))),
        trainer=rng.choice((place.plot.steward, *TRAINERS)) if guests.kind != "purchase" else None,
        capture=_capture(place, ends + timedelta(minutes=rng.randint(1, 20)), rng),
        programme_version=version,
        **_people(guests, rng),
        **_origin(place.plot, guests, subdistricts, rng),
        **_opinion(guests, rng),
        **_consent(guests, rng, recent=day > LAST),
    )
    return Entry(draft, _recorder(place.plot, rng), _received(draft.capture.at, rng), place, guests)


def _people(guests: Guests, rng: Random) -> dict[str, Any]:
    total = rng.randint(*guests.people)
    men = round(total * rng.uniform(0.3, 0.6))
    others = 1 if total > 12 and rng.random() < 0.12 else 0
    women = max(0, total - men - others)
    low, high = guests.children
    children = min(men + women + others, round(total * rng.uniform(low, high)))
    return {"n_male": men, "n_female": women, "n_other": others, "n_child": children}


def _origin(plot: Plot, guests: Guests, subdistricts: Sequence[str], rng: Random) -> dict[str, Any]:
    """Most come from the same district, some from the next, a few from another province."""
    if guests.sector == "foreign":
        return {"origin_text": "ต่างประเทศ"}
    near = [code for code in subdistricts if code.startswith(plot.subdistrict[:4])]
    roll = rng.random()
    if roll < 0.85:
        return {"origin_subdistrict_code": rng.choice(near if roll < 0.62 else list(subdistricts))}
    return {"origin_text": rng.choice(ELSEWHERE)}


def _opinion(guests: Guests, rng: Random) -> dict[str, Any]:
    asked = guests.kind in {"study", "training", "activity"} and rng.random() < 0.8
    return {
        "satisfaction": rng.choices((5, 4, 3, 2), weights=(46, 40, 11, 3))[0] if asked else None,
        "suggestion": rng.choice(SUGGESTIONS) if asked and rng.random() < 0.4 else None,
    }


def _consent(guests: Guests, rng: Random, *, recent: bool) -> dict[str, Any]:
    """Two separate answers, as the form asks them; a name and a number only with the first."""
    learners = guests.kind in {"study", "training", "activity", "private"}
    followup = learners and rng.random() < (0.6 if recent else 0.42)
    photo = guests.sector != "students" and rng.random() < 0.6
    return {
        "consent_followup": followup,
        "consent_photo": photo,
        "leader_name": rng.choice(LEADERS) if followup else None,
        "phone": f"08{rng.randint(0, 9)}00000{rng.randint(40, 99)}" if followup else None,
    }


def _capture(place: Place, at: datetime, rng: Random) -> Capture:
    if rng.random() < 0.1:  # no fix under the roof
        return Capture(at=at.astimezone(UTC))
    return Capture(at=at.astimezone(UTC), position=position_near(place, rng))


def position_near(place: Place, rng: Random, away_m: float = 22.0) -> Position:
    """Where a phone believes to be in the plot: a few tens of metres off, as phones are."""
    lat, lon = moved(place.lat, place.lon, rng.gauss(0, away_m), rng.gauss(0, away_m))
    return Position(
        lat=round(lat, 6), lon=round(lon, 6),
        accuracy_m=round(rng.uniform(4, 28), 1), fix_age_s=round(rng.uniform(0, 9), 1),
    )  # fmt: skip


def _recorder(plot: Plot, rng: Random) -> str:
    volunteer = volunteer_of(plot.code)
    return volunteer if volunteer and rng.random() < 0.75 else officer_of(plot.subdistrict)


def _received(captured_at: datetime, rng: Random) -> datetime:
    """Mostly within the hour; sometimes the phone first came into signal a day later."""
    offline = rng.random() < 0.3
    return captured_at + timedelta(
        minutes=rng.randint(300, 1_800) if offline else rng.randint(1, 45)
    )
