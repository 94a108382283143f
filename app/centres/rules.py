"""What a centre may be.  Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import get_args

from app.centres.models import CentreStatus
from app.rounds.programme import Programme, load_programme
from app.shared.errors import Problem
from app.shared.geo import in_thailand, is_place
from app.shared.personal import normal_phone

TEXT_MAX = {"name": 160, "village": 80, "steward_name": 120, "budget_source": 160}  # code points
_CODE = re.compile(r"[0-9]{4}-[0-9]{3,4}")


@dataclass(frozen=True, slots=True)
class CentreDraft:
    """A centre as typed or imported, before it is judged."""

    code: str
    name: str
    plot_class: str
    subdistrict_code: str
    lat: float | None
    lon: float | None
    status: str = "active"
    radius_m: float = 200.0
    steward_name: str | None = None
    phone: str | None = None
    moo: int | None = None
    village: str | None = None
    size_rai: Decimal | None = None
    budget_source: str | None = None
    budget_year: int | None = None


def check_centre(draft: CentreDraft, programme: Programme | None = None) -> list[Problem]:
    """Every reason to refuse the centre, in form order; of a class of the programme in force."""
    problems = []
    classes = {choice.key for choice in (programme or load_programme()).plot_classes}
    if not _CODE.fullmatch(draft.code):
        problems.append(Problem("code", "centre_code_invalid"))
    elif draft.code[:4] != draft.subdistrict_code[:4]:
        problems.append(Problem("code", "centre_code_district"))
    problems += _check_names(draft)
    if draft.plot_class not in classes:
        problems.append(Problem("plot_class", "unknown_choice"))
    if draft.status not in get_args(CentreStatus):
        problems.append(Problem("status", "unknown_choice"))
    problems += _check_place(draft)
    if draft.phone and normal_phone(draft.phone) is None:
        problems.append(Problem("phone", "phone_invalid"))
    if draft.budget_year is not None and not 2540 <= draft.budget_year <= 2699:
        problems.append(Problem("budget_year", "out_of_range", {"min": 2540, "max": 2699}))
    if draft.size_rai is not None and not 0 < draft.size_rai <= 10_000:
        problems.append(Problem("size_rai", "out_of_range", {"min": 0, "max": 10_000}))
    return problems


def _check_names(draft: CentreDraft) -> list[Problem]:
    problems = []
    if not draft.name.strip():
        problems.append(Problem("name", "required"))
    for field, longest in TEXT_MAX.items():
        if len(getattr(draft, field) or "") > longest:
            problems.append(Problem(field, "too_long", {"max": longest}))
    if draft.moo is not None and not 1 <= draft.moo <= 99:
        problems.append(Problem("moo", "out_of_range", {"min": 1, "max": 99}))
    return problems


def _check_place(draft: CentreDraft) -> list[Problem]:
    if draft.lat is None or draft.lon is None:
        return [Problem("lat", "required")]
    if not is_place(draft.lat, draft.lon):
        return [Problem("lat", "not_a_place")]
    if not in_thailand(draft.lat, draft.lon):
        return [Problem("lat", "outside_thailand")]
    if not 50 <= draft.radius_m <= 5000:
        return [Problem("radius_m", "out_of_range", {"min": 50, "max": 5000})]
    return []
