"""What visitor book, follow-ups, activities and photos bring to a report."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from app.activities.kinds import ACTIVITY
from app.activities.models import Activity
from app.centres.models import Centre
from app.findings.models import PhotoFinding
from app.followups.models import Followup
from app.followups.queries import FollowupFilter, followup_totals, followups_in_scope
from app.photos.models import Photo
from app.photos.queries import counted_day, photos_in_scope
from app.records.queries import entries
from app.review.asked import Asked
from app.review.content import Gap, Item, Share
from app.visits.models import Visit
from app.visits.queries import visits_in_scope


@dataclass(frozen=True)
class _Days(FollowupFilter):
    """Follow-ups of some days."""

    first: date = date.min
    last: date = date.max

    def conditions(self) -> list[ColumnElement[bool]]:
        """As SQL conditions."""
        return [Followup.followed_on.between(self.first, self.last)]


def visits(asked: Asked) -> Share:
    """The visitor book: times and people, by kind; each entry is named with its version."""
    seen = visits_in_scope(asked.unit.eyes).where(asked.within(Visit.visit_date))
    people = (Visit.n_total, Visit.n_male, Visit.n_female, Visit.n_other, Visit.n_child)
    by_kind = asked.session.execute(
        seen.with_only_columns(Visit.kind, func.count(), *(func.sum(one) for one in people))
        .group_by(Visit.kind)
        .order_by(Visit.kind)
    ).all()
    sums = [sum(int(row[place]) for row in by_kind) for place in range(1, 7)]
    names = ("times", "people", "male", "female", "other", "children")
    used = set(
        asked.session.scalars(seen.with_only_columns(Visit.centre_id).distinct().order_by(None))
    )
    quiet = [asked.codes[id_] for id_ in asked.open_ids if id_ not in used]
    return Share(
        dict(zip(names, sums, strict=True)) | {"by_kind": {row[0]: int(row[2]) for row in by_kind}},
        listed={"visit": _refs(asked, seen, Visit, Visit.visit_date)},
        gaps=[Gap("no_visits")] if not sums[0] else _some("centres_without_visits", quiet),
    )


def followups(asked: Asked) -> Share:
    """Follow-ups: people followed up and using it, each visit by its latest answer."""
    wanted = _Days(first=asked.first, last=asked.last)
    totals = followup_totals(asked.session, asked.unit.eyes, wanted)
    seen = followups_in_scope(asked.unit.eyes).where(*wanted.conditions())
    return Share(
        {
            "checks": totals.checks,
            "visits": totals.visits,
            "visitors": totals.visitors,
            "followed": totals.followed,
            "used": totals.used,
        },
        listed={"followup": _refs(asked, seen, Followup, Followup.followed_on)},
        gaps=[] if totals.checks else [Gap("no_followups")],
    )


def activities(asked: Asked) -> Share:
    """Activities: times and people, by side (one may serve several) and by kind."""
    found = asked.session.scalars(
        entries(ACTIVITY, asked.unit.eyes)
        .where(asked.within(Activity.held_on))
        .order_by(Activity.held_on, Activity.id)
    ).all()
    sides = Counter(side for one in found for side in one.sides)
    kinds = Counter(one.kind for one in found)
    figures = {
        "times": len(found),
        "people": sum(one.n_total for one in found),
        "by_side": {side.key: sides[side.key] for side in asked.programme.five_p},
        "by_kind": dict(sorted(kinds.items())),
    }
    items = [
        Item(
            "activity", one.id, one.version, one.content_sha256, asked.code_of(one.centre_id),
            one.held_on, one.title,
            {"kind": one.kind, "sides": one.sides, "people": one.n_total},
        )
        for one in found
    ]  # fmt: skip
    return Share(figures, items, gaps=[] if found else [Gap("no_activities")])


def photos(asked: Asked) -> Share:
    """Photos with how many questions about each wait for a decision, and for an answer."""
    seen = photos_in_scope(asked.unit.eyes).where(asked.within(counted_day()))
    day = counted_day()
    rows = asked.session.execute(
        seen.with_only_columns(
            Photo.id, Photo.version, Photo.content_sha256, Photo.caption, Photo.state,
            Photo.subject_kind, Photo.subject_id, Centre.code, day.label("on"),
        ).order_by(Centre.code, day, Photo.id)
    ).all()  # fmt: skip
    questions = _questions(asked, seen)
    items = [_photo(row, questions.get(row.id, (0, 0))) for row in rows if row.state != "awaited"]
    awaited = len(rows) - len(items)
    unanswered = sum(1 for _, waiting in questions.values() if waiting)
    figures = {"photos": len(items), "awaited": awaited, "asked_about": len(questions)}
    gaps = [] if items else [Gap("no_photos")]
    if awaited:
        gaps.append(Gap("photos_awaited", awaited))
    if unanswered:
        gaps.append(Gap("findings_unanswered", unanswered))
    return Share(figures, items, gaps=gaps)


def _photo(row: Any, questions: tuple[int, int]) -> Item:
    facts = {
        "subject_kind": row.subject_kind, "subject_id": row.subject_id, "state": row.state,
        "open": questions[0], "unanswered": questions[1],
    }  # fmt: skip
    return Item(
        "photo", row.id, row.version, row.content_sha256, row.code, row.on, row.caption or "", facts
    )


def _questions(asked: Asked, seen: Select[Any]) -> dict[Any, tuple[int, int]]:
    ids = seen.with_only_columns(Photo.id).order_by(None)
    rows = asked.session.execute(
        select(
            PhotoFinding.photo_id, func.count(),
            func.count().filter(PhotoFinding.answered_at.is_(None)),
        )
        .where(
            PhotoFinding.photo_id.in_(ids),
            PhotoFinding.decision.is_(None),
            PhotoFinding.withdrawn_at.is_(None),
        )
        .group_by(PhotoFinding.photo_id)
    )  # fmt: skip
    return {photo_id: (int(open_), int(waiting)) for photo_id, open_, waiting in rows}


def _refs(asked: Asked, seen: Select[Any], model: Any, day: Any) -> list[str]:
    rows = asked.session.execute(
        seen.with_only_columns(model.id, model.version).order_by(day, model.id)
    )
    return [f"{id_}:{version}" for id_, version in rows]


def _some(code: str, names: list[str]) -> list[Gap]:
    return [Gap(code, len(names), tuple(names))] if names else []
