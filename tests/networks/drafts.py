"""Network orders for tests: an ordinary one, but for what a test says."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from app.networks.kinds import NETWORK_ORDER
from app.records.draft import Draft
from app.rounds.programme import load_programme
from app.shared.ids import new_id
from app.shared.record import Capture

NOW = datetime(2024, 2, 13, 3, 0, tzinfo=UTC)
PROGRAMME = load_programme()


def member(sector: str, name: str = "นายบุญมี ใจเย็น", phone: str | None = None) -> dict[str, Any]:
    """One line of an order."""
    return {"name": name, "organisation": None, "sector": sector, "role": None, "phone": phone}


def make_order(*sectors: str, district: str = "5606", **facts: Any) -> Draft:
    """An order of January 2567 with a member of each of `sectors`."""
    values: dict[str, Any] = {
        "order_no": "14/2567",
        "dated_on": date(2024, 1, 22),
        "fiscal_year": 2567,
        "act": "appoint",
        "members": [member(sector) for sector in sectors],
        "note": None,
    }
    return Draft(
        kind=NETWORK_ORDER.name,
        id=new_id(),
        district_code=district,
        values=values | facts,
        capture=Capture(at=NOW),
        programme_version=PROGRAMME.name,
    )
