"""What a phone carries of its own area, section by section, as plain JSON values.

A section is replaced whole, so a phone never merges and cannot drift; everything passes the
actor's scope.  Names and numbers of people are in `due` alone, of those who agreed to be called.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.areas.models import Area
from app.areas.queries import areas_by_code, place_name
from app.board.queries import UnitQuarter, quarter_asked, quarter_by_unit
from app.centres.models import Centre
from app.centres.queries import centres_in_scope
from app.devices.answers import account_facts
from app.followups.queries import due_on_phone, followups_on_phone
from app.followups.rules import current_step
from app.photos.queries import photo_counts, photo_counts_asked, photos_on_phone
from app.rounds.programme import Programme
from app.shared.clock import Quarter, day_starts_at
from app.sync.changes_forgotten import forgotten_asked, forgotten_on_phone
from app.sync.changes_records import (
    Reader,
    entries_asked,
    entries_on_phone,
    members_named,
    office_asked,
    office_on_phone,
)
from app.sync.changes_rounds import rounds_asked, rounds_told
from app.sync.kinds import RECORDS
from app.visits.queries import visits_on_phone

DUE_DAYS = 45  # how far ahead `due` looks: a month between two round trips, and two weeks of rain
RECENT_DAYS = 90  # how far back `records` looks: a quarter
_LISTS = (
    "visit_kinds", "visitor_sectors", "topics", "followup_methods", "followup_uses", "outcomes",
)  # fmt: skip
_CENTRE = (
    Centre.id, Centre.code, Centre.name, Centre.plot_class, Centre.status,
    Centre.subdistrict_code, Centre.lat, Centre.lon, Centre.radius_m, Centre.steward_name,
    Centre.phone,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """For whom, and for which Bangkok day."""

    session: Session
    actor: Actor
    today: date
    programme: Programme


def section_for(asked: Asked, name: str) -> Any:
    """One section of the phone's area, by a name of `cursor.SECTIONS`."""
    return _SECTIONS[name](asked)


def questions_for(
    actor: Actor, today: date, programme: str, fiscal_year: int
) -> dict[str, dict[str, Any]]:
    """What each section is told from, as questions to the database.

    The sections are made of the answers to these very questions, and of nothing else but the day,
    the account and the programme: `app.sync.changes_stamps` goes by that.
    """
    since, reader = _since(today), _reader(actor, today, fiscal_year)
    visits = visits_on_phone(actor, since=since).cte("visits")  # found once, asked for four times
    ids = select(visits.c.id)
    quarter = quarter_asked(actor, Quarter.of_day(today), by="centre")
    return {
        "centres": {"centres": _centres_asked(actor), "areas": select(Area)}
        | {f"quarter_{n}": query for n, query in enumerate(quarter)},
        "rounds": rounds_asked(actor, programme),
        "due": {"due": _due_asked(actor, today)},
        "records": {
            "visits": select(visits),
            "followups": followups_on_phone(actor, since=since, visit_ids=ids),
            "photos": photos_on_phone(actor, since=since, visit_ids=ids),
            "counts": photo_counts_asked(actor, "visit", ids),
            "forgotten": forgotten_asked(actor, today),
        }
        | {kind.name: entries_asked(reader, kind) for kind in RECORDS},
        "office": office_asked(reader),
    }


def _reader(actor: Actor, today: date, fiscal_year: int) -> Reader:
    years = {fiscal_year, Quarter.of_day(today).fiscal_year}
    return Reader(actor, _since(today), today, frozenset(years))


def _since(today: date) -> datetime:
    return day_starts_at(today - timedelta(days=RECENT_DAYS))


def _reader_of(asked: Asked) -> Reader:
    return _reader(asked.actor, asked.today, asked.programme.fiscal_year)


def people_named(section: str, told: Any) -> int:
    """How many people a section tells the name or number of: that it left for a phone is noted."""
    if section == "due":
        return sum(1 for entry in told if entry["leader_name"] or entry["phone"])
    return members_named(told) if section == "office" else 0


def _programme(programme: Programme) -> dict[str, Any]:
    lists = {name: [c.model_dump() for c in getattr(programme, name)] for name in _LISTS}
    return {"name": programme.name, "followup_months": list(programme.followup_months), **lists}


def _centres_asked(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Rows of columns, by official code."""
    return select(*_CENTRE).where(centres_in_scope(actor)).order_by(Centre.code)


def _centres(asked: Asked) -> list[dict[str, Any]]:
    areas = areas_by_code(asked.session)
    quarter = Quarter.of_day(asked.today)
    units = quarter_by_unit(asked.session, asked.actor, quarter, by="centre")
    counts = {unit.code: unit for unit in units}
    return [
        _centre(centre, areas) | _counts(quarter, counts[centre.code])
        for centre in asked.session.execute(_centres_asked(asked.actor))
        if centre.code in counts  # one made between the two queries comes next time
    ]


def _centre(centre: Row[*tuple[Any, ...]], areas: Mapping[str, Area]) -> dict[str, Any]:
    return {
        "id": str(centre.id),
        **_columns(centre, "code", "name", "plot_class", "status"),
        "place": place_name(areas, centre.subdistrict_code),
        **_columns(centre, "lat", "lon", "radius_m", "steward_name", "phone"),
    }


def _counts(quarter: Quarter, unit: UnitQuarter) -> dict[str, Any]:
    counts = asdict(unit)
    shown = {name: counts[name] for name in ("visits", "people", "followups", "photos")}
    return {"quarter": str(quarter), **shown}


def _due(asked: Asked) -> list[dict[str, Any]]:
    visits = asked.session.execute(_due_asked(asked.actor, asked.today))
    return [_due_visit(visit, asked.programme.followup_months) for visit in visits]


def _due_asked(actor: Actor, today: date) -> Select[*tuple[Any, ...]]:
    return due_on_phone(actor, today=today, days=DUE_DAYS)


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
    session, actor, since = asked.session, asked.actor, _since(asked.today)
    visits = session.execute(visits_on_phone(actor, since=since)).all()
    ids = [visit.id for visit in visits]
    checks = session.execute(followups_on_phone(actor, since=since, visit_ids=ids))
    photos = session.execute(photos_on_phone(actor, since=since, visit_ids=ids))
    counts = photo_counts(session, actor, "visit", ids)
    return {
        "visits": [_visit(visit, counts.get(visit.id, 0)) for visit in visits],
        "followups": [_followup(check) for check in checks],
        "photos": [_photo(photo) for photo in photos],
        "entries": entries_on_phone(session, _reader_of(asked)),
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


_SECTIONS: dict[str, Callable[[Asked], Any]] = {
    "account": lambda asked: account_facts(asked.actor),
    "programme": lambda asked: _programme(asked.programme),
    "centres": _centres,
    "rounds": lambda asked: rounds_told(asked.session, asked.actor, asked.programme, asked.today),
    "due": _due,
    "records": _records,
    "office": lambda asked: office_on_phone(asked.session, _reader_of(asked)),
}
