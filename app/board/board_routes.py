"""The board's pages: all districts of a province, one district with its centres, and the table."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask import Blueprint, abort, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.access import allow, current_actor
from app.accounts.rules import Actor
from app.areas.queries import areas_by_code, place_name
from app.board import words
from app.board.board import Board, board_of, within
from app.board.cells import STATES
from app.board.due import Calendar, calendar_of, quarters_offered, usual_quarter
from app.board.duties import duties_of
from app.board.owed import owed_now
from app.board.queries import totals
from app.board.sheet import lines_by_centre, sent_of
from app.rounds.programme import choice_label
from app.rounds.words import occurrence_title
from app.shared.clock import bangkok_day, now
from app.shared.db import db
from app.shared.tables import CSV_TYPE, Column, Row, write_csv
from app.web import nav
from app.web.asked import asked_quarter
from app.web.filters import quarter_label, thai_day
from app.web.locale import page_locale

bp = Blueprint("boards", __name__)
nav.register("boards.index", _l("Board"), "board", ("officer", "reviewer", "admin"), order=5)
LATE_SHOWN_DAYS = 31  # what the lines on top tell; the table tells the rest


@bp.get("/board")
@allow("officer", "reviewer", "admin")
def index() -> ResponseReturnValue:
    """A quarter's board: districts by rounds.  An officer's is that of the own district."""
    actor = current_actor()
    if actor.role == "officer":
        return redirect(url_for(".district", code=actor.area_code[:4], quarter=asked_quarter()))
    calendar, today = _calendar(), _today()
    board = board_of(db.session(), actor, calendar, today)
    owed = owed_now(db.session(), actor, board.units, today, late_days=LATE_SHOWN_DAYS)
    return render_template(
        "board/index.html",
        board=board,
        owed=owed,
        sum=totals(board.figures),
        figures={unit.code: unit for unit in board.figures},
        **_shown(actor, calendar, today),
    )


@bp.get("/board/<code>")
@allow("officer", "reviewer", "admin")
def district(code: str) -> ResponseReturnValue:
    """One district: its own rounds, its rank with reasons, its centres by duties."""
    seen = within(current_actor(), code)
    calendar, today, session = _calendar(), _today(), db.session()
    board = board_of(session, seen, calendar, today)
    if not board.lines:
        abort(404)
    return render_template(
        "board/district.html",
        board=board,
        line=board.lines[0],
        rank=board.ranks.get(code),
        duties=duties_of(session, seen, calendar, today),
        centre_lines=_centre_lines(board, seen, today),
        unsent=board.units.unsent.get(code),
        **_shown(seen, calendar, today),
    )


@bp.get("/board.csv")
@allow("officer", "reviewer", "admin")
def as_csv() -> ResponseReturnValue:
    """The board's cells, one row each: to sort and count elsewhere."""
    calendar, today = _calendar(), _today()
    board = board_of(db.session(), current_actor(), calendar, today)
    file = write_csv(_columns(), _rows(board, today))
    name = f"board-{calendar.quarter}.csv"
    return send_file(file, CSV_TYPE, as_attachment=True, download_name=name)


def _centre_lines(board: Board, seen: Actor, today: date) -> dict[str, Any]:
    """What centres owe themselves, by code; empty where they owe nothing."""
    owed = [one for one in board.due if one.level == "centre"]
    if not owed:
        return {}
    sent = sent_of(db.session(), seen, board.calendar.key, [one.key for one in owed])
    return {line.unit.code: line for line in lines_by_centre(board.units, owed, sent, today)}


def _shown(actor: Actor, calendar: Calendar, today: date) -> dict[str, Any]:
    """What every page of the board says things with."""
    locale, programme = page_locale(), calendar.programme
    areas = areas_by_code(db.session())
    return {
        "calendar": calendar,
        "quarter": calendar.quarter,
        "quarters": quarters_offered(today),
        "programme": programme,
        "today": today,
        "locale": locale,
        "place": place_name(areas, actor.area_code, locale),
        "states": STATES,
        "words": words,
        "step_of": words.next_step,
        "grade_words": lambda key: choice_label(programme.grades if programme else (), key, locale),
    }


def _calendar() -> Calendar:
    return calendar_of(asked_quarter() or usual_quarter(_today()))


def _today() -> date:
    return bangkok_day(now())


def _columns() -> list[Column]:
    """Headings, in the order of `_rows`."""
    return [
        Column(_("Quarter"), 12),
        Column(_("District"), 20),
        Column(_("Code"), 12),
        Column(_("Report"), 50),
        Column(_("Due"), 14),
        Column(_("State"), 20),
        Column(_("Sent late"), 10),
        Column(_("Items to fix"), 10),
        Column(_("Not sent, on phones"), 10),
        Column(_("Level"), 30),
    ]


def _rows(board: Board, today: date) -> Iterator[Row]:
    locale = page_locale()
    for line in board.lines:
        rank = board.ranks.get(line.unit.code)
        level = words.rank_words(rank.here, locale) if rank else None
        for cell in line.single:
            if cell.occurrence.quarter != board.quarter:
                continue
            yield (
                quarter_label(board.quarter, "short"), line.unit.name_in(locale), cell.unit_code,
                occurrence_title(cell.occurrence), thai_day(cell.occurrence.due_by),
                str(words.STATE_WORDS[cell.state]), _("Yes") if cell.late else _("No"),
                cell.sent.to_mend if cell.sent else 0, cell.on_phones, level,
            )  # fmt: skip
