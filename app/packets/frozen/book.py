"""Centres, visits and follow-ups, as the list holds them."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from app.centres.models import Centre
from app.followups.models import Followup
from app.packets.frozen.asked import Areas, Asked
from app.packets.frozen.content import CentreItem, DistrictItem, FollowupItem, VisitItem
from app.shared.clock import bangkok_day
from app.visits.models import Visit

DEGREE_DIGITS = 6  # 0.1 m


def centres(asked: Asked) -> tuple[CentreItem, ...]:
    """The unit's centres as they are registered."""
    return tuple(_centre_item(centre, asked.areas) for centre in asked.centres)


def districts(asked: Asked) -> tuple[DistrictItem, ...]:
    """The unit's districts."""
    return tuple(DistrictItem(code, area_name(asked.areas, code)) for code in asked.districts)


def visits(asked: Asked) -> tuple[VisitItem, ...]:
    """The quarter's lines of the visitor book."""
    rows = asked.session.scalars(
        select(Visit)
        .join(Visit.centre)
        .where(asked.within(), Visit.deleted_at.is_(None), asked.in_quarter(Visit.visit_date))
    )
    found = [row for row in rows if row.centre_id in asked.order]
    found.sort(key=lambda v: (asked.order[v.centre_id], v.visit_date, v.time_in or "", str(v.id)))
    return tuple(_visit_item(visit, asked) for visit in found)


def followups(asked: Asked) -> tuple[FollowupItem, ...]:
    """The checks made in the quarter, whenever the visit was."""
    rows = asked.session.scalars(
        select(Followup)
        .join(Followup.centre)
        .join(Followup.visit)
        .options(contains_eager(Followup.visit))
        .where(
            asked.within(),
            Followup.deleted_at.is_(None),
            Visit.deleted_at.is_(None),
            asked.in_quarter(Followup.followed_on),
        )
    )
    found = [row for row in rows if row.centre_id in asked.order]
    found.sort(key=lambda f: (asked.order[f.centre_id], f.followed_on, str(f.id)))
    return tuple(_followup_item(check, asked.codes[check.centre_id]) for check in found)


def area_name(areas: Areas, code: str) -> str:
    """The Thai name of an area, or its code where it is not known."""
    area = areas.get(code)
    return area.name_th if area else code


def _centre_item(centre: Centre, areas: Areas) -> CentreItem:
    district = centre.district_code
    return CentreItem(
        code=centre.code,
        name=centre.name,
        district_code=district,
        district_name=area_name(areas, district),
        subdistrict_name=area_name(areas, centre.subdistrict_code),
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


def _visit_item(visit: Visit, asked: Asked) -> VisitItem:
    unmasked = asked.options.unmasked
    return VisitItem(
        id=str(visit.id),
        version=visit.version,
        content_sha256=visit.content_sha256,
        centre_code=asked.codes[visit.centre_id],
        visit_date=visit.visit_date,
        time_in=visit.time_in,
        time_out=visit.time_out,
        kind=visit.kind,
        group_name=visit.group_name,
        sector=visit.sector,
        origin=_origin(visit, asked.areas),
        n_male=visit.n_male,
        n_female=visit.n_female,
        n_other=visit.n_other,
        n_child=visit.n_child,
        n_total=visit.n_total,
        topics=tuple(visit.topics),
        satisfaction=visit.satisfaction,
        suggestion=visit.suggestion,
        received_on=bangkok_day(visit.received_at),
        has_contact=bool(visit.leader_name or visit.phone),
        leader_name=visit.leader_name if unmasked else None,
        phone=visit.phone if unmasked else None,
    )


def _origin(visit: Visit, areas: Areas) -> str | None:
    code = visit.origin_subdistrict_code
    if not code or code not in areas:
        return visit.origin_text
    place = f"ตำบล{area_name(areas, code)} อำเภอ{area_name(areas, code[:4])}"
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


def _float(value: Decimal | float | None) -> float | None:
    return None if value is None else float(value)
