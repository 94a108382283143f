"""What an assessment is made of."""

from __future__ import annotations

from app.assessments.models import Assessment
from app.assessments.rules import result_of
from app.records.draft import Draft
from app.records.fields import Field
from app.records.kinds import RecordKind, register_kind
from app.rounds.programme import Programme
from app.shared.errors import Problem

SCORE = (
    Field("criterion", "choice", needed=True, offered="assessment.criteria"),
    Field("points", "whole", needed=True, most=100),
    Field("note", "lines", longest=1_000),
    Field("evidence", "refs"),
)
FIELDS = (
    Field("assessed_on", "day", needed=True),
    Field("fiscal_year", "whole", needed=True, least=2560, most=2699),
    Field("assessor", "text", needed=True),
    Field("co_assessors", "lines", longest=600),
    Field("scores", "rows", needed=True, columns=SCORE),
    Field("problems", "lines"),
    Field("needs", "lines"),
    Field("strategies", "choices", offered="strategies"),
    Field("target_grade", "choice", offered="grades"),
    Field("proposed_grade", "choice", needed=True, offered="grades"),
)


def check(draft: Draft, programme: Programme) -> list[Problem]:
    """Every criterion once, with points that its sentences know."""
    form, seen, problems = programme.assessment, set(), []
    offered = {c.key: {a.points for a in form.anchors_of(c)} for c in form.criteria}
    for place, row in enumerate(draft.values["scores"]):
        key = row["criterion"]
        if key in seen:
            problems.append(Problem(f"scores-{place}-criterion", "repeated"))
        if key in offered and row["points"] is not None and row["points"] not in offered[key]:
            problems.append(Problem(f"scores-{place}-points", "not_a_choice"))
        seen.add(key)
    if missing := offered.keys() - seen:
        problems.append(Problem("scores", "criteria_missing", {"count": len(missing)}))
    return problems


def derive(draft: Draft, programme: Programme) -> dict[str, object]:
    """Points and grade; what the reviewer decided was about the version before."""
    result = result_of(draft.values["scores"], programme)
    return {
        "points": result.points,
        "percent": result.percent,
        "sides": dict(result.sides),
        "computed_grade": result.grade,
        "decided_grade": None,
    }


ASSESSMENT = register_kind(
    RecordKind(
        name="assessment",
        model=Assessment,
        fields=FIELDS,
        day="assessed_on",
        level="centre",
        writers=("officer", "admin"),
        searched=("assessor", "problems", "needs"),
        check=check,
        derive=derive,
    )
)
