"""The centre's grade on its page, with the radar and the way to assess it."""

from __future__ import annotations

from flask import Flask, render_template

from app.accounts.access import current_actor
from app.assessments.queries import history_of_centre
from app.assessments.sheet import grade_tones, radar_for
from app.centres.models import Centre
from app.rounds.programme import choice_label, load_programme, programme_named
from app.shared.clock import Quarter, bangkok_day, now
from app.shared.db import db
from app.shared.panels import register_panel
from app.web.locale import page_locale


def init_app(_app: Flask) -> None:
    """Show a centre's grade on its page."""
    register_panel("centre", centre_grade, order=15)


def centre_grade(centre: Centre) -> str:
    """The grade that counts now, what came before it, and the link to assess."""
    held = history_of_centre(db.session(), centre.id)
    newest, locale = (held[0] if held else None), page_locale()
    programme = programme_named(newest.programme_version) if newest else load_programme()
    before = held[1] if len(held) > 1 else None
    return render_template(
        "assessments/_panel.html",
        centre=centre,
        newest=newest,
        held=held,
        radar=radar_for(newest.sides, before.sides if before else None, programme, locale)
        if newest
        else None,
        programme=programme,
        grade_name=choice_label(programme.grades, newest.grade, locale) if newest else "",
        tones=grade_tones(programme),
        this_year=Quarter.of_day(bangkok_day(now())).fiscal_year,
        writes=current_actor().role in ("officer", "admin"),
    )
