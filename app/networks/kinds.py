"""What a network order is made of."""

from __future__ import annotations

from app.networks.models import NetworkOrder
from app.records.draft import Draft
from app.records.fields import Field
from app.records.kinds import RecordKind, register_kind
from app.rounds.programme import Programme
from app.shared.errors import Problem
from app.shared.personal import normal_phone

MEMBER = (
    Field("name", "text", needed=True, longest=120),
    Field("organisation", "text", longest=160),
    Field("sector", "choice", needed=True, offered="sectors"),
    Field("role", "text", longest=120),
    Field("phone", "text", longest=24),
)
FIELDS = (
    Field("order_no", "text", needed=True, longest=60),
    Field("dated_on", "day", needed=True),
    Field("fiscal_year", "whole", needed=True, least=2560, most=2699),
    Field("act", "choice", needed=True, offered="order_acts"),
    Field("members", "rows", needed=True, columns=MEMBER, personal=True),
    Field("note", "lines"),
)


def check(draft: Draft, _programme: Programme) -> list[Problem]:
    """What the fields alone cannot tell."""
    return [
        Problem(f"members-{place}-phone", "phone_invalid")
        for place, member in enumerate(draft.values["members"])
        if member["phone"] and not normal_phone(member["phone"])
    ]


def derive(draft: Draft, programme: Programme) -> dict[str, object]:
    """Which sectors have a member, in the programme's order; phones in one spelling."""
    members = draft.values["members"]
    present = {member["sector"] for member in members}
    return {
        "sectors": [sector.key for sector in programme.sectors if sector.key in present],
        "members": [m | {"phone": normal_phone(m["phone"] or "")} for m in members],
    }


NETWORK_ORDER = register_kind(
    RecordKind(
        name="network_order",
        model=NetworkOrder,
        fields=FIELDS,
        day="dated_on",
        level="district",
        writers=("officer", "admin"),
        searched=("order_no", "note"),
        check=check,
        derive=derive,
    )
)
