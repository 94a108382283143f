"""What a phone carries of its own area, section by section, as plain JSON values.

A section is replaced whole, so a phone never merges and cannot drift; everything passes the
actor's scope.  Names and numbers of people are in `due` alone, of those who agreed to be called.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.areas.models import Area
from app.areas.queries import areas_by_code, place_name
from app.board.queries import UnitQuarter, quarter_by_unit
from app.centres.models import Centre
from app.centres.queries import list_centres
from app.devices.answers import account_facts
from app.followups.queries import due_on_phone, followups_on_phone
from app.followups.rules import current_step
from app.photos.queries import photo_counts, photos_on_phone
from app.rounds.programme import Programme
from app.shared.clock import Quarter, day_starts_at
from app.sync.changes_forgotten import forgotten_on_phone
from app.sync.changes_records import Reader, entries_on_phone, members_named, office_on_phone
from app.sync.changes_rounds import rounds_told
from app.visits.queries import visits_on_phone

DUE_DAYS = 45  # how far ahead `due` looks: a month between two round trips, and two weeks of rain
RECENT_DAYS = 90  # how far back `records` looks: a quarter
_LISTS = (
    "visit_kinds", "visitor_sectors", "topics", "followup_methods", "followup_uses", "outcomes",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """For whom, and for which Bangkok day."""

    session: Session
    actor: Actor
    today: date
    programme: Programme


def sections_for(asked: Asked) -> dict[str, Any]:
    """Every section of the phone's area, by the names of `cursor.SECTIONS`."""
    areas = areas_by_code(asked.session)
    return {
        "account": account_facts(asked.actor),
        "programme": _programme(asked.programme),
        "centres": _centres(asked, areas),
        "rounds": rounds_told(asked.session, asked.actor, asked.programme, asked.today),
        "due": _due(asked),
        "records": _records(asked),
        "office": office_on_phone(_reader(asked)),
    }


def _reader(asked: Asked) -> Reader:
    years = {asked.programme.fiscal_year, Quarter.of_day(asked.today).fiscal_year}
    since = day_starts_at(asked.today - timedelta(days=RECENT_DAYS))
    return Reader(asked.session, asked.actor, since, asked.today, frozenset(years))


def people_named(section: str, told: Any) -> int:
    """How many people a section tells the name or number of: that it left for a phone is noted."""
    if section == "due":
        return sum(1 for entry in told if entry["leader_name"] or entry["phone"])
    return members_named(told) if section == "office" else 0


def _programme(programme: Programme) -> dict[str, Any]:
    lists = {name: [c.model_dump() for c in getattr(programme, name)] for name in _LISTS}
    return {"name": programme.name, "followup_months": list(programme.followup_months), **lists}


def _centres(asked: Asked, areas: dict[str, Area]) -> list[dict[str, Any]]:
    quarter = Quarter.of_day(asked.today)
    units = quarter_by_unit(asked.session, asked.actor, quarter, by="centre")
    counts = {unit.code: unit for unit in units}
    return [
        _centre(centre, areas) | _counts(quarter, counts[centre.code])
        for centre in list_centres(asked.session, asked.actor)
        if centre.code in counts  # one made between the two queries comes next time
    ]


def _centre(centre: Centre, areas: dict[str, Area]) -> dict[str, Any]:
    return {
        "id": str(centre.id),
        "code": centre.code,
        "name": centre.name,
        "plot_class": centre.plot_class,
        "status": centre.status,
        "place": place_name(areas, centre.subdistrict_code),
        "lat": centre.lat,
        "lon": centre.lon,
        "radius_m": centre.radius_m,
        "steward_name": centre.steward_name,
        "phone": centre.phone,
    }


def _counts(quarter: Quarter, unit: UnitQuarter) -> dict[str, Any]:
    counts = asdict(unit)
    shown = {name: counts[name] for name in ("visits", "people", "followups", "photos")}
    return {"quarter": str(quarter), **shown}


def _due(asked: Asked) -> list[dict[str, Any]]:
    visits = due_on_phone(asked.session, asked.actor, today=asked.today, days=DUE_DAYS)
    months = asked.programme.followup_months
    return [_due_visit(visit, months) for visit in visits]


def _due_visit(visit: Row[*tuple[Any, ...]], months: tuple[int, ...]) -> dict[str, Any]:
    due_on = visit.next_followup_on
    return {
        "visit_id": str(visit.id),
        "centre_id": str(visit.centre_id),
        "visit_date": visit.visit_date.isoformat(),
        "due_on": due_on.isoformat(),
        "step_months": current_step(visit.visit_date, due_on, months),
        **_columns(visit, "kind", "group_name", "leader_name", "phone", "n_total", "topics"),
        "consent_followup": visit.consent_followup,
    }


def _records(asked: Asked) -> dict[str, Any]:
    session, actor = asked.session, asked.actor
    since = day_starts_at(asked.today - timedelta(days=RECENT_DAYS))
    visits = visits_on_phone(session, actor, since=since)
    ids = [visit.id for visit in visits]
    checks = followups_on_phone(session, actor, since=since, visit_ids=ids)
    photos = photos_on_phone(session, actor, since=since, visit_ids=ids)
    counts = photo_counts(session, actor, "visit", ids)
    return {
        "visits": [_visit(visit, counts.get(visit.id, 0)) for visit in visits],
        "followups": [_followup(check) for check in checks],
        "photos": [_photo(photo) for photo in photos],
        "entries": entries_on_phone(_reader(asked)),
        "forgotten": forgotten_on_phone(session, actor, asked.today),
    }


def _visit(visit: Row[*tuple[Any, ...]], photos: int) -> dict[str, Any]:
    return {
        "id": str(visit.id),
        "centre_id": str(visit.centre_id),
        "visit_date": visit.visit_date.isoformat(),
        **_columns(visit, "version", "kind", "group_name", "n_total", "mine", "deleted"),
        "photos": photos,
    }


def _followup(check: Row[*tuple[Any, ...]]) -> dict[str, Any]:
    return {
        "id": str(check.id),
        "visit_id": str(check.visit_id),
        "followed_on": check.followed_on.isoformat(),
        **_columns(check, "version", "used", "mine", "deleted"),
    }


def _photo(photo: Row[*tuple[Any, ...]]) -> dict[str, Any]:
    return {
        "id": str(photo.id),
        "subject_id": str(photo.subject_id),
        **_columns(photo, "subject_kind", "state", "mine", "deleted"),
    }


def _columns(row: Row[*tuple[Any, ...]], *names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
