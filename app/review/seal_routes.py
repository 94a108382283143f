"""A quarter is sealed, district by district, with what is still open beside each."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import allow, current_actor
from app.areas.queries import areas_under
from app.review import sealing, service
from app.review.blueprint import REVIEWERS, bp
from app.review.desk_routes import quarters_due
from app.review.forms import WordsForm
from app.rounds.programme import programme_key, programme_of_year
from app.rounds.words import occurrence_title
from app.shared.clock import Quarter, bangkok_day, now
from app.shared.db import db
from app.shared.errors import DomainError, NotFound, Problem
from app.shared.work import work
from app.web.asked import asked_quarter
from app.web.locale import page_locale


@bp.get("/review/quarters")
@allow(*REVIEWERS)
def quarters() -> ResponseReturnValue:
    """The districts of a quarter: what is open in each, and the seal that is on it."""
    known = quarters_due()
    today = Quarter.of_day(bangkok_day(now()))
    return _page(asked_quarter() or next((one for one in known if one <= today), today))


@bp.post("/review/quarters/<quarter>/<district>/seal")
@allow(*REVIEWERS)
def seal(quarter: str, district: str) -> ResponseReturnValue:
    """Close a district's quarter, with the reason."""
    of, form = _asked(quarter, district), WordsForm()
    if not form.validate_on_submit():
        return _page(of, district, form)
    try:
        with work() as w:
            service.seal(
                w.session, district, of, reason=form.reason.data or "",
                although_open=bool(form.although_open.data), actor=current_actor(), now=now(),
            )  # fmt: skip
    except NotFound:
        raise
    except DomainError as refusal:
        form.refuse([Problem("", refusal.code, refusal.facts)])
        return _page(of, district, form)
    flash(_("The quarter is sealed for this district."), "done")
    return redirect(url_for(".quarters", quarter=quarter), code=303)


@bp.post("/review/quarters/<quarter>/<district>/unseal")
@allow(*REVIEWERS)
def unseal(quarter: str, district: str) -> ResponseReturnValue:
    """Open a closed quarter again, with the reason."""
    of, form = _asked(quarter, district), WordsForm()
    if not form.validate_on_submit():
        return _page(of, district, form)
    with work() as w:
        service.unseal(
            w.session, district, of, reason=form.reason.data or "", actor=current_actor(), now=now()
        )
    flash(_("The quarter is open again for this district."), "done")
    return redirect(url_for(".quarters", quarter=quarter), code=303)


def _asked(quarter: str, district: str) -> Quarter:
    """The quarter in the address.  Raises NotFound: none, or not for this reader."""
    known = areas_under(db.session(), current_actor().area_code[:4], "district")
    try:
        found = Quarter.parse(quarter)
    except ValueError:
        raise NotFound(kind="quarter") from None
    if district not in {area.code for area in known}:
        raise NotFound(kind="district")
    return found


def _page(
    quarter: Quarter, district: str = "", form: WordsForm | None = None
) -> ResponseReturnValue:
    actor, session, locale = current_actor(), db.session(), page_locale()
    programme = programme_of_year(quarter.fiscal_year)
    html = render_template(
        "review/quarters.html",
        quarter=quarter,
        quarters=quarters_due(),
        districts=areas_under(session, actor.area_code[:4], "district"),
        left=sealing.open_of_quarter(session, actor, quarter),
        seals=sealing.seals_of_quarter(session, actor, quarter),
        programme_key=programme_key(programme) if programme else "",
        title_of=occurrence_title,
        blank=WordsForm(formdata=None),
        refused=(district, form),
        locale=locale,
    )
    return html, 422 if form is not None and (form.errors or form.form_errors) else 200
