"""Freezing: read a unit's quarter from the database once, into the list a packet is made of.

A visit belongs to the quarter of its day, a follow-up to the quarter in which it was made, a
photo to the quarter of its record (a photo of the centre itself: of its own day).  Struck-out
records are left out, and with them their photos.  Order: official codes, then days.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, contains_eager

from app.areas.queries import areas_by_code
from app.centres.models import Centre
from app.followups.models import Followup
from app.packets.frozen.content import (
    CentreItem,
    Content,
    FollowupItem,
    PhotoItem,
    Request,
    Scope,
    VisitItem,
    Word,
)
from app.photos.models import Photo
from app.photos.queries import counted_day, with_record
from app.rounds.programme import Programme
from app.shared.clock import Quarter, bangkok_day
from app.visits.models import Visit

DEGREE_DIGITS = 6  # 0.1 m
METRE_DIGITS = 1
WORD_LISTS = (
    "plot_classes", "visit_kinds", "visitor_sectors", "topics",
    "followup_methods", "followup_uses", "outcomes",
)  # fmt: skip

Areas = dict[str, Any]


def freeze(
    session: Session,
    scope: Scope,
    quarter: Quarter,
    *,
    edition: int,
    request: Request,
    programme: Programme,
) -> Content:
    """Return the list of `scope` for `quarter` as the database has it now."""
    areas = areas_by_code(session)
    centres = _centres(session, scope)
    order = {centre.id: number for number, centre in enumerate(centres)}
    codes = {centre.id: centre.code for centre in centres}
    visits = list(session.scalars(_visits(scope, quarter)))
    visits.sort(key=lambda v: (order[v.centre_id], v.visit_date, v.time_in or "", str(v.id)))
    followups = list(session.scalars(_followups(scope, quarter)))
    followups.sort(key=lambda f: (order[f.centre_id], f.followed_on, str(f.id)))
    photos = [(row[0], row[1]) for row in session.execute(_photos(scope, quarter))]
    photos.sort(key=lambda p: (order[p[0].centre_id], p[1], _moment(p[0]), str(p[0].id)))
    return Content(
        scope=scope,
        quarter=str(quarter),
        first_day=quarter.first_day,
        last_day=quarter.last_day,
        edition=edition,
        requested=request,
        programme=programme.name,
        centres=tuple(_centre_item(centre, areas) for centre in centres),
        visits=tuple(_visit_item(v, codes[v.centre_id], areas) for v in visits),
        followups=tuple(_followup_item(f, codes[f.centre_id]) for f in followups),
        photos=tuple(_photo_item(p, codes[p.centre_id], day) for p, day in photos),
        words=tuple(_words(programme)),
    )


def _within(scope: Scope) -> ColumnElement[bool]:
    if scope.kind == "centre":
        return Centre.code == scope.code
    return Centre.subdistrict_code.startswith(scope.code, autoescape=True)


def _centres(session: Session, scope: Scope) -> list[Centre]:
    centres = list(session.scalars(select(Centre).where(_within(scope))))
    return sorted(centres, key=lambda c: (c.district_code, c.code))


def _visits(scope: Scope, quarter: Quarter) -> Any:
    return (
        select(Visit)
        .join(Visit.centre)
        .where(
            _within(scope),
            Visit.deleted_at.is_(None),
            Visit.visit_date.between(quarter.first_day, quarter.last_day),
        )
    )


def _followups(scope: Scope, quarter: Quarter) -> Any:
    return (
        select(Followup)
        .join(Followup.centre)
        .join(Followup.visit)
        .options(contains_eager(Followup.visit))
        .where(
            _within(scope),
            Followup.deleted_at.is_(None),
            Visit.deleted_at.is_(None),
            Followup.followed_on.between(quarter.first_day, quarter.last_day),
        )
    )


def _photos(scope: Scope, quarter: Quarter) -> Any:
    """Photos with the Bangkok day they count for."""
    day = counted_day()
    return with_record(select(Photo, day)).where(
        _within(scope), day.between(quarter.first_day, quarter.last_day)
    )


def _centre_item(centre: Centre, areas: Areas) -> CentreItem:
    district = centre.district_code
    return CentreItem(
        code=centre.code,
        name=centre.name,
        district_code=district,
        district_name=_name(areas, district),
        subdistrict_name=_name(areas, centre.subdistrict_code),
        moo=centre.moo,
        village=centre.village,
        plot_class=centre.plot_class,
        status=centre.status,
        steward_name=centre.steward_name,
        size_rai=_float(centre.size_rai),
        lat=round(centre.lat, DEGREE_DIGITS),
        lon=round(centre.lon, DEGREE_DIGITS),
        radius_m=centre.radius_m,
    )


def _visit_item(visit: Visit, code: str, areas: Areas) -> VisitItem:
    return VisitItem(
        id=str(visit.id),
        version=visit.version,
        content_sha256=visit.content_sha256,
        centre_code=code,
        visit_date=visit.visit_date,
        time_in=visit.time_in,
        time_out=visit.time_out,
        kind=visit.kind,
        group_name=visit.group_name,
        sector=visit.sector,
        origin=_origin(visit, areas),
        n_male=visit.n_male,
        n_female=visit.n_female,
        n_other=visit.n_other,
        n_child=visit.n_child,
        n_total=visit.n_total,
        topics=tuple(visit.topics),
        satisfaction=visit.satisfaction,
        suggestion=visit.suggestion,
        received_on=bangkok_day(visit.received_at),
    )


def _origin(visit: Visit, areas: Areas) -> str | None:
    code = visit.origin_subdistrict_code
    if not code or code not in areas:
        return visit.origin_text
    place = f"ตำบล{_name(areas, code)} อำเภอ{_name(areas, code[:4])}"
    return f"{visit.origin_text} {place}" if visit.origin_text else place


def _followup_item(check: Followup, code: str) -> FollowupItem:
    return FollowupItem(
        id=str(check.id),
        version=check.version,
        content_sha256=check.content_sha256,
        centre_code=code,
        visit_id=str(check.visit_id),
        visit_date=check.visit.visit_date,
        visit_people=check.visit.n_total,
        group_name=check.visit.group_name,
        followed_on=check.followed_on,
        step_months=check.step_months,
        method=check.method,
        used=check.used,
        n_followed=check.n_followed,
        n_used=check.n_used,
        topics=tuple(check.topics),
        outcomes=tuple(check.outcomes),
        plot_rai=_float(check.plot_rai),
        baht_saved_month=_float(check.baht_saved_month),
        baht_earned_month=_float(check.baht_earned_month),
        passed_on_to=check.passed_on_to,
        reason=check.reason,
        next_step=check.next_step,
        received_on=bangkok_day(check.received_at),
    )


def _photo_item(photo: Photo, code: str, day: Any) -> PhotoItem:
    source, lat, lon, accuracy_m = _position(photo)
    return PhotoItem(
        id=str(photo.id),
        version=photo.version,
        centre_code=code,
        subject_kind=photo.subject_kind,
        subject_id=str(photo.subject_id),
        state=photo.state,
        caption=photo.caption,
        day=day,
        taken_at=_moment(photo),
        time_source=photo.taken_source if photo.taken_at else "device",
        source=photo.source,
        original_sha256=photo.original_sha256,
        original_bytes=photo.size_bytes,
        view_sha256=photo.view_sha256 if photo.state == "processed" else None,
        lat=_rounded(lat, DEGREE_DIGITS),
        lon=_rounded(lon, DEGREE_DIGITS),
        accuracy_m=_rounded(accuracy_m, METRE_DIGITS),
        position_source=source,
        distance_m=_rounded(photo.distance_m, METRE_DIGITS),
        band=photo.band,
    )


def _moment(photo: Photo) -> datetime:
    return photo.taken_at or photo.captured_at


def _position(photo: Photo) -> tuple[str, float | None, float | None, float | None]:
    """The position the distance was measured from: the phone's own fix before the file's."""
    if photo.position_source == "device" and photo.lat is not None:
        return "device", photo.lat, photo.lon, photo.accuracy_m
    if photo.exif_lat is not None:
        return "exif", photo.exif_lat, photo.exif_lon, photo.exif_accuracy_m
    return "none", None, None, None


def _words(programme: Programme) -> Iterator[Word]:
    for name in WORD_LISTS:
        for choice in getattr(programme, name):
            yield Word(name, choice.key, choice.th)


def _name(areas: Areas, code: str) -> str:
    area = areas.get(code)
    return area.name_th if area else code


def _float(value: Decimal | float | None) -> float | None:
    return None if value is None else float(value)


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def centre_id_of(session: Session, scope: Scope) -> UUID | None:
    """The centre a packet of one centre is about."""
    if scope.kind != "centre":
        return None
    return session.scalars(select(Centre.id).where(Centre.code == scope.code)).one()
