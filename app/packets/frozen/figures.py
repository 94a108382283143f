"""Figures: the sums of a packet, each counted once from the list itself."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from app.packets.frozen.content import Content, FollowupItem, PhotoItem, VisitItem

UNREACHABLE = "unreachable"
T = TypeVar("T", VisitItem, FollowupItem, PhotoItem)


@dataclass(frozen=True, slots=True)
class Figures:
    """Sums over some records of a packet.  People are head-counts of visits, not persons."""

    visits: int
    people: int
    male: int
    female: int
    other: int
    children: int  # among the people above, not beside them
    followups: int  # checks made
    visits_followed: int  # visits with at least one answer
    visitors: int  # people who came on those visits: the denominator of `followed`
    followed: int  # people the latest answers speak for: the denominator of `used`
    used: int
    photos: int  # received; those still on a phone are gaps


def figures(
    visits: Iterable[VisitItem], followups: Iterable[FollowupItem], photos: Iterable[PhotoItem]
) -> Figures:
    """Add up the records given."""
    visits, followups = list(visits), list(followups)
    answers = latest_answers(followups)
    return Figures(
        visits=len(visits),
        people=sum(v.n_total for v in visits),
        male=sum(v.n_male for v in visits),
        female=sum(v.n_female for v in visits),
        other=sum(v.n_other for v in visits),
        children=sum(v.n_child for v in visits),
        followups=len(followups),
        visits_followed=len(answers),
        visitors=sum(f.visit_people for f in answers),
        followed=sum(f.n_followed for f in answers),
        used=sum(f.n_used for f in answers),
        photos=sum(photo.state != "awaited" for photo in photos),
    )


def latest_answers(followups: Iterable[FollowupItem]) -> list[FollowupItem]:
    """Keep, for each visit, the latest check that reached its people.

    A visit followed at one and three months has two checks, but its people count once.
    """
    latest: dict[str, FollowupItem] = {}
    for check in sorted(followups, key=lambda f: (f.followed_on, f.id)):
        if check.used != UNREACHABLE:
            latest[check.visit_id] = check
    return list(latest.values())


def totals(content: Content) -> Figures:
    """Sums over the whole packet."""
    return figures(content.visits, content.followups, content.photos)


def by_centre(content: Content) -> dict[str, Figures]:
    """Sums for each centre code, in the order of the packet; a centre without records has zeros."""
    visits, followups = grouped(content.visits), grouped(content.followups)
    photos = grouped(content.photos)
    return {
        centre.code: figures(visits[centre.code], followups[centre.code], photos[centre.code])
        for centre in content.centres
    }


def grouped(items: Iterable[T]) -> defaultdict[str, list[T]]:
    """Put records under their centre's code, in the order they came."""
    groups: defaultdict[str, list[T]] = defaultdict(list)
    for item in items:
        groups[item.centre_code].append(item)
    return groups


def months(content: Content) -> list[date]:
    """First days of the quarter's three months."""
    first = content.first_day
    return [first.replace(month=first.month + step) for step in range(3)]


def in_month(content: Content, month: date) -> Figures:
    """Sums of what happened in the month that starts on `month`."""

    def falls(day: date) -> bool:
        return (day.year, day.month) == (month.year, month.month)

    return figures(
        (v for v in content.visits if falls(v.visit_date)),
        (f for f in content.followups if falls(f.followed_on)),
        (p for p in content.photos if falls(p.day)),
    )


def people_by(visits: Iterable[VisitItem], key: str) -> list[tuple[str, int, int]]:
    """Visits and people for each value of the column `key`: (value, visits, people), most first."""
    times: Counter[str] = Counter()
    people: Counter[str] = Counter()
    for visit in visits:
        value = getattr(visit, key) or ""
        times[value] += 1
        people[value] += visit.n_total
    return sorted(
        ((value, times[value], people[value]) for value in times),
        key=lambda row: (-row[2], -row[1], row[0]),
    )
