"""Who may ask for what, and what a request must say.  Pure."""

from __future__ import annotations

from app.accounts.rules import Actor
from app.packets.frozen.content import Options, Scope
from app.shared.errors import Problem
from app.shared.personal import holds_id_number

DIGITS = ("thai", "arabic")
PHOTOS_PER_PAGE = (2, 4, 6)
REASON_MAX = 300
WHY_MIN = 10  # characters: "audit 2567" is a reason, "ok" is none
MAY_UNMASK = ("officer", "reviewer", "admin")  # each within the own area


def may_unmask(actor: Actor, scope: Scope, centre_area: str | None = None) -> bool:
    """Whether the actor may have names and numbers of the unit's visitors in a packet.

    `centre_area`: the subdistrict of a unit that is one centre, whose code names no area.
    """
    area = scope.code if scope.kind != "centre" else centre_area
    return actor.role in MAY_UNMASK and area is not None and actor.sees_area(area)


def check_request(options: Options, reason: str | None) -> list[Problem]:
    """List every reason to refuse a request, in form order."""
    problems = []
    if options.digits not in DIGITS:
        problems.append(Problem("digits", "not_a_choice"))
    if options.photos_per_page not in PHOTOS_PER_PAGE:
        problems.append(Problem("photos_per_page", "not_a_choice"))
    return problems + _check_reason((reason or "").strip(), needed=options.unmasked)


def _check_reason(reason: str, *, needed: bool) -> list[Problem]:
    if len(reason) > REASON_MAX:
        return [Problem("reason", "too_long", {"max": REASON_MAX})]
    if holds_id_number(reason):
        return [Problem("reason", "national_id_refused")]
    if needed and len(reason) < WHY_MIN:
        return [Problem("reason", "unmasked_needs_a_reason", {"min": WHY_MIN})]
    return []
