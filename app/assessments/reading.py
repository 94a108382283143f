"""How the centres of an area stand: the list, the spread of grades, and a table to take away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask import Response, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import current_actor
from app.accounts.rules import Actor
from app.areas.words import place_words
from app.assessments.pages import asked_year
from app.assessments.sheet import grade_tones
from app.assessments.standings import Spread, Standing, district_spreads, standings
from app.records.pages import district_choices
from app.rounds.programme import Programme, load_programme, programme_of_year
from app.rounds.queries import quarters_known
from app.shared.clock import bangkok_day, now
from app.shared.db import db
from app.shared.tables import CSV_TYPE, Column, Row, write_csv
from app.web.locale import page_locale

MOST_SHOWN = 150  # centres on one page: a large district has sixty
NOT_YET = "none"  # the filter's word for "no assessment this fiscal year"


def list_page() -> ResponseReturnValue:
    """Every open centre with its grade, those not yet assessed first; the spread of grades."""
    actor, year, district = current_actor(), asked_year(), _district()
    programme, locale = _programme(year), page_locale()
    rows = standings(db.session(), actor, year, district)
    wanted = request.args.get("grade", "")
    shown = [row for row in rows if _is_wanted(row, wanted)]
    return render_template(
        "assessments/index.html",
        rows=shown[:MOST_SHOWN],
        left_out=max(len(shown) - MOST_SHOWN, 0),
        total=len(rows),
        waiting=sum(row.grade is None for row in rows),
        wanted={"grade": wanted, "district": district, "year": year},
        asked={k: v for k, v in request.args.items() if v},
        years=_years(year),
        districts=district_choices(actor),
        spreads=_spreads(actor, year, district, programme),
        grades=[(one.key, one.in_(locale)) for one in programme.grades],
        tones=grade_tones(programme),
        place=place_words(),
        not_yet=NOT_YET,
        writes=actor.role in ("officer", "admin"),
    )


def csv_table() -> Response:
    """The same centres as CSV."""
    year, district = asked_year(), _district()
    rows = standings(db.session(), current_actor(), year, district)
    wanted = request.args.get("grade", "")
    table = _table([row for row in rows if _is_wanted(row, wanted)], _programme(year))
    return send_file(
        write_csv(_columns(), table), CSV_TYPE, as_attachment=True,
        download_name=f"assessments-{year}.csv",
    )  # fmt: skip


def _programme(year: int) -> Programme:
    return programme_of_year(year) or load_programme()


def _district() -> str:
    asked = request.args.get("district", "")
    return asked if asked.isascii() and asked.isdecimal() and len(asked) == 4 else ""


def _years(year: int) -> list[int]:
    """Fiscal years worth offering, newest first."""
    known = quarters_known(load_programme(), bangkok_day(now()))
    return sorted({year, *(quarter.fiscal_year for quarter in known)}, reverse=True)


def _is_wanted(row: Standing, grade: str) -> bool:
    return not grade or (row.grade is None if grade == NOT_YET else row.grade == grade)


def _spreads(
    actor: Actor, year: int, district: str, programme: Programme
) -> list[tuple[str, Spread, bool]]:
    """Name, spread and whether it is the whole: the districts in view, then the province."""
    if actor.centre_id:
        return []
    session, name = db.session(), place_words()
    province = actor.area_code[:2]
    found = district_spreads(session, province, year, [one.key for one in programme.grades])
    own = district or (actor.area_code if len(actor.area_code) == 4 else "")
    districts = sorted(code for code in found if len(code) == 4 and code.startswith(own))
    whole = [(name(province) if province else _("All provinces"), found[province], True)]
    return [(name(code), found[code], False) for code in districts] + whole


def _columns() -> list[Column]:
    return [
        Column(_("Centre code"), 10), Column(_("Centre"), 30), Column(_("Place of the centre"), 30),
        Column(_("Day of the assessment"), 14), Column(_("Percent"), 8),
        Column(_("Grade proposed"), 20), Column(_("Grade decided"), 20),
    ]  # fmt: skip


def _table(rows: Sequence[Standing], programme: Programme) -> Iterator[Row]:
    place, locale = place_words(), page_locale()
    words: dict[Any, str] = {one.key: one.in_(locale) for one in programme.grades}
    for row in rows:
        yield (
            row.code, row.name, place(row.subdistrict_code), row.assessed_on, row.percent,
            words.get(row.proposed, row.proposed), words.get(row.decided, row.decided),
        )  # fmt: skip
