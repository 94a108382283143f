"""The board in words: what stands in a cell, what to do next, why a level is not reached."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import current_app, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_babel.speaklater import LazyString

from app.accounts.rules import Actor
from app.board.cells import UNSENT, Cell, CellState
from app.board.due import programme_of
from app.board.scale import Judged, JudgedLevel, Measure
from app.review.models import Submission
from app.review.phrases import STANDINGS
from app.rounds.calendar import Occurrence
from app.rounds.phrases import FACTS
from app.rounds.programme import Programme, choice_label, programme_key
from app.rounds.schema import Fact
from app.web.filters import number

# A state's badge (templates/_macros/badge.html), for a legend and for cells.
BADGES: Mapping[CellState, str] = {
    "not_open": "not_open", "draft": "due", "missing": "missing", "phone": "phone",
    "returned": "fixing", "submitted": "submitted", "accepted": "accepted", "waived": "waived",
}  # fmt: skip
STATE_WORDS: Mapping[str, LazyString] = {
    **STANDINGS,
    "missing": _l("Overdue"),
    "phone": _l("On a phone"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """What to do next, and where; `only_look`: nothing, but it can be looked at."""

    words: str
    url: str
    only_look: bool = False


def cell_words(cell: Cell, today: date) -> str:
    """The words of a cell's badge."""
    if cell.units > 1:
        return _("%(done)s of %(all)s centres", done=cell.arrived, all=cell.units)
    if cell.state == "phone":
        return ngettext("%(num)d on a phone", "%(num)d on phones", cell.on_phones)
    if cell.state == "returned" and cell.sent and cell.sent.to_mend:
        return ngettext("%(num)d item to fix", "%(num)d items to fix", cell.sent.to_mend)
    return str(STATE_WORDS[cell.state])


def when_words(cell: Cell, today: date) -> str:
    """How late or how soon, for what has not been sent or was sent late; else empty."""
    if cell.state in UNSENT:
        return days_words(cell.occurrence, today)
    return _("Sent late") if cell.late and cell.state != "waived" else ""


def days_words(occurrence: Occurrence, today: date) -> str:
    """Days left, or days late."""
    days = occurrence.days_left(today)
    if days < 0:
        return ngettext("%(num)d day late", "%(num)d days late", -days)
    if days == 0:
        return _("Due today")
    return ngettext("%(num)d day left", "%(num)d days left", days)


def next_step(cell: Cell | None, actor: Actor) -> Step | None:
    """What this reader does next about a cell; None where it is somebody else's turn."""
    programme = programme_of(cell.occurrence) if cell and cell.units == 1 else None
    if cell is None or programme is None or cell.state == "not_open":
        return None
    asked = {"programme": programme_key(programme), "occurrence": cell.occurrence.key}
    reviews = actor.role in ("reviewer", "admin")
    if cell.sent is None and reviews:
        return _step(_("Remind"), _url("reminders.text", **asked))
    page = _url("review.draft", **asked, unit=cell.unit_code)
    if cell.sent is None:
        return _step(_("Send"), page)
    page = _url("review.show", submission_id=cell.sent.id) or page
    if cell.state == "submitted" and reviews:
        return _step(_("Check"), page)
    if cell.state == "returned" and not reviews:
        return _step(_("Fix"), page)
    return _step(_("Look"), page, only_look=True)


def _step(words: str, url: str, *, only_look: bool = False) -> Step | None:
    return Step(words, url, only_look) if url else None


def submission_url(submission: Submission) -> str:
    """Where a submission is read; the district's board where the product has no such page."""
    return _url("review.show", submission_id=submission.id) or url_for(
        "boards.district", code=submission.district_code, quarter=submission.quarter
    )


def rank_words(judged: JudgedLevel | None, locale: str) -> str:
    """What the level is called; below the first there is none."""
    return judged.level.in_(locale) if judged else _("No level yet")


# Where what is missing is written down.
_DOORS: Mapping[Fact, str] = {
    "network_orders": "networks.index", "sectors_missing": "networks.index",
    "centres_assessed": "assessments.index", "centres_assessed_percent": "assessments.index",
    "centres_graded_percent": "assessments.index", "centres_raised_percent": "assessments.index",
    "plan_items": "plans.overview", "active_centres_percent": "activities.index",
    "visits": "visits.index", "followups": "followups.index",
    "months_publicised_percent": "publicity.index",
}  # fmt: skip


def need_label(judged: Judged, programme: Programme, locale: str) -> str:
    """What is counted, with the rounds or grades it is about."""
    need, label = judged.need, str(FACTS[judged.need.fact])
    titles = [one.title.in_(locale) for one in programme.rounds if one.key in need.rounds]
    grades = [choice_label(programme.grades, key, locale) for key in need.grades]
    about = ", ".join([*titles, *grades])
    return f"{label} ({about})" if about else label


def need_value(measure: Measure) -> str:
    """What was counted."""
    if measure.done is None:
        return _("nothing to count yet")
    if measure.of is None:
        return number(measure.done)
    return _("%(done)s of %(all)s", done=number(measure.done), all=number(measure.of))


def need_wanted(judged: Judged) -> str:
    """How much of it the level asks for."""
    need, share = judged.need, judged.need.fact.endswith("_percent")
    unit = "%" if share else ""
    if need.least is not None:
        if share and need.least == 100:
            return _("all of them")
        return _("at least %(n)s", n=number(need.least) + unit)
    return _("none") if not need.most else _("at most %(n)s", n=number(need.most) + unit)


def need_url(judged: Judged, district: str, quarter: str) -> str:
    """Where what is missing is written down; empty where there is no page for it."""
    if judged.need.fact == "reports_accepted_percent":
        return url_for("boards.district", code=district, quarter=quarter)
    endpoint = _DOORS.get(judged.need.fact, "")
    return _url(endpoint, district=district)


def _url(endpoint: str, **arguments: object) -> str:
    """The address of a page of another slice, if the product has it."""
    known = endpoint in current_app.view_functions
    return url_for(endpoint, **arguments) if known else ""  # type: ignore[arg-type]
