"""The programme in words: lists, the scale, why a due day moved, what is wrong in a file."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.rounds.calendar import Occurrence, closed_days
from app.rounds.faults import SENTENCES, Fault
from app.rounds.programme import choice_label
from app.rounds.schema import Fact, Need, Programme
from app.shared.thai import MONTHS_SHORT
from app.web.filters import MONTHS_EN, number, thai_day
from app.web.locale import page_locale

LISTS: Mapping[str, LazyString] = {
    "five_p": _l("Sides that are developed"),
    "strategies": _l("Strategies"),
    "grades": _l("Grades"),
    "sectors": _l("Partner sectors"),
    "plot_classes": _l("Classes of plots"),
    "visit_kinds": _l("Kinds of visits"),
    "visitor_sectors": _l("Sectors of visitors"),
    "topics": _l("Topics"),
    "followup_methods": _l("Ways of following up"),
    "followup_uses": _l("Whether it is used"),
    "outcomes": _l("Outcomes"),
    "activity_kinds": _l("Kinds of activities"),
    "document_kinds": _l("Kinds of documents"),
    "order_acts": _l("What an order does"),
    "budget_sources": _l("Sources of budget"),
    "channels": _l("Channels"),
    "return_reasons": _l("Reasons to return something"),
    "waive_reasons": _l("Reasons to waive something"),
    "assessment.criteria": _l("Criteria of the assessment"),
}
LEVELS = {"centre": _l("Centre"), "district": _l("District")}
GATHERED = {
    "visits": _l("Visits"),
    "followups": _l("Follow-ups"),
    "photos": _l("Photos"),
    "activities": _l("Activities"),
    "documents": _l("Documents"),
    "networks": _l("Network orders"),
    "assessments": _l("Assessments"),
    "plan_items": _l("Items in the plan"),
    "plan_results": _l("Results of the plan"),
    "posts": _l("Publicity"),
}
FACTS: Mapping[Fact, LazyString] = {
    "network_orders": _l("Network orders of the fiscal year"),
    "sectors_missing": _l("Partner sectors without a member"),
    "centres_assessed": _l("Centres assessed"),
    "centres_assessed_percent": _l("Centres assessed"),
    "centres_graded_percent": _l("Centres whose grade the province confirmed"),
    "centres_raised_percent": _l("Centres raised to a better grade"),
    "plan_items": _l("Items in the plan"),
    "reports_accepted_percent": _l("Reports accepted"),
    "active_centres_percent": _l("Centres with an activity and its photos"),
    "visits": _l("Entries in the visitor book"),
    "followups": _l("Follow-ups of learners"),
    "months_publicised_percent": _l("Months with publicity"),
}


def need_words(need: Need, programme: Programme) -> str:
    """One thing that a level asks for: what is counted, of what, and how much."""
    locale = page_locale()
    titles = [one.title.in_(locale) for one in programme.rounds if one.key in need.rounds]
    grades = [choice_label(programme.grades, key, locale) for key in need.grades]
    about = ", ".join([*titles, *grades])
    counted = f"{FACTS[need.fact]} ({about})" if about else str(FACTS[need.fact])
    return f"{counted}: {_bound(need)}"


def due_title(due: Occurrence) -> str:
    """The round's title, with its month where it recurs."""
    locale = page_locale()
    title = due.title.in_(locale)
    if due.month is None:
        return title
    months = MONTHS_SHORT if locale == "th" else MONTHS_EN
    return f"{title} {months[due.month.month - 1]}"


def why_moved(due: Occurrence, programme: Programme) -> str:
    """The days without offices over which a due day moved; empty where it did not."""
    days = [
        f"{thai_day(closed.day)} ({_reason(closed.holiday, closed.day.weekday())})"
        for closed in closed_days(due, programme, page_locale())
    ]
    return _("Offices are closed on %(days)s", days=", ".join(days)) if days else ""


def fault_words(fault: Fault) -> str:
    """What is wrong, in the reader's language."""
    return _(SENTENCES[fault.code]) % fault.facts


def _bound(need: Need) -> str:
    share = need.fact.endswith("_percent")
    unit = "%" if share else ""
    if need.least is not None:
        if share and need.least == 100:
            return _("all of them")
        return _("at least %(n)s", n=number(need.least) + unit)
    return _("none") if not need.most else _("at most %(n)s", n=number(need.most) + unit)


def _reason(holiday: str | None, weekday: int) -> str:
    if holiday:
        return holiday
    if holiday == "":
        return _("declared a holiday")
    return _("Saturday") if weekday == 5 else _("Sunday")
