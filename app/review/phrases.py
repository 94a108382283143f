"""Reports in words: states, next steps, gaps and where to mend them, items and their facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.records.kinds import KINDS
from app.records.words import field_words, value_words, words_of
from app.review.content import LISTED, Content
from app.rounds.programme import Programme, choice_label
from app.visits.blueprint import shown_value
from app.web.filters import number
from app.web.locale import page_locale

STANDINGS = {
    "not_open": _l("Not open yet"),
    "draft": _l("Not sent yet"),
    "missing": _l("Overdue, not sent"),
    "submitted": _l("Received, to be checked"),
    "returned": _l("Needs fixing"),
    "accepted": _l("Accepted"),
    "waived": _l("Waived"),
}
# A standing's badge (templates/_macros/badge.html).
BADGES = {
    "not_open": "closed", "draft": "due", "missing": "missing", "submitted": "submitted",
    "returned": "fixing", "accepted": "accepted", "waived": "waived",
}  # fmt: skip
STEPS = {
    "submitted": _l("Sent"),
    "returned": _l("Returned"),
    "accepted": _l("Accepted"),
    "waived": _l("Waived"),
    "reopened": _l("Opened again"),
}
_FIELD_KINDS = {
    "visit": _l("Visitor book"), "followup": _l("Follow-ups"), "photo": _l("Photos"),
}  # fmt: skip
ICONS = {
    "network_order": "people", "assessment": "star", "plan_item": "board", "plan_result": "chart",
    "activity": "leaf", "visit": "book", "followup": "followup", "photo": "photo",
    "document": "file", "post": "link",
}  # fmt: skip
# Where a record of a kind is looked at, and what its id is called there.
_PAGES = {
    "visit": ("visits.show", "visit_id"), "followup": ("followups.show", "followup_id"),
    "photo": ("photos.show", "photo_id"), "activity": ("activities.show", "record_id"),
    "document": ("documents.show", "record_id"), "network_order": ("networks.show", "record_id"),
    "assessment": ("assessments.show", "record_id"), "plan_item": ("plans.show", "record_id"),
    "plan_result": ("plan_results.show", "record_id"), "post": ("publicity.show", "record_id"),
}  # fmt: skip
_NOTHING: tuple[object, ...] = (None, "", [])
_FACTS = {
    "grade": _l("Grade"), "before": _l("Grade before"), "percent": _l("Points, percent"),
    "people": _l("People"), "members": _l("Members"), "evidence": _l("Evidence"),
}  # fmt: skip
_DOORS = {
    "no_order": "networks.index", "sectors_missing": "networks.index",
    "order_without_scan": "networks.index", "centres_unassessed": "assessments.index",
    "no_plan_items": "plans.overview", "centres_unplanned": "plans.overview",
    "results_missing": "plans.overview", "no_activities": "activities.index",
    "no_visits": "visits.index", "centres_without_visits": "visits.index",
    "no_followups": "followups.index", "no_photos": "photos.index",
    "photos_awaited": "photos.index", "findings_unanswered": "findings.index",
    "no_posts": "publicity.index", "documents_awaited": "documents.index",
    "records_on_phones": "devices.index", "photos_on_phones": "devices.index",
}  # fmt: skip


_FIELD_FACTS = {  # of visits and follow-ups, which no kind declares
    "group_name": _l("Group"), "kind": _l("Came for"), "n_total": _l("People"),
    "topics": _l("Topics"), "used": _l("In use?"), "method": _l("How"),
    "n_followed": _l("Answered for"), "n_used": _l("Of these, using it"),
}  # fmt: skip


def kind_words(kind: str) -> str:
    """Many of a kind: "Visits"."""
    return str(_FIELD_KINDS.get(kind) or words_of(kind).many)


def item_url(kind: str, item_id: object) -> str | None:
    """Where a record is looked at; None where its slice has no page."""
    endpoint, name = _PAGES[kind]
    if endpoint not in current_app.view_functions:
        return None
    values: dict[str, Any] = {name: str(item_id)}
    return url_for(endpoint, **values)


def gap_url(code: str) -> str | None:
    """Where a gap is mended."""
    endpoint = _DOORS.get(code, "")
    return url_for(endpoint) if endpoint in current_app.view_functions else None


def gap_words(gap: Mapping[str, Any], programme: Programme) -> str:
    """What is missing, in a sentence."""
    count, code = int(gap["count"]), str(gap["code"])
    names = [str(name) for name in gap["names"]]
    if code == "sectors_missing":
        locale = page_locale()
        sectors = ", ".join(choice_label(programme.sectors, key, locale) for key in names)
        return _("No member from: %(sectors)s", sectors=sectors)
    words = _counted_gap(code, count) or str(_GAPS.get(code, code))
    return f"{words}: {_few(names)}" if names else words


def changes_of(now: Content, before: Content) -> dict[tuple[str, Any], str]:
    """What is new or changed in an edition: `added` or `changed`, by kind and id."""
    earlier = before.versions()
    return {
        key: "changed" if key in earlier else "added"
        for key, version in now.versions().items()
        if earlier.get(key) != version
    }


def fact_lines(kind: str, facts: Mapping[str, Any], programme: Programme) -> list[tuple[str, str]]:
    """An item's facts, each with what it is called; what has no words is left out."""
    if kind in LISTED:
        told = [(name, facts[name]) for name in _FIELD_FACTS if facts.get(name) not in _NOTHING]
        return [(str(_FIELD_FACTS[name]), shown_value(name, fact)) for name, fact in told]
    found = []
    known = {field.name for field in KINDS[kind].fields} if kind in KINDS else set()
    labels = field_words(kind)
    value = value_words(KINDS[kind], programme) if kind in KINDS else None
    for name, fact in facts.items():
        if fact in _NOTHING or name.endswith("_id"):
            continue
        if value and name in known and name in labels:
            found.append((str(labels[name]), value(name, fact)))
        elif name in _FACTS:
            found.append((str(_FACTS[name]), _plain_fact(name, fact, programme)))
    return found


def labeller(programme: Programme) -> Callable[[str, str | None], str]:
    """A function from a list of the programme and a key to the key's words."""
    locale = page_locale()
    return lambda name, key: choice_label(getattr(programme, name), key, locale)


def _plain_fact(name: str, fact: Any, programme: Programme) -> str:
    if name in ("grade", "before"):
        return choice_label(programme.grades, fact, page_locale())
    return number(fact) if isinstance(fact, int | float) else str(fact)


def _few(names: list[str]) -> str:
    shown = ", ".join(names[:6])
    left = len(names) - 6
    return shown if left <= 0 else _("%(some)s and %(num)d more", some=shown, num=left)


_GAPS = {
    "no_order": _l("No order appoints the district network yet"),
    "order_without_scan": _l("The order has no scanned file"),
    "no_plan_items": _l("The plan has no item yet"),
    "no_activities": _l("No activity in these days"),
    "no_visits": _l("Nobody wrote in a visitor book in these days"),
    "no_followups": _l("No follow-up in these days"),
    "no_photos": _l("No photo in these days"),
    "no_posts": _l("No post in these days"),
}


def _counted_gap(code: str, num: int) -> str | None:
    counted: dict[str, Callable[[], str]] = {
        "centres_unassessed": lambda: ngettext(
            "%(num)d centre is not assessed yet", "%(num)d centres are not assessed yet", num
        ),
        "centres_unplanned": lambda: ngettext(
            "%(num)d centre is not in the plan", "%(num)d centres are not in the plan", num
        ),
        "centres_without_visits": lambda: ngettext(
            "%(num)d centre without a visit", "%(num)d centres without a visit", num
        ),
        "results_missing": lambda: ngettext(
            "%(num)d item of the plan has no result yet",
            "%(num)d items of the plan have no result yet",
            num,
        ),
        "photos_awaited": lambda: ngettext(
            "%(num)d photo still on a phone", "%(num)d photos still on phones", num
        ),
        "documents_awaited": lambda: ngettext(
            "%(num)d file still on a phone", "%(num)d files still on phones", num
        ),
        "findings_unanswered": lambda: ngettext(
            "Questions about %(num)d photo are not answered",
            "Questions about %(num)d photos are not answered",
            num,
        ),
        "records_on_phones": lambda: ngettext(
            "%(num)d entry is still on a phone", "%(num)d entries are still on phones", num
        ),
        "photos_on_phones": lambda: ngettext(
            "%(num)d photo has not been sent from a phone",
            "%(num)d photos have not been sent from phones",
            num,
        ),
    }
    return counted[code]() if code in counted else None
