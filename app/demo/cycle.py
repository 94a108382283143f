"""The demo's cycle of the letter: orders, assessments, plans, results, activities and posts.

What each district did in the letter's two quarters; one left a sector out of its order, one has not
assessed everything, so that a reviewer has something to find.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid5

from app.activities.kinds import ACTIVITY
from app.assessments.kinds import ASSESSMENT
from app.assessments.rules import result_of, suggested_strategy
from app.demo.cycle_words import ACTIVITIES, MEMBERS, PLANS, POSTS
from app.demo.people import PEOPLE, officer_of
from app.demo.visits import STORY, Place
from app.networks.kinds import NETWORK_ORDER
from app.plans.kinds import PLAN_ITEM, PLAN_RESULT
from app.publicity.kinds import POST
from app.records.draft import Draft
from app.records.kinds import RecordKind
from app.rounds.programme import Programme
from app.shared.clock import BANGKOK
from app.shared.record import Capture

YEAR = 2567
WITHOUT_MEDIA = "5604"  # its order forgot a sector
NOT_ASSESSED = ("5609-002", "5605-003")
REPORTED = (date(2024, 2, 22), date(2024, 3, 13))


@dataclass(frozen=True)
class Deed:
    """One record to write, by whom."""

    kind: RecordKind
    draft: Draft
    recorder: str
    place: Place | None = None


def deeds(places: Sequence[Place], programme: Programme) -> Iterator[Deed]:
    """Everything the letter asks for beside visits and follow-ups, parents before children."""
    districts = sorted({place.plot.code[:4] for place in places})
    for number, district in enumerate(districts):
        yield _order(district, number, programme)
        yield from _posts(district, programme)
    for place in places:
        if place.plot.status != "active":
            continue
        rng = Random(f"cycle {place.plot.code}")
        yield from _assessments(place, rng, programme)
        items = list(_plan(place, rng, programme))
        yield from items
        yield from _results(place, items, rng, programme)
        yield from _activities(place, items, rng, programme)


def _deed(
    of: RecordKind, name: str, day: date, place: Place | str, programme: Programme, **told: Any
) -> Deed:
    """One record written in the afternoon of `day`; what is not told is nothing."""
    known = {field.name: field.nothing for field in of.fields} | told
    centre_id, district = (
        (None, place) if isinstance(place, str) else (place.id, place.plot.code[:4])
    )
    at = datetime.combine(day, time(15, 30), BANGKOK).astimezone(UTC)
    draft = Draft(
        kind=of.name,
        id=_id(of, name),
        centre_id=centre_id,
        district_code=None if centre_id else district,
        values=known,
        capture=Capture(at=at),
        programme_version=programme.name,
    )
    return Deed(of, draft, officer_of(district), None if isinstance(place, str) else place)


def _id(kind: RecordKind, name: str) -> UUID:
    return uuid5(STORY, f"{kind.name} {name}")


def _order(district: str, number: int, programme: Programme) -> Deed:
    day = date(2024, 1, 9) + timedelta(days=2 * number)
    members = [
        {"name": name, "organisation": where, "sector": sector.key, "role": role, "phone": None}
        for sector in programme.sectors
        for name, where, role in MEMBERS.get(sector.key, ())
        if not (district == WITHOUT_MEDIA and sector.key == "media")
    ]
    return _deed(
        NETWORK_ORDER, district, day, district, programme, order_no=f"{number + 3}/2567",
        dated_on=day, fiscal_year=YEAR, act="review" if number % 2 else "appoint", members=members,
    )  # fmt: skip


def _posts(district: str, programme: Programme) -> Iterator[Deed]:
    rng = Random(f"posts {district}")
    for month in range(1, 10):
        for number in range(rng.randint(1, 2)):
            day = date(2024, month, rng.randint(3, 27))
            channel, title, side = rng.choice(POSTS)
            name = f"{district} {month} {number}"
            yield _deed(
                POST, name, day + timedelta(days=3), district, programme, posted_on=day,
                channel=channel, title=title, side=side, url=f"https://{channel}.example/phayao/{district}/{month}{number}",
                read_on=day + timedelta(days=3), views=rng.randrange(80, 2_400),
                likes=rng.randrange(5, 180), shares=rng.randrange(0, 25),
            )  # fmt: skip


def _assessments(place: Place, rng: Random, programme: Programme) -> Iterator[Deed]:
    """Last year's and this year's: most centres got better, not all."""
    better = rng.random() < 0.7
    last = _scores(place, rng, programme, shift=-1 if better else 0)
    yield _assessment(place, date(2023, 8, 15), YEAR - 1, last, programme)
    if place.plot.code not in NOT_ASSESSED:
        day = date(2024, 1, 15) + timedelta(days=rng.randint(0, 26))
        yield _assessment(place, day, YEAR, _scores(place, rng, programme, shift=0), programme)


def _scores(place: Place, rng: Random, programme: Programme, *, shift: int) -> list[dict[str, Any]]:
    form = programme.assessment
    rows = []
    for criterion in form.criteria:
        anchors = form.anchors_of(criterion)
        level = place.plot.busy + rng.choice((-1, 0, 0, 1)) + shift
        points = anchors[min(max(level, 0), len(anchors) - 1)].points
        rows.append({"criterion": criterion.key, "points": points, "note": None, "evidence": []})
    return rows


def _assessment(
    place: Place, day: date, year: int, scores: list[dict[str, Any]], programme: Programme
) -> Deed:
    grade = result_of(scores, programme).grade
    officer = next(p for p in PEOPLE if p.username == officer_of(place.plot.subdistrict))
    return _deed(
        ASSESSMENT, f"{place.plot.code} {year}", day, place, programme, assessed_on=day,
        fiscal_year=year, assessor=officer.name, co_assessors="ผู้ใหญ่บ้านและเจ้าของแปลง",
        scores=scores, proposed_grade=grade, target_grade=programme.grades[0].key,
        strategies=[suggested_strategy(grade, programme)],
        problems="หน้าแล้งน้ำไม่พอ ป้ายฐานเรียนรู้ชำรุด", needs="วิทยากรเรื่องการแปรรูปและป้ายใหม่",
    )  # fmt: skip


def _plan(place: Place, rng: Random, programme: Programme) -> Iterator[Deed]:
    for number in range(2):
        side, strategy, title, target, problem = rng.choice(PLANS[number::2])
        first = date(2024, rng.choice((1, 2)), 1)
        budget = rng.choice((0, 0, 1_500, 3_000, 5_000, 12_000))
        yield _deed(
            PLAN_ITEM, f"{place.plot.code} {number}", date(2024, 1, 31), place, programme,
            fiscal_year=YEAR, side=side, strategy=strategy, title=title, target=target,
            problem=problem, starts_on=first, ends_on=date(2024, rng.choice((3, 6, 9)), 28),
            budget_baht=budget, budget_source="local" if budget else "none",
            responsible=place.plot.steward, partners=["citizens"],
        )  # fmt: skip


def _results(
    place: Place, items: Sequence[Deed], rng: Random, programme: Programme
) -> Iterator[Deed]:
    for item in items:
        done = 0
        for number, day in enumerate(REPORTED):
            done = min(100, done + rng.choice((20, 40, 60)))
            if rng.random() < 0.2:
                continue
            budget = item.draft.values["budget_baht"]
            yield _deed(
                PLAN_RESULT, f"{item.draft.id} {number}", day, place, programme,
                item_id=item.draft.id, reported_on=day, done_percent=done,
                result="ดำเนินการร่วมกับเครือข่ายและครัวเรือนใกล้เคียง",
                output=f"มีผู้ร่วมงาน {rng.randint(8, 40)} คน", spent_baht=budget * done // 100,
                obstacles="ฝนตกหนักในช่วงแรก" if rng.random() < 0.3 else None,
            )  # fmt: skip


def _activities(
    place: Place, items: Sequence[Deed], rng: Random, programme: Programme
) -> Iterator[Deed]:
    for number in range(place.plot.busy):
        kind, title, sides, result = rng.choice(ACTIVITIES)
        day = date(2023, 11, 6) + timedelta(days=rng.randint(0, 120))
        men, women = rng.randint(6, 30), rng.randint(8, 34)
        yield _deed(
            ACTIVITY, f"{place.plot.code} {number}", day, place, programme, kind=kind, title=title,
            held_on=day, sides=list(sides), n_male=men, n_female=women,
            n_youth=rng.randint(0, men), lead=place.plot.steward, result=result,
            partners=["government", "citizens"],
            plan_item_id=items[number].draft.id if number < len(items) else None,
        )  # fmt: skip
