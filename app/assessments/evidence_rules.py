"""Which evidence is missing, and what that does to a grade.  Pure; the phone has a twin.

Evidence is wanted where a criterion gets much: from its third sentence on ("in real use").  What
the application has counted itself - visits, follow-ups, activities, posts - needs no attaching.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.assessments.rules import Scores
from app.rounds.schema import AssessmentForm, Criterion, Programme

ASKED_FROM = 2  # the place of the sentence, counted from 0, from which on evidence is asked for
COUNTED = ("visits", "followups", "activities", "posts")


@dataclass(frozen=True, slots=True)
class Found:
    """What there is: ids of photos and documents, and what the centre's year adds up to."""

    photos: Collection[str] = ()
    documents: Collection[str] = ()
    counts: Mapping[str, int] = field(default_factory=dict)  # of COUNTED


@dataclass(frozen=True, slots=True)
class Missing:
    """One piece of evidence that a criterion asks for and does not have."""

    criterion: str
    what: str
    least: int
    found: int


def asked_from(form: AssessmentForm, criterion: Criterion) -> int:
    """From how many points on the criterion asks for its evidence."""
    anchors = form.anchors_of(criterion)
    return anchors[min(ASKED_FROM, len(anchors) - 1)].points


def missing_evidence(scores: Scores, programme: Programme, found: Found) -> list[Missing]:
    """Every piece that is asked for and not there, in the form's order."""
    rows = {row["criterion"]: row for row in scores}
    missing = []
    for criterion in programme.assessment.criteria:
        row = rows.get(criterion.key, {})
        if (row.get("points") or 0) < asked_from(programme.assessment, criterion):
            continue
        for wanted in criterion.wants:
            count = _count(wanted.what, row, found)
            if count < wanted.least:
                missing.append(Missing(criterion.key, wanted.what, wanted.least, count))
    return missing


def grade_with_evidence(grade: str, missing: Collection[object], programme: Programme) -> str:
    """The grade that the points give, or the next one below that can do without what is missing."""
    keys = [one.key for one in programme.grades]
    if not missing or grade not in keys:
        return grade
    below = programme.grades[keys.index(grade) :]
    return next((one.key for one in below if not one.evidence_needed), keys[-1])


def _count(what: str, row: Mapping[str, Any], found: Found) -> int:
    if what in COUNTED:
        return found.counts.get(what, 0)
    evidence = row.get("evidence") or ()
    note = row.get("note") or ""
    if what == "photos":
        return sum(one in found.photos for one in evidence)
    if what == "documents":
        return sum(one in found.documents for one in evidence)
    if what == "link":
        return note.count("https://") + note.count("http://")
    return int(bool(note.strip()))  # a note: one, however long
