"""What an activity is made of."""

from __future__ import annotations

from app.activities.models import Activity
from app.records.draft import Draft
from app.records.fields import Field
from app.records.kinds import RecordKind, register_kind
from app.rounds.programme import Programme
from app.shared.errors import Problem
from app.visits.rules import MOST_PEOPLE

FIELDS = (
    Field("kind", "choice", needed=True, offered="activity_kinds"),
    Field("title", "text", needed=True),
    Field("held_on", "day", needed=True),
    Field("ended_on", "day"),
    Field("sides", "choices", needed=True, offered="five_p"),
    Field("n_male", "whole", most=MOST_PEOPLE),
    Field("n_female", "whole", most=MOST_PEOPLE),
    Field("n_youth", "whole", most=MOST_PEOPLE),
    Field("lead", "text"),
    Field("partners", "choices", offered="sectors"),
    Field("result", "lines"),
    Field("problems", "lines"),
    Field("plan_item_id", "ref"),
)


def check(draft: Draft, _programme: Programme) -> list[Problem]:
    """What the fields alone cannot tell."""
    told = draft.values
    problems = []
    if told["ended_on"] and told["held_on"] and told["ended_on"] < told["held_on"]:
        problems.append(Problem("ended_on", "ends_before_start"))
    total = (told["n_male"] or 0) + (told["n_female"] or 0)
    if (told["n_youth"] or 0) > total:
        problems.append(Problem("n_youth", "more_than_total", {"total": total}))
    return problems


def derive(draft: Draft, _programme: Programme) -> dict[str, object]:
    """Numbers not given are nobody; the total is their sum."""
    counts = {name: draft.values[name] or 0 for name in ("n_male", "n_female", "n_youth")}
    return counts | {"n_total": counts["n_male"] + counts["n_female"]}


ACTIVITY = register_kind(
    RecordKind(
        name="activity",
        model=Activity,
        fields=FIELDS,
        day="held_on",
        level="centre",
        writers=("volunteer", "officer", "admin"),
        searched=("title", "lead", "result"),
        check=check,
        derive=derive,
    )
)
