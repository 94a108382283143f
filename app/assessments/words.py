"""What an assessment and its fields are called, and how evidence is counted in words."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.assessments.evidence_rules import Missing
from app.records.words import register_words

LABELS = {
    "assessed_on": _l("Day of the assessment"),
    "fiscal_year": _l("Fiscal year"),
    "assessor": _l("Assessor"),
    "co_assessors": _l("Assessed together with"),
    "scores": _l("Points by indicator"),
    "scores.criterion": _l("Indicator"),
    "scores.points": _l("Points"),
    "scores.note": _l("Note"),
    "scores.evidence": _l("Evidence"),
    "problems": _l("Problems"),
    "needs": _l("Needs"),
    "strategies": _l("Strategy"),
    "target_grade": _l("Grade aimed at"),
    "proposed_grade": _l("Grade proposed"),
}
WORDS = register_words(
    "assessment",
    title=_l("Assessment"),
    many=_l("Assessments of the centres"),
    new=_l("Assess a centre"),
    labels=LABELS,
)
EVIDENCE = {
    "photos": _l("photo"),
    "documents": _l("document"),
    "link": _l("link in the note"),
    "note": _l("note"),
    "visits": _l("visit in the visitor book"),
    "followups": _l("follow-up"),
    "activities": _l("activity"),
    "posts": _l("post"),
}


def counted_words(what: str, count: int) -> str:
    """How much the application has counted itself."""
    if what == "visits":
        return ngettext("%(num)d visit this fiscal year", "%(num)d visits this fiscal year", count)
    if what == "followups":
        return ngettext(
            "%(num)d follow-up this fiscal year", "%(num)d follow-ups this fiscal year", count
        )
    if what == "activities":
        return ngettext(
            "%(num)d activity this fiscal year", "%(num)d activities this fiscal year", count
        )
    return ngettext("%(num)d post this fiscal year", "%(num)d posts this fiscal year", count)


def missing_words(missing: Missing) -> str:
    """One piece that is missing: `photo (1 of 2)`."""
    what = str(EVIDENCE.get(missing.what, missing.what))
    if missing.least == 1:
        return what
    return _(
        "%(what)s (%(found)s of %(least)s)", what=what, found=missing.found, least=missing.least
    )
